//! How a process's memory develops while it works: samples of what it holds, and the line through them.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::time::Duration;

/// So many portraits are a day at an event; a sample's time in that day is told by them.
pub const PORTRAITS_A_DAY: u32 = 20_000;

/// What is left out at the beginning: caches and pools fill once, and do so first.
const WARM_UP_PERCENT: u32 = 10;

/// One look at a process.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// How many portraits had been made.
    pub portraits: u32,
    pub elapsed: Duration,
    /// In megabytes of 1,000,000 bytes.
    pub resident_mb: f64,
}

impl Sample {
    /// Looks at the process `id` now.
    ///
    /// # Errors
    /// There is none.
    pub fn take(id: u32, portraits: u32, elapsed: Duration) -> Result<Self> {
        Ok(Self {
            portraits,
            elapsed,
            resident_mb: read_mb(id, "VmRSS:")?,
        })
    }
}

/// The most that the process `id` ever held, in megabytes.
///
/// # Errors
/// There is no such process.
pub fn read_peak_mb(id: u32) -> Result<f64> {
    read_mb(id, "VmHWM:")
}

fn read_mb(id: u32, name: &str) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))
        .with_context(|| format!("process {id} has ended"))?;
    find_mb(&status, name).with_context(|| format!("process {id} has ended: it has no {name}"))
}

/// The kernel writes `VmRSS:     812 kB`, and means 1,024 bytes by it.
fn find_mb(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024.0 / 1e6)
}

/// What a run's samples say, oldest first.
#[derive(Debug, Default)]
pub struct Record {
    pub samples: Vec<Sample>,
}

impl Record {
    /// What the process held when `percent` of the run's portraits had been made.
    #[must_use]
    pub fn mb_at(&self, percent: u32) -> f64 {
        let from = self.first_at(percent);
        self.samples.get(from).map_or(0.0, |it| it.resident_mb)
    }

    /// Megabytes that come to it an hour of the simulated day, and an hour by the clock.
    ///
    /// # Errors
    /// Too few samples after the warm-up.
    pub fn slopes(&self) -> Result<(f64, f64)> {
        let samples = &self.samples[self.first_at(WARM_UP_PERCENT)..];
        let simulated = samples.iter().map(|it| {
            let hours = f64::from(it.portraits) * 24.0 / f64::from(PORTRAITS_A_DAY);
            (hours, it.resident_mb)
        });
        let real = samples
            .iter()
            .map(|it| (it.elapsed.as_secs_f64() / 3_600.0, it.resident_mb));
        Ok((slope(simulated)?, slope(real)?))
    }

    /// A line for every sample, for whoever wants to see what a slope does not tell.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let lines = self.samples.iter().map(|it| {
            let seconds = it.elapsed.as_secs_f64();
            format!("{},{seconds:.1},{:.1}\n", it.portraits, it.resident_mb)
        });
        std::iter::once("portraits,seconds,resident_mb\n".to_owned())
            .chain(lines)
            .collect()
    }

    fn first_at(&self, percent: u32) -> usize {
        let all = self.samples.last().map_or(0, |it| it.portraits);
        let reached = |it: &Sample| it.portraits * 100 < all * percent;
        self.samples.partition_point(reached)
    }
}

/// The slope of the least squares line through points `(x, y)`.
fn slope(points: impl Iterator<Item = (f64, f64)> + Clone) -> Result<f64> {
    let count = points.clone().count() as f64;
    let sum = |of: fn((f64, f64)) -> f64| points.clone().map(of).sum::<f64>();
    let (mean_x, mean_y) = (sum(|it| it.0) / count, sum(|it| it.1) / count);
    let (mut along, mut across) = (0.0, 0.0);
    for (x, y) in points {
        along += (x - mean_x) * (x - mean_x);
        across += (x - mean_x) * (y - mean_y);
    }
    ensure!(along > 0.0, "too few samples for a line");
    Ok(across / along)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(mb_at: impl Fn(u32) -> f64) -> Record {
        let sample = |number: u32| Sample {
            portraits: number * 100,
            elapsed: Duration::from_secs(36) * number,
            resident_mb: mb_at(number),
        };
        Record {
            samples: (0..=200).map(sample).collect(),
        }
    }

    #[test]
    fn growth_is_told_by_the_simulated_day_and_by_the_clock() {
        // 200 samples: 20,000 portraits, thus 24 simulated hours, in two real ones. Ups and downs cancel out.
        let wave = |number: u32| if number.is_multiple_of(2) { 5.0 } else { -5.0 };
        let (simulated, real) = record(|number| 800.0 + 0.24 * f64::from(number) + wave(number))
            .slopes()
            .unwrap();
        assert!((simulated - 2.0).abs() < 0.01, "{simulated}");
        assert!((real - 24.0).abs() < 0.1, "{real}");
    }

    #[test]
    fn what_fills_once_at_the_beginning_is_no_growth() {
        let record = record(|number| 500.0 + 20.0 * f64::from(number.min(20)));
        let (simulated, real) = record.slopes().unwrap();
        assert!(simulated.abs() < 1e-9 && real.abs() < 1e-9);
        assert_eq!(
            [0, 5, 10, 100].map(|percent| record.mb_at(percent)),
            [500.0, 700.0, 900.0, 900.0]
        );
    }

    #[test]
    fn every_sample_is_a_line_of_the_file() {
        let mut record = record(|number| 500.0 + f64::from(number));
        record.samples.truncate(2);
        let csv = record.to_csv();
        assert_eq!(
            csv,
            "portraits,seconds,resident_mb\n0,0.0,500.0\n100,36.0,501.0\n"
        );
    }

    #[test]
    fn one_sample_is_no_line() {
        let mut record = record(|_| 1.0);
        record.samples.truncate(1);
        record.slopes().unwrap_err();
        Record::default().slopes().unwrap_err();
    }

    #[test]
    fn memory_is_read_as_the_kernel_writes_it() {
        let status = "Name:\tbackend\nVmHWM:\t    2000 kB\nVmRSS:\t    1000 kB\n";
        assert_eq!(find_mb(status, "VmRSS:"), Some(1.024));
        assert_eq!(find_mb("State:\tZ (zombie)\n", "VmRSS:"), None);
        assert!(read_peak_mb(std::process::id()).unwrap() > 1.0);
    }
}
