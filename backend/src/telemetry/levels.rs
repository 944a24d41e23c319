//! What is read rather than counted: the queue, the workers, this process's memory. Read at most once in a few
//! seconds, however often somebody asks.

use super::Metrics;
use crate::app::App;
use crate::jobs::backlog::Backlog;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// How old a reading may be.
const LIFE: Duration = Duration::from_secs(5);

/// A database that takes longer has no answer for now.
const PATIENCE: Duration = Duration::from_secs(2);

/// One reading.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// `None` when the database does not answer.
    pub backlog: Option<Backlog>,
    pub usable_studios: usize,
    /// `None` where the system does not say.
    pub memory_bytes: Option<u64>,
}

/// The last reading.
#[derive(Debug, Default)]
pub struct Levels {
    last: Mutex<Option<(Instant, Reading)>>,
}

impl Levels {
    /// Reads, or repeats what was read a moment ago; the metrics hold it afterwards.
    pub async fn read(&self, app: &App, metrics: &Metrics) -> Reading {
        // Held while reading, so that many who ask at once cause one question.
        let mut last = self.last.lock().await;
        if let Some((when, reading)) = *last
            && when.elapsed() < LIFE
        {
            return reading;
        }
        let backlog = Backlog::read(&app.db.pool, app.clock.now_ms());
        let reading = Reading {
            backlog: timeout(PATIENCE, backlog).await.ok().and_then(Result::ok),
            usable_studios: app.models.usable(),
            memory_bytes: resident_bytes(),
        };
        metrics.set_backlog(reading.backlog.as_ref());
        metrics.set_process(reading.usable_studios, reading.memory_bytes);
        *last = Some((Instant::now(), reading));
        reading
    }
}

/// Memory that this process occupies, as Linux tells it.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_process_occupies_some_memory() {
        let bytes = resident_bytes().unwrap();
        assert!((1 << 20..1 << 40).contains(&bytes), "{bytes}");
    }
}
