//! Everything that is counted and timed: one method an event, which feeds what Prometheus reads and what is sent to
//! CloudWatch.

use super::tally::{Name, Tally, Unit};
use crate::jobs::backlog::Backlog;
use portrait::Device;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::sync::atomic::AtomicU64;

/// From a step of a few milliseconds to a portrait on a slow machine.
const WORK_BUCKETS_SECONDS: [f64; 12] = [
    0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
];

/// From a queue with nobody in it to one that should not be.
const WAIT_BUCKETS_SECONDS: [f64; 12] = [
    0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 5.0, 15.0, 30.0, 60.0, 180.0, 600.0,
];

/// From an answer out of memory to the limit of a request.
const REQUEST_BUCKETS_SECONDS: [f64; 11] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0,
];

type Labels<const N: usize> = [(&'static str, String); N];
type Counters<const N: usize> = Family<Labels<N>, Counter>;
type Histograms<const N: usize> = Family<Labels<N>, Histogram, fn() -> Histogram>;
type Level = Gauge<f64, AtomicU64>;

/// Why a claimed photo went back into the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenBack {
    /// Rendering failed.
    Attempt,
    /// Database, storage or shutdown.
    Surroundings,
    /// Its worker fell silent.
    Silence,
}

/// Who sends what is measured elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exporter {
    Cloudwatch,
    Otlp,
}

/// The process's metrics.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    pub(super) tally: Tally,
    portraits: Counters<1>,
    failures: Counters<1>,
    given_back: Counters<1>,
    swept: Counters<1>,
    lost: Counters<1>,
    requests: Counters<3>,
    rate_limited: Counters<1>,
    step_seconds: Histograms<1>,
    request_seconds: Histograms<2>,
    portrait_seconds: Histogram,
    wait_seconds: Histogram,
    pickup_seconds: Histogram,
    queued: Level,
    processing: Level,
    oldest_wait: Level,
    backlog_per_worker: Level,
    workers: Level,
    usable_studios: Level,
    memory: Level,
    devices: Family<Labels<2>, Gauge>,
}

