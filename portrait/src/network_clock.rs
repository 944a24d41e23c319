//! How long networks have been running.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The time that all networks of a runtime spent inside ONNX Runtime's `Session::run`, added up.
#[derive(Clone, Debug, Default)]
pub(crate) struct NetworkClock {
    nanoseconds: Arc<AtomicU64>,
}

impl NetworkClock {
    /// The sum so far, for all studios that share the networks.
    pub(crate) fn total(&self) -> Duration {
        Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed))
    }

    /// Runs a network and adds how long it took.
    pub(crate) fn time<T>(&self, run: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let outcome = run();
        let nanoseconds = began.elapsed().as_nanos() as u64;
        self.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
        outcome
    }
}
