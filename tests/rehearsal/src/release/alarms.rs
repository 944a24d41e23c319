//! The alarms that a deployment listens to: infra/guest-alarms.json, as the templates have it, on a minute of the
//! rehearsal's own length.

use super::part::Part;
use crate::proxy::{Listener, Sample};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// When each of them rings.
#[derive(Clone, Debug, Deserialize)]
pub struct Alarms {
    errors: Errors,
    refusals: Refusals,
    latency: Latency,
    rollback: Rollback,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Errors {
    max_percent: f64,
    from_requests_a_minute: f64,
    minutes: usize,
}

/// Answers of the load balancer's own.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refusals {
    max_a_minute: f64,
    minutes: usize,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Latency {
    #[serde(rename = "maxP95Seconds")]
    max_p95_seconds: f64,
    minutes: usize,
}

/// The names of a deployment's alarms, less `photobooth-{environment}-`.
#[derive(Clone, Debug, Deserialize)]
struct Rollback {
    backend: Vec<String>,
    frontend: Vec<String>,
}

impl Alarms {
    /// Reads the checkout's.
    ///
    /// # Errors
    /// There is no such file.
    pub fn read(root: &Path) -> Result<Self> {
        let text = fs::read_to_string(root.join("infra/guest-alarms.json"))?;
        serde_json::from_str(&text).context("infra/guest-alarms.json")
    }

    /// The names of those by which a service is rolled back, less `photobooth-{environment}-`.
    #[must_use]
    pub fn of(&self, part: Part) -> &[String] {
        match part {
            Part::Backend => &self.rollback.backend,
            Part::Frontend => &self.rollback.frontend,
        }
    }

    /// How many minutes any of them looks back.
    #[must_use]
    pub fn minutes(&self) -> usize {
        let refusals = self.refusals.minutes;
        self.errors.minutes.max(refusals).max(self.latency.minutes)
    }

    /// Which alarms ring at `now`, by the minutes that are over.
    #[must_use]
    pub fn ringing(
        &self,
        samples: &[Sample],
        now: Duration,
        minute: Duration,
    ) -> Vec<&'static str> {
        let minutes = minutes_before(samples, now, minute, self.minutes());
        let last = |count: usize, is_bad: &dyn Fn(&Vec<&Sample>) -> bool| {
            minutes.len() >= count && minutes.iter().rev().take(count).all(is_bad)
        };
        // What came in a minute of sixty seconds, had it gone on like this.
        let a_minute = |count: usize| count as f64 * 60.0 / minute.as_secs_f64();
        let has_errors = |part: Part| {
            move |samples: &Vec<&Sample>| {
                let of_part: Vec<_> = samples.iter().filter(|it| is_of(it, part)).collect();
                let errors = of_part.iter().filter(|it| it.status >= 500).count();
                let percent = 100.0 * errors as f64 / of_part.len().max(1) as f64;
                let suffice = a_minute(of_part.len()) >= self.errors.from_requests_a_minute;
                suffice && percent > self.errors.max_percent
            }
        };
        let refuses = |samples: &Vec<&Sample>| {
            let refusals = samples
                .iter()
                .filter(|it| !it.is_of_target && it.status >= 500);
            a_minute(refusals.count()) > self.refusals.max_a_minute
        };
        let is_slow = |samples: &Vec<&Sample>| {
            let of_part = samples.iter().filter(|it| is_of(it, Part::Backend));
            let mut latencies: Vec<_> = of_part.map(|it| it.latency).collect();
            latencies.sort_unstable();
            let p95 = latencies.get(latencies.len() * 95 / 100);
            p95.is_some_and(|it| it.as_secs_f64() > self.latency.max_p95_seconds)
        };
        let (backend, frontend) = (has_errors(Part::Backend), has_errors(Part::Frontend));
        let rings = [
            ("backend-errors", last(self.errors.minutes, &backend)),
            ("frontend-errors", last(self.errors.minutes, &frontend)),
            ("no-answer", last(self.refusals.minutes, &refuses)),
            ("latency", last(self.latency.minutes, &is_slow)),
        ];
        let names = rings.iter().filter(|(_, rings)| *rings);
        names.map(|(name, _)| *name).collect()
    }
}

/// What guests were answered in each of the last minutes that are over, the oldest first.
fn minutes_before(
    samples: &[Sample],
    now: Duration,
    minute: Duration,
    count: usize,
) -> Vec<Vec<&Sample>> {
    let number = |at: Duration| (at.as_nanos() / minute.as_nanos().max(1)) as usize;
    let end = number(now);
    let begin = end.saturating_sub(count);
    let mut minutes = vec![Vec::new(); end - begin];
    for sample in samples
        .iter()
        .filter(|it| it.listener == Listener::Production)
    {
        let place = number(sample.at).checked_sub(begin);
        if let Some(minute) = place.and_then(|place| minutes.get_mut(place)) {
            minute.push(sample);
        }
    }
    minutes
}

fn is_of(sample: &Sample, part: Part) -> bool {
    let group = sample.group.as_deref().unwrap_or_default();
    sample.is_of_target && group.contains(part.name())
}
