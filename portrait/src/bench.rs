//! `portrait bench`: the median milliseconds of every step over several warm portraits, and peak memory.

use crate::{Machine, Subject};
use clap::Args;
use portrait::{Report, Step};
use std::fs;

#[derive(Args)]
pub(crate) struct Bench {
    #[command(flatten)]
    machine: Machine,
    #[command(flatten)]
    subject: Subject,
    /// How many portraits are measured, after one that is not.
    #[arg(long, default_value_t = 5)]
    repeat: usize,
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

        println!("{} ({} portraits, median)", order.theme, reports.len());
        for step in Step::ALL {
            let times = reports.iter().flat_map(|report| &report.steps);
            let of_step = times
                .filter(|time| time.step == step)
                .map(|time| time.duration_ms);
            println!(
                "  {:<10} {:>8.1} ms",
                format!("{step:?}"),
                median(of_step.collect())
            );
        }
        let totals = reports.iter().map(|report| report.total_ms).collect();
        println!("  {:<10} {:>8.1} ms", "total", median(totals));
        match peak_memory_mib() {
            Some(mib) => println!("  {:<10} {mib:>8} MiB", "peak"),
            None => println!("  peak memory is only known on Linux"),
        }
        Ok(())
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
