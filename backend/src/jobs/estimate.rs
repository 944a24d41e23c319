//! How long a portrait takes these days, and so how long somebody still has to wait.

use super::crew;
use sqlx::AnyPool;

/// How many of the latest portraits the average is taken over: enough to be calm, few enough to follow.
const RECENT: i64 = 20;

/// What a portrait takes before the first one is done, in milliseconds.
const FIRST_GUESS_MS: f64 = 4_000.0;

/// The pace of the booth at this moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Mean duration of the latest portraits, in milliseconds.
    pub portrait_ms: f64,
    /// Portraits that are being made.
    pub processing: f64,
    /// The sum of their progress, each 0 to 1.
    pub progress: f64,
    /// Portraits that can be made at a time, by all workers together.
    pub studios: u32,
}

impl Pace {
    /// Reads the pace from the latest portraits.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn read(pool: &AnyPool, now_ms: i64) -> Result<Self, sqlx::Error> {
        let (total_ms, portraits, processing, progress): (i64, i64, i64, f64) = sqlx::query_as(
            "SELECT
               (SELECT CAST(COALESCE(SUM(duration_ms), 0) AS BIGINT) FROM (
                   SELECT duration_ms FROM photos WHERE status = 'completed'
                   ORDER BY finished_at_ms DESC LIMIT $1) AS recent),
               (SELECT COUNT(*) FROM (
                   SELECT id FROM photos WHERE status = 'completed'
                   ORDER BY finished_at_ms DESC LIMIT $1) AS recent),
               (SELECT COUNT(*) FROM photos WHERE status = 'processing'),
               (SELECT CAST(COALESCE(SUM(progress), 0) AS DOUBLE PRECISION) FROM photos
                WHERE status = 'processing')",
        )
        .bind(RECENT)
        .fetch_one(pool)
        .await?;
        let studios = crew::studios(pool, now_ms).await?;
        let portrait_ms = if portraits > 0 {
            total_ms as f64 / portraits as f64
        } else {
            FIRST_GUESS_MS
        };
        Ok(Self {
            portrait_ms,
            processing: processing as f64,
            progress,
            studios,
        })
    }

    /// Seconds until the portrait at this place in the queue is done; 1 is next.
    pub fn seconds_for_place(&self, place: u32) -> u32 {
        let begun = (self.processing - self.progress).max(0.0);
        let before = begun + f64::from(place.saturating_sub(1));
        self.seconds(before / self.lanes() + 1.0)
    }

    /// Seconds until a portrait that is this far (0 to 1) is done.
    pub fn seconds_from(&self, progress: f64) -> u32 {
        self.seconds(1.0 - progress)
    }

    /// Seconds until a place in the queue is free: when the next one is claimed.
    pub fn seconds_to_free_place(&self) -> u32 {
        let busy = self.processing.max(1.0);
        let left = ((busy - self.progress) / busy).clamp(0.0, 1.0);
        self.seconds(left / self.lanes())
    }

    fn lanes(&self) -> f64 {
        f64::from(self.studios.max(1))
    }

    /// Rounded up: a guest who waits less than was said is content. At least one.
    fn seconds(&self, portraits: f64) -> u32 {
        (portraits * self.portrait_ms / 1_000.0).ceil().max(1.0) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE_AT_WORK: Pace = Pace {
        portrait_ms: 4_000.0,
        processing: 1.0,
        progress: 0.5,
        studios: 1,
    };

    #[test]
    fn waits_for_those_before() {
        assert_eq!(ONE_AT_WORK.seconds_for_place(1), 6);
        assert_eq!(ONE_AT_WORK.seconds_for_place(3), 14);
        let idle = Pace {
            processing: 0.0,
            progress: 0.0,
            ..ONE_AT_WORK
        };
        assert_eq!(idle.seconds_for_place(1), 4);
        let two = Pace {
            studios: 2,
            processing: 2.0,
            progress: 1.0,
            ..ONE_AT_WORK
        };
        assert_eq!(two.seconds_for_place(3), 10);
    }

    #[test]
    fn what_is_left_shrinks_but_never_to_nothing() {
        assert_eq!(ONE_AT_WORK.seconds_from(0.0), 4);
        assert_eq!(ONE_AT_WORK.seconds_from(0.6), 2);
        assert_eq!(ONE_AT_WORK.seconds_from(1.0), 1);
        assert_eq!(ONE_AT_WORK.seconds_to_free_place(), 2);
    }
}
