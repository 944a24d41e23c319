//! What waits and who could take it: what the booth is scaled and watched by.

use super::crew;
use sqlx::AnyPool;

/// The queue at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backlog {
    pub queued: u64,
    pub processing: u64,
    /// How long the photo that came first has waited, in seconds; 0 with an empty queue.
    pub oldest_wait_seconds: f64,
    /// Portraits that can be made at a time, by all who live.
    pub workers: u32,
}

impl Backlog {
    /// # Errors
    /// The database does not answer.
    pub async fn read(pool: &AnyPool, now_ms: i64) -> Result<Self, sqlx::Error> {
        let (queued, processing, oldest_ms): (i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM photos WHERE status = 'queued'),
                    (SELECT COUNT(*) FROM photos WHERE status = 'processing'),
                    (SELECT COALESCE(MIN(queued_at_ms), $1) FROM photos WHERE status = 'queued')",
        )
        .bind(now_ms)
        .fetch_one(pool)
        .await?;
        Ok(Self {
            queued: queued.unsigned_abs(),
            processing: processing.unsigned_abs(),
            oldest_wait_seconds: (now_ms - oldest_ms).max(0) as f64 / 1_000.0,
            workers: crew::studios(pool, now_ms).await?,
        })
    }

    /// Photos that wait for each worker: what the number of workers is steered by. While there is none, as if there
    /// were one, so that the first is started.
    pub fn per_worker(&self) -> f64 {
        self.queued as f64 / f64::from(self.workers.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_without_workers_is_no_division_by_zero() {
        let backlog = Backlog {
            queued: 6,
            processing: 0,
            oldest_wait_seconds: 1.0,
            workers: 0,
        };
        assert!((backlog.per_worker() - 6.0).abs() < 1e-9);
        let manned = Backlog {
            workers: 4,
            ..backlog
        };
        assert!((manned.per_worker() - 1.5).abs() < 1e-9);
    }
}
