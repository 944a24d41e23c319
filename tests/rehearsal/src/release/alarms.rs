//! The alarms that a deployment listens to, as infra/lib/monitoring/alarms.ts has them, on a minute of the rehearsal's
//! own length.

use super::part::Part;
use crate::proxy::{Listener, Sample};
use std::time::Duration;

/// Of a hundred requests.
const MAX_ERROR_PERCENT: f64 = 1.0;
/// Answers of the load balancer's own, a minute.
const MAX_REFUSALS: f64 = 10.0;
/// Within which 95 of 100 requests are answered.
const MAX_LATENCY: Duration = Duration::from_secs(2);
/// Bad minutes in a row until an alarm rings.
const BAD_MINUTES: usize = 2;
/// The same for latency.
const SLOW_MINUTES: usize = 5;

/// How many minutes any of them looks back.
pub const MINUTES: u32 = SLOW_MINUTES as u32;

/// The names of a deployment's alarms, less `photobooth-{environment}-`.
#[must_use]
pub fn of(part: Part) -> &'static [&'static str] {
    match part {
        Part::Backend => &["backend-errors", "latency", "no-answer"],
        Part::Frontend => &["frontend-errors", "no-answer"],
    }
}

/// Which alarms ring at `now`, by the minutes that are over.
#[must_use]
pub fn ringing(samples: &[Sample], now: Duration, minute: Duration) -> Vec<&'static str> {
    let minutes = minutes_before(samples, now, minute);
    let last = |count: usize, is_bad: &dyn Fn(&Vec<&Sample>) -> bool| {
        minutes.len() >= count && minutes.iter().rev().take(count).all(is_bad)
    };
    let has_errors = |part: Part| {
        move |samples: &Vec<&Sample>| {
            let of_part: Vec<_> = samples.iter().filter(|it| is_of(it, part)).collect();
            let errors = of_part.iter().filter(|it| it.status >= 500).count();
            100.0 * errors as f64 / of_part.len().max(1) as f64 > MAX_ERROR_PERCENT
        }
    };
    let refuses = |samples: &Vec<&Sample>| {
        let refusals = samples
            .iter()
            .filter(|it| !it.is_of_target && it.status >= 500);
        refusals.count() as f64 * 60.0 / minute.as_secs_f64() > MAX_REFUSALS
    };
    let is_slow = |samples: &Vec<&Sample>| {
        let of_part = samples.iter().filter(|it| is_of(it, Part::Backend));
        let mut latencies: Vec<_> = of_part.map(|it| it.latency).collect();
        latencies.sort_unstable();
        let p95 = latencies.get(latencies.len() * 95 / 100);
        p95.is_some_and(|it| *it > MAX_LATENCY)
    };
    let rings = [
        (
            "backend-errors",
            last(BAD_MINUTES, &has_errors(Part::Backend)),
        ),
        (
            "frontend-errors",
            last(BAD_MINUTES, &has_errors(Part::Frontend)),
        ),
        ("no-answer", last(BAD_MINUTES, &refuses)),
        ("latency", last(SLOW_MINUTES, &is_slow)),
    ];
    let names = rings.iter().filter(|(_, rings)| *rings);
    names.map(|(name, _)| *name).collect()
}

/// What guests were answered in each of the last minutes that are over, the oldest first.
fn minutes_before(samples: &[Sample], now: Duration, minute: Duration) -> Vec<Vec<&Sample>> {
    let number = |at: Duration| (at.as_nanos() / minute.as_nanos().max(1)) as usize;
    let end = number(now);
    let begin = end.saturating_sub(SLOW_MINUTES);
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
