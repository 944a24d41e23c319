//! `cargo xtask quality`: how good portraits are, in figures, over a hundred photos of people.

use crate::models;
use crate::photos::{self, PhotoSet};
use crate::pictures::{self, Selection};
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;
use xshell::cmd;

#[derive(Args)]
pub struct Options {
    /// Photos to measure with; those of tests/photos/people.toml when none is given. Of others, dlib counts the faces.
    photos: Vec<PathBuf>,
    #[command(flatten)]
    selection: Selection,
    /// Where all figures go as JSON, with every single portrait's.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Folder of the portraits and their reports.
    #[arg(long, default_value = "target/quality")]
    out: PathBuf,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut steps = Steps::new(5);
    models::take_steps(&mut steps, workspace, models::Scope::Themes)?;
    let mut chosen = options.photos.clone();
    steps.take("photos of people", || {
        let set = PhotoSet::fetch(workspace)?;
        if chosen.is_empty() {
            chosen = set.photos.iter().map(|photo| set.path(photo)).collect();
        }
        Ok(())
    })?;
    let out = &options.out;
    steps.take("portraits", || {
        let mut arguments = options.selection.arguments();
        arguments.extend(["--output".into(), out.clone().into()]);
        pictures::render(workspace, "portraits", &arguments, &chosen)
    })?;
    steps.take("figures", || {
        let shell = workspace.shell(&[])?;
        let python = photos::python(workspace, &shell)?;
        let recogniser = photos::recogniser(workspace);
        let json = options.json.iter().flat_map(|file| ["--json".into(), file.as_os_str().to_owned()]);
        cmd!(
            shell,
            "{python} tests/quality/measure.py {chosen...} --portraits {out} --recogniser {recogniser} {json...}"
        )
        .quiet()
        .run()?;
        Ok(())
    })?;
    steps.summarise();
    Ok(())
}
