//! What a portrait costs, beside what others would do: a straightforward Python version of the same steps, and
//! photobooth-app's background removal. One process each, so that its peak memory is its own.

use crate::photos::PhotoSet;
use crate::pictures;
use crate::python;
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use clap::Args;
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// Photos of the list for these numbers of faces; of one face it is the astronaut.
const GROUPS: [(usize, &str); 2] = [(3, "three-lounge"), (5, "five-outdoors")];
const SIZES: [&str; 2] = ["2400x3200", "300x400"];
/// What the Python version wears.
const COSTUME: &str = "themes/greek/costumes/hero";
const BACKDROP: &str = "themes/greek/backdrops/sunset-terrace.jpg";

#[derive(Args)]
pub struct Options {
    /// Only these themes [default: all].
    #[arg(long)]
    theme: Vec<String>,
    /// How many portraits are measured, after one that is not.
    #[arg(long, default_value_t = 5)]
    repeat: usize,
    /// Leaves the Python versions out.
    #[arg(long)]
    no_peers: bool,
}

/// What a program says of its portraits: medians.
#[derive(Deserialize)]
struct Figures {
    steps: Vec<StepTime>,
    total_ms: f64,
    networks_ms: Option<f64>,
    faces: Option<usize>,
    peak_mib: Option<u64>,
}

#[derive(Deserialize)]
struct StepTime {
    step: String,
    duration_ms: f64,
}

/// Everything that measures one photo at one size.
struct Bench<'a> {
    workspace: &'a Workspace,
    options: &'a Options,
    shell: Shell,
    python: PathBuf,
}

pub fn measure(workspace: &Workspace, options: &Options) -> Result<()> {
    let set = PhotoSet::fetch(workspace)?;
    let shell = pictures::shell(workspace)?;
    shell.set_var("PYTHONPATH", workspace.root.join("models"));
    let requirements = workspace.root.join("tests/peers/requirements.txt");
    let python = python::environment(workspace, &shell, "peers", &requirements)?;
    let bench = Bench {
        workspace,
        options,
        shell,
        python,
    };
    let single = bench.draw_frame(1, None)?;
    let mut photos = vec![(1, single)];
    for (faces, name) in GROUPS {
        photos.push((faces, bench.draw_frame(faces, Some(&set.named(name)?))?));
    }
    for size in SIZES {
        for (faces, photo) in &photos {
            let columns = bench.measure(photo, size)?;
            println!(
                "\nfaces: {faces}, photo 1920x1080, portrait {size}; milliseconds, median of {}",
                options.repeat
            );
            print!("{}", table(&columns));
        }
    }
    Ok(())
}

impl Bench<'_> {
    /// The photo as a 1920 x 1080 camera would have taken it.
    fn draw_frame(&self, faces: usize, photo: Option<&Path>) -> Result<PathBuf> {
        let frame = self
            .workspace
            .target
            .join(format!("bench-1080p-{faces}.jpg"));
        let arguments = [frame.as_path()].into_iter().chain(photo);
        cmd!(
            self.shell,
            "cargo run --release --quiet --package photobooth-tests --bin pictures -- camera-frame {arguments...}"
        )
        .quiet()
        .run()?;
        Ok(frame)
    }

    /// A column a theme, then the peers'.
    fn measure(&self, photo: &Path, size: &str) -> Result<Vec<(String, Figures)>> {
        let mut columns = Vec::new();
        let themes = match &*self.options.theme {
            [] => self.workspace.themes()?,
            chosen => chosen.to_vec(),
        };
        for theme in themes {
            let figures = self.measure_ours(photo, &theme, size)?;
            columns.push((theme, figures));
        }
        if !self.options.no_peers {
            let portrait = ["--costume", COSTUME, "--backdrop", BACKDROP, "--size", size];
            columns.push((
                "Python".to_owned(),
                self.measure_peer("portrait", photo, &portrait)?,
            ));
            columns.push((
                "cut out".to_owned(),
                self.measure_peer("removal", photo, &[])?,
            ));
        }
        Ok(columns)
    }

    fn measure_ours(&self, photo: &Path, theme: &str, size: &str) -> Result<Figures> {
        let (json, repeat) = (self.json(), self.options.repeat.to_string());
        cmd!(
            self.shell,
            "cargo run --release --quiet --package portrait -- bench {photo} --theme {theme} --size {size} --repeat {repeat} --json {json}"
        )
        .quiet()
        .ignore_stdout()
        .run()?;
        read(&json)
    }

    fn measure_peer(&self, peer: &str, photo: &Path, options: &[&str]) -> Result<Figures> {
        let (json, repeat, python) = (self.json(), self.options.repeat.to_string(), &self.python);
        let (models, app) = (
            self.workspace.cache.join("models"),
            self.workspace.cache.join("tools/photobooth-app"),
        );
        cmd!(
            self.shell,
            "{python} tests/peers/bench.py {peer} {photo} --models {models} --app {app} --repeat {repeat} --json {json} {options...}"
        )
        .quiet()
        .ignore_stdout()
        .run()?;
        read(&json)
    }

    fn json(&self) -> PathBuf {
        self.workspace.target.join("bench-portrait.json")
    }
}