impl Metrics {
    /// `is_tallied` says that CloudWatch is told as well.
    pub fn new(is_tallied: bool) -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("photobooth"),
            tally: Tally::new(is_tallied),
            portraits: Family::default(),
            failures: Family::default(),
            given_back: Family::default(),
            swept: Family::default(),
            lost: Family::default(),
            requests: Family::default(),
            rate_limited: Family::default(),
            step_seconds: Family::new_with_constructor(|| Histogram::new(WORK_BUCKETS_SECONDS)),
            request_seconds: Family::new_with_constructor(|| {
                Histogram::new(REQUEST_BUCKETS_SECONDS)
            }),
            portrait_seconds: Histogram::new(WORK_BUCKETS_SECONDS),
            wait_seconds: Histogram::new(WAIT_BUCKETS_SECONDS),
            pickup_seconds: Histogram::new(WAIT_BUCKETS_SECONDS),
            queued: Level::default(),
            processing: Level::default(),
            oldest_wait: Level::default(),
            backlog_per_worker: Level::default(),
            workers: Level::default(),
            usable_studios: Level::default(),
            memory: Level::default(),
            devices: Family::default(),
        };
        metrics.register_work();
        metrics.register_levels();
        metrics
    }

    #[rustfmt::skip]
    fn register_work(&mut self) {
        let registry = &mut self.registry;
        registry.register("portraits", "Portraits completed, by theme", self.portraits.clone());
        registry.register("failures", "Jobs that ended without a portrait, by code", self.failures.clone());
        registry.register("attempts_given_back", "Attempts that went back into the queue, by cause", self.given_back.clone());
        registry.register("swept", "What the sweeper removed, by kind, and what it could not", self.swept.clone());
        registry.register("telemetry_lost", "Values and spans that could not be sent, by exporter", self.lost.clone());
        registry.register("http_requests", "Requests answered, by route, method and status", self.requests.clone());
        registry.register("http_rate_limited", "Requests refused because their client sends too many, by route", self.rate_limited.clone());
        registry.register("step_seconds", "What each step of a portrait took", self.step_seconds.clone());
        registry.register("http_request_seconds", "Time to the head of the answer, by route and method", self.request_seconds.clone());
        registry.register("portrait_seconds", "From the claim to the published portrait", self.portrait_seconds.clone());
        registry.register("queue_wait_seconds", "From the submission to the first claim", self.wait_seconds.clone());
        registry.register("pickup_seconds", "From the moment a photo could be claimed to its claim by a worker that was idle", self.pickup_seconds.clone());
    }

    #[rustfmt::skip]
    fn register_levels(&mut self) {
        let registry = &mut self.registry;
        registry.register("queue_depth", "Photos that wait", self.queued.clone());
        registry.register("processing", "Photos that are being rendered, by all processes", self.processing.clone());
        registry.register("oldest_wait_seconds", "How long the first of the queue has waited", self.oldest_wait.clone());
        registry.register("backlog_per_worker", "Photos that wait for each worker", self.backlog_per_worker.clone());
        registry.register("workers", "Portraits that can be made at a time, by all processes", self.workers.clone());
        registry.register("usable_studios", "Portraits that this process can make at a time", self.usable_studios.clone());
        registry.register("resident_memory_bytes", "Memory of this process", self.memory.clone());
        registry.register("device", "What this process renders on, and what it was told to", self.devices.clone());
    }

    /// The networks are open on this device, where `asked` was asked for.
    pub fn note_device(&self, device: Device, asked: Device) {
        let labels = [("device", device.to_string()), ("asked", asked.to_string())];
        self.devices.get_or_create(&labels).set(1);
    }

    /// A portrait lies in the storage, this long after its claim.
    pub fn note_portrait(&self, theme: &str, seconds: f64) {
        increase(&self.portraits, [("theme", theme.to_owned())], 1);
        self.portrait_seconds.observe(seconds);
        self.tally.add(Name::whole("Portraits", Unit::Count), 1.0);
        let by_theme = Name::by("Portraits", Unit::Count, "Theme", theme);
        self.tally.add(by_theme, 1.0);
        let whole = Name::whole("PortraitSeconds", Unit::Seconds);
        self.tally.add(whole, seconds);
    }

    /// Jobs ended without a portrait.
    pub fn note_failures(&self, code: api::ErrorCode, jobs: u64) {
        if jobs == 0 {
            return;
        }
        let code = code.to_string();
        let by_code = Name::by("Failures", Unit::Count, "Code", &code);
        self.tally.add(by_code, jobs as f64);
        let whole = Name::whole("Failures", Unit::Count);
        self.tally.add(whole, jobs as f64);
        increase(&self.failures, [("code", code)], jobs);
    }

    /// A step of a portrait is done.
    pub fn note_step(&self, step: &str, seconds: f64) {
        let labels = [("step", step.to_owned())];
        self.step_seconds.get_or_create(&labels).observe(seconds);
        let by_step = Name::by("StepSeconds", Unit::Seconds, "Step", step);
        self.tally.add(by_step, seconds);
    }

    /// A photo was claimed for the first time.
    pub fn note_wait(&self, seconds: f64) {
        self.wait_seconds.observe(seconds);
        self.tally
            .add(Name::whole("QueueWaitSeconds", Unit::Seconds), seconds);
    }

    /// An idle worker claimed a photo.
    pub fn note_pickup(&self, seconds: f64) {
        self.pickup_seconds.observe(seconds);
    }

    /// A claimed photo went back into the queue.
    pub fn note_given_back(&self, cause: GivenBack) {
        let cause = match cause {
            GivenBack::Attempt => "attempt",
            GivenBack::Surroundings => "surroundings",
            GivenBack::Silence => "silence",
        };
        increase(&self.given_back, [("cause", cause.to_owned())], 1);
    }

    /// The sweeper removed this many of a kind, or failed to.
    pub fn note_swept(&self, kind: &str, count: u64) {
        increase(&self.swept, [("kind", kind.to_owned())], count);
    }

    /// Values or spans were dropped unsent.
    pub fn note_lost(&self, exporter: Exporter, count: u64) {
        let exporter = match exporter {
            Exporter::Cloudwatch => "cloudwatch",
            Exporter::Otlp => "otlp",
        };
        increase(&self.lost, [("exporter", exporter.to_owned())], count);
    }

    /// A request was answered. The route is a template, never what the client sent.
    pub fn note_request(&self, route: &str, method: &str, status: u16, seconds: f64) {
        let route = || ("route", route.to_owned());
        let method = || ("method", method.to_owned());
        let answered = [route(), method(), ("status", status.to_string())];
        increase(&self.requests, answered, 1);
        self.request_seconds
            .get_or_create(&[route(), method()])
            .observe(seconds);
        if status == 429 {
            increase(&self.rate_limited, [route()], 1);
        }
    }

    /// The queue as it is; what is not known is not a number.
    pub(super) fn set_backlog(&self, backlog: Option<&Backlog>) {
        let set = |level: &Level, value: fn(&Backlog) -> f64| {
            level.set(backlog.map_or(f64::NAN, value));
        };
        set(&self.queued, |backlog| backlog.queued as f64);
        set(&self.processing, |backlog| backlog.processing as f64);
        set(&self.oldest_wait, |backlog| backlog.oldest_wait_seconds);
        set(&self.backlog_per_worker, Backlog::per_worker);
        set(&self.workers, |backlog| f64::from(backlog.workers));
    }

    pub(super) fn set_process(&self, usable_studios: usize, memory_bytes: Option<u64>) {
        self.usable_studios.set(usable_studios as f64);
        self.memory
            .set(memory_bytes.map_or(f64::NAN, |bytes| bytes as f64));
    }

    /// Everything in Prometheus's text format.
    ///
    /// # Errors
    /// None that is known: a `String` takes all that is written to it.
    pub fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn increase<const N: usize>(counters: &Counters<N>, labels: Labels<N>, by: u64) {
    counters.get_or_create(&labels).inc_by(by);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_by_rate_are_counted_by_route() {
        let metrics = Metrics::new(false);
        metrics.note_request("/api/process", "POST", 201, 0.01);
        assert!(!metrics.text().unwrap().contains("rate_limited_total{"));
        metrics.note_request("/api/process", "POST", 429, 0.01);
        let text = metrics.text().unwrap();
        let line = "photobooth_http_rate_limited_total{route=\"/api/process\"} 1\n";
        assert!(text.contains(line), "{text}");
    }

    #[test]
    fn a_queue_that_cannot_be_read_is_not_an_empty_one() {
        let metrics = Metrics::new(false);
        metrics.set_backlog(None);
        let text = metrics.text().unwrap();
        assert!(text.contains("photobooth_queue_depth NaN\n"), "{text}");
    }
}
