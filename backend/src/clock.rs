//! The time, in milliseconds since 1970 (UTC), on which all processes agree: leases of one are compared with the
//! clock of another.

use crate::db::{Db, Dialect};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// This machine's clock, set by the database's where several machines share one.
#[derive(Debug, Default)]
pub struct Clock {
    ahead_ms: AtomicI64,
}

impl Clock {
    pub fn now_ms(&self) -> i64 {
        own_ms() + self.ahead_ms.load(Ordering::Relaxed)
    }

    /// The moment as this machine's own clock shows it: what traces are timed by.
    pub fn own_time(&self, at_ms: i64) -> SystemTime {
        let own_ms = at_ms - self.ahead_ms.load(Ordering::Relaxed);
        UNIX_EPOCH + Duration::from_millis(own_ms.max(0).unsigned_abs())
    }

    /// Sets the clock by the database's. SQLite runs on this machine's clock as it is.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn set_by(&self, db: &Db) -> Result<(), sqlx::Error> {
        if db.dialect == Dialect::Sqlite {
            return Ok(());
        }
        let asked_ms = own_ms();
        let told_ms: i64 = sqlx::query_scalar(
            "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
        )
        .fetch_one(&db.pool)
        .await?;
        // It was told half way between question and answer.
        let here_ms = i64::midpoint(asked_ms, own_ms());
        self.ahead_ms.store(told_ms - here_ms, Ordering::Relaxed);
        Ok(())
    }
}

fn own_ms() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
    since_1970.map_or(0, |time| {
        i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
    })
}
