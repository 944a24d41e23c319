//! A short load: what guests' browsers ask for most, by a few at a time.

use crate::booth::Booth;
use crate::finding::{Finding, demand};
use crate::place::Service;
use crate::settings::Thresholds;
use futures_util::future::join_all;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Who asks at a time: a crowd would be a load test, and that is another's job.
const GUESTS: usize = 4;

/// Of what the metrics must have seen, so that some may be late.
const SHARE: usize = 2;

/// Asks, and judges what came.
///
/// # Errors
/// More failed, or took longer, than is allowed.
pub async fn run(booth: &Booth, service: Service, thresholds: &Thresholds) -> Finding {
    let requests = SHARE * thresholds.min_requests as usize;
    let asked = AtomicUsize::new(0);
    let guests = (0..GUESTS).map(|_| visit(booth, service, &asked, requests));
    let (mut times, mut errors) = (Vec::with_capacity(requests), Vec::new());
    for visit in join_all(guests).await {
        times.extend(visit.times);
        errors.extend(visit.errors);
    }
    let percent = 100.0 * errors.len() as f64 / requests.max(1) as f64;
    demand(percent <= thresholds.max_error_percent, || {
        let first = errors.first().map_or("", String::as_str);
        format!("{} of {requests} requests failed: {first}", errors.len())
    })?;
    times.sort_unstable();
    let p95 = times
        .get(times.len() * 95 / 100)
        .copied()
        .unwrap_or_default();
    let p95_ms = p95.as_secs_f64() * 1_000.0;
    demand(p95_ms <= thresholds.max_p95_ms, || {
        format!(
            "5 of 100 requests took {p95_ms:.0} ms or more, {:.0} are allowed",
            thresholds.max_p95_ms
        )
    })?;
    Ok(format!(
        "{requests} requests, {percent:.1} % failed, 95 of 100 within {p95_ms:.0} ms"
    ))
}

#[derive(Debug, Default)]
struct Visit {
    times: Vec<Duration>,
    errors: Vec<String>,
}

async fn visit(booth: &Booth, service: Service, asked: &AtomicUsize, requests: usize) -> Visit {
    let paths: &[&str] = match service {
        Service::Backend => &["/api/health", "/api/themes"],
        Service::Frontend => &["/"],
    };
    let mut visit = Visit::default();
    loop {
        let number = asked.fetch_add(1, Ordering::Relaxed);
        if number >= requests {
            return visit;
        }
        let begun = Instant::now();
        match booth.fetch(paths[number % paths.len()]).await {
            Ok(_) => visit.times.push(begun.elapsed()),
            Err(error) => visit.errors.push(format!("{error:#}")),
        }
    }
}
