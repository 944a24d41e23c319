//! `portrait bench`: the median milliseconds of every step over several warm portraits, and peak memory.

use crate::{Machine, Subject};
use clap::Args;
use portrait::{Report, Step, StepTime};
use serde::Serialize;
use std::fs;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Bench {
    #[command(flatten)]
    machine: Machine,
    #[command(flatten)]
    subject: Subject,
    /// How many portraits are measured, after one that is not.
    #[arg(long, default_value_t = 5)]
    repeat: usize,
    /// Where the figures go, as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// Medians over the portraits that were measured.
#[derive(Serialize)]
struct Figures {
    steps: Vec<StepTime>,
    total_ms: f64,
    networks_ms: f64,
    faces: usize,
    peak_mib: Option<u64>,
}

impl Bench {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let photo = self.subject.read_photo()?;
        let order = self.subject.order();
        let mut studio = self.machine.open_studio()?;
        studio.warm_up(order.size)?;
        studio.render(&photo, &order, &mut |_| ())?;
        let reports = (0..self.repeat.max(1))
            .map(|_| Ok(studio.render(&photo, &order, &mut |_| ())?.report))
            .collect::<anyhow::Result<Vec<Report>>>()?;

        let figures = Figures::of(&reports);
        println!("{} ({} portraits, median)", order.theme, reports.len());
        figures.print();
        if let Some(path) = &self.json {
            fs::write(path, serde_json::to_vec_pretty(&figures)?)?;
        }
        Ok(())
    }
}

impl Figures {
    fn of(reports: &[Report]) -> Self {
        let median_of = |value: fn(&Report) -> f64| median(reports.iter().map(value).collect());
        let steps = Step::ALL.into_iter().map(|step| {
            let times = reports.iter().flat_map(|report| &report.steps);
            let of_step = times.filter(|time| time.step == step);
            let duration_ms = median(of_step.map(|time| time.duration_ms).collect());
            StepTime { step, duration_ms }
        });
        Self {
            steps: steps.collect(),
            total_ms: median_of(|report| report.total_ms),
            networks_ms: median_of(|report| report.networks_ms),
            faces: reports.first().map_or(0, |report| report.faces),
            peak_mib: peak_memory_mib(),
        }
    }

    fn print(&self) {
        let print = |name: &str, value: f64| println!("  {name:<10} {value:>8.1} ms");
        for StepTime { step, duration_ms } in &self.steps {
            print(&format!("{step:?}"), *duration_ms);
        }
        print("total", self.total_ms);
        print("networks", self.networks_ms);
        match self.peak_mib {
            Some(mib) => println!("  {:<10} {mib:>8} MiB", "peak"),
            None => println!("  peak memory is only known on Linux"),
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The most memory this process ever held resident, as the kernel counts it.
fn peak_memory_mib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024)
}
