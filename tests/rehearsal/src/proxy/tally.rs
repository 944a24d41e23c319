//! What came of each request, for the report and for metrics.

use super::settings::Listener;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// One request that was answered.
#[derive(Clone, Debug)]
pub struct Sample {
    /// When it came, since the load balancer began.
    pub at: Duration,
    pub listener: Listener,
    /// The group that it was forwarded to; `None` where the load balancer answered by a rule.
    pub group: Option<String>,
    pub status: u16,
    /// Whether the status is the target's, not one of the load balancer's 502, 503 and 504.
    pub is_of_target: bool,
    /// Until the answer began.
    pub latency: Duration,
    pub ending: Ending,
}

/// How the body of an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Complete,
    /// The target was lost in the middle of it.
    Broken,
    /// The client went away.
    Abandoned,
}

impl Sample {
    /// Whether its guest saw something break.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        self.status >= 500 || self.ending == Ending::Broken
    }
}

/// What one group answered within one second.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    pub requests: u64,
    pub failures: u64,
    pub statuses: BTreeMap<u16, u64>,
    /// In milliseconds, the quickest first.
    pub latencies_ms: Vec<f64>,
}

impl Cell {
    /// The latency that `share` of the requests kept to, 0.95 for nearly all of them.
    #[must_use]
    pub fn percentile_ms(&self, share: f64) -> Option<f64> {
        let last = self.latencies_ms.len().checked_sub(1)?;
        let at = (share * self.latencies_ms.len() as f64).ceil() as usize;
        Some(self.latencies_ms[at.saturating_sub(1).min(last)])
    }
}

/// Everything since the beginning.
#[derive(Debug)]
pub struct Tally {
    begun: Instant,
    samples: Mutex<Vec<Sample>>,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            begun: Instant::now(),
            samples: Mutex::default(),
        }
    }
}

impl Tally {
    /// Since the beginning.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    pub(super) fn add(&self, sample: Sample) {
        self.lock().push(sample);
    }

    /// All samples, in the order in which they ended.
    #[must_use]
    pub fn samples(&self) -> Vec<Sample> {
        self.lock().clone()
    }

    /// Those that came after the first `seen` ones.
    #[must_use]
    pub fn samples_after(&self, seen: usize) -> Vec<Sample> {
        self.lock()[seen..].to_vec()
    }

    /// How many requests of guests failed.
    #[must_use]
    pub fn failures(&self) -> usize {
        let samples = self.lock();
        let of_guests = samples
            .iter()
            .filter(|it| it.listener == Listener::Production);
        of_guests.filter(|it| it.is_failure()).count()
    }

    /// What guests were answered, by group and second since the beginning.
    #[must_use]
    pub fn by_second(&self) -> BTreeMap<(String, u64), Cell> {
        let mut cells = BTreeMap::<_, Cell>::new();
        for sample in self.lock().iter() {
            let (Listener::Production, Some(group)) = (sample.listener, &sample.group) else {
                continue;
            };
            let cell = cells
                .entry((group.clone(), sample.at.as_secs()))
                .or_default();
            cell.requests += 1;
            cell.failures += u64::from(sample.is_failure());
            *cell.statuses.entry(sample.status).or_default() += 1;
            cell.latencies_ms.push(sample.latency.as_secs_f64() * 1e3);
        }
        for cell in cells.values_mut() {
            cell.latencies_ms.sort_by(f64::total_cmp);
        }
        cells
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Sample>> {
        self.samples.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