fn read(json: &Path) -> Result<Figures> {
    let text =
        fs::read_to_string(json).with_context(|| format!("cannot read {}", json.display()))?;
    Ok(serde_json::from_str(&text)?)
}

/// A row a step, in the order in which they are first met; then total, networks, peak memory and faces.
fn table(columns: &[(String, Figures)]) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for step in columns.iter().flat_map(|(_, figures)| &figures.steps) {
        if !steps.contains(&step.step.as_str()) {
            steps.push(&step.step);
        }
    }
    let mut text = line("", columns, |name, _| Some(name.to_owned()));
    for name in steps {
        text += &line(name, columns, |_, figures| {
            let mut times = figures.steps.iter().filter(|step| step.step == name);
            times.next().map(|step| format!("{:.1}", step.duration_ms))
        });
    }
    text += &line("total", columns, |_, figures| {
        Some(format!("{:.1}", figures.total_ms))
    });
    text += &line("networks", columns, |_, figures| {
        figures.networks_ms.map(|time| format!("{time:.1}"))
    });
    text += &line("peak, MiB", columns, |_, figures| {
        figures.peak_mib.map(|mib| mib.to_string())
    });
    text + &line("faces", columns, |_, figures| {
        figures.faces.map(|faces| faces.to_string())
    })
}

fn line(
    name: &str,
    columns: &[(String, Figures)],
    cell: impl Fn(&str, &Figures) -> Option<String>,
) -> String {
    let cells = columns.iter().map(|(name, figures)| {
        let text = cell(name, figures).unwrap_or_else(|| "-".to_owned());
        format!("{text:>12}")
    });
    format!("{name:<12}{}\n", cells.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_with_different_steps_share_a_table() {
        let figures = |steps: &[(&str, f64)], networks_ms| Figures {
            steps: steps
                .iter()
                .map(|&(step, duration_ms)| StepTime {
                    step: step.to_owned(),
                    duration_ms,
                })
                .collect(),
            total_ms: 12.0,
            networks_ms,
            faces: Some(3),
            peak_mib: None,
        };
        let ours = figures(&[("decode", 2.0), ("judge", 1.0)], Some(7.04));
        let peer = figures(&[("decode", 3.25), ("heads", 4.0)], None);
        let text = table(&[("greek".to_owned(), ours), ("Python".to_owned(), peer)]);
        let rows: Vec<Vec<&str>> = text
            .lines()
            .map(|row| row.split_whitespace().collect())
            .collect();
        let expected: [&[&str]; 8] = [
            &["greek", "Python"],
            &["decode", "2.0", "3.2"],
            &["judge", "1.0", "-"],
            &["heads", "-", "4.0"],
            &["total", "12.0", "12.0"],
            &["networks", "7.0", "-"],
            &["peak,", "MiB", "-", "-"],
            &["faces", "3", "3"],
        ];
        assert_eq!(rows, expected);
    }
}
