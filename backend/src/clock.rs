//! The time, in milliseconds since 1970 (UTC), on which all processes agree: leases of one are compared with the
//! clock of another.

use crate::db::{Db, Dialect};
use aws_smithy_types::date_time::{DateTime, Format};
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

/// A moment as answers name it (RFC 3339), in whole seconds: never later than it is.
///
/// # Errors
/// It lies thousands of years away.
pub fn rfc3339(at_ms: i64) -> anyhow::Result<String> {
    let moment = DateTime::from_secs(at_ms.div_euclid(1_000));
    Ok(moment.fmt(Format::DateTime)?)
}

fn own_ms() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
    since_1970.map_or(0, |time| {
        i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn moments_are_cut_to_seconds() {
        assert_eq!(rfc3339(1_795_537_962_999).unwrap(), "2026-11-24T16:32:42Z");
        assert_eq!(rfc3339(-1).unwrap(), "1969-12-31T23:59:59Z");
    }
}
