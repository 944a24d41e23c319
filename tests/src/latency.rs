//! How long answers take: a mix of requests again and again from several connections, and the percentiles.

use crate::guest_api::{ApiGuest, Ask};
use anyhow::{Context, Result};
use std::fmt;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Of ten requests: health 4, themes 3, presigned addresses 2, status 1.
pub const MIX: [Ask; 10] = [
    Ask::Health,
    Ask::Themes,
    Ask::Health,
    Ask::Ticket,
    Ask::Themes,
    Ask::Health,
    Ask::Status,
    Ask::Themes,
    Ask::Health,
    Ask::Ticket,
];

/// The durations of one measurement, shortest first.
#[derive(Debug)]
pub struct Latencies {
    sorted: Vec<Duration>,
    measured_for: Duration,
}

impl Latencies {
    /// Sends the requests of [`MIX`] from `connections` connections for as long as `duration`, each connection the
    /// next one as soon as it has its answer. Status is asked of `job`.
    ///
    /// # Errors
    /// Any answer that is not a success.
    pub async fn measure(
        booth: &str,
        job: &str,
        connections: usize,
        duration: Duration,
    ) -> Result<Self> {
        let begun = Instant::now();
        let mut askers = JoinSet::new();
        for _ in 0..connections {
            // A client of its own each: one client would share its connections.
            let guest = ApiGuest::at(booth);
            let job = job.to_owned();
            askers.spawn(async move {
                let mut durations = Vec::new();
                for ask in MIX.iter().cycle() {
                    if begun.elapsed() >= duration {
                        break;
                    }
                    let asked = Instant::now();
                    guest.ask(*ask, &job).await?;
                    durations.push(asked.elapsed());
                }
                anyhow::Ok(durations)
            });
        }
        let mut sorted = Vec::new();
        while let Some(durations) = askers.join_next().await {
            sorted.extend(durations??);
        }
        sorted.sort_unstable();
        sorted.last().context("nothing was answered in time")?;
        Ok(Self {
            sorted,
            measured_for: begun.elapsed(),
        })
    }

    /// The duration that `percent` of the answers did not exceed.
    #[must_use]
    pub fn percentile(&self, percent: f64) -> Duration {
        let rank = (percent / 100.0 * self.sorted.len() as f64).ceil() as usize;
        self.sorted[rank.clamp(1, self.sorted.len()) - 1]
    }
}

impl fmt::Display for Latencies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = |percent| self.percentile(percent).as_secs_f64() * 1000.0;
        write!(
            f,
            "p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms, max {:.2} ms, {:.0} requests/s ({} requests)",
            milliseconds(50.0),
            milliseconds(95.0),
            milliseconds(99.0),
            milliseconds(100.0),
            self.sorted.len() as f64 / self.measured_for.as_secs_f64(),
            self.sorted.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_an_answer_that_was_measured() {
        let latencies = Latencies {
            sorted: (1..=200).map(Duration::from_millis).collect(),
            measured_for: Duration::from_secs(1),
        };
        for (percent, expected) in [
            (0.0, 1),
            (50.0, 100),
            (99.0, 198),
            (99.6, 200),
            (100.0, 200),
        ] {
            let found = latencies.percentile(percent);
            assert_eq!(found, Duration::from_millis(expected), "p{percent}");
        }
    }
}
