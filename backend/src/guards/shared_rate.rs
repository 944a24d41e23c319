//! How often a client may ask for what costs a GPU: counted in the database, by all processes together.

use super::Client;
use super::rate::too_fast;
use crate::error::ApiResult;
use sqlx::AnyPool;
use std::time::Duration;

const MINUTE_MS: i64 = 60_000;

/// So many requests a minute for each client, all of them at once if it likes.
///
/// The method is GCRA: one number a client, the time at which its next request would come if it kept exactly to the
/// rate. Each request moves that time on by one interval, and none may move it further ahead than a minute.
#[derive(Clone, Copy, Debug)]
pub struct SharedRate {
    /// `None` counts nothing.
    interval_ms: Option<i64>,
}

impl SharedRate {
    /// 0 limits nothing.
    pub fn per_minute(requests: u32) -> Self {
        Self {
            interval_ms: MINUTE_MS.checked_div(requests.into()),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// `RATE_LIMITED`, with the time after which the next one is granted; or the database does not answer.
    pub async fn admit(&self, pool: &AnyPool, client: Client, now_ms: i64) -> ApiResult<()> {
        let Some(interval_ms) = self.interval_ms else {
            return Ok(());
        };
        let latest_ms = now_ms + MINUTE_MS - interval_ms;
        let client = client.digest();
        // One statement looks and counts, so that of many processes at once none counts past another.
        let admitted = sqlx::query(
            "INSERT INTO rates (client, arrival_ms) VALUES ($1, $2 + $3)
             ON CONFLICT (client) DO UPDATE
             SET arrival_ms = CASE WHEN rates.arrival_ms > $2 THEN rates.arrival_ms ELSE $2 END + $3
             WHERE rates.arrival_ms <= $4",
        )
        .bind(&client)
        .bind(now_ms)
        .bind(interval_ms)
        .bind(latest_ms)
        .execute(pool)
        .await?
        .rows_affected();
        if admitted > 0 {
            return Ok(());
        }
        let arrival_ms: Option<i64> =
            sqlx::query_scalar("SELECT arrival_ms FROM rates WHERE client = $1")
                .bind(&client)
                .fetch_optional(pool)
                .await?;
        let wait_ms = arrival_ms.unwrap_or_default().saturating_sub(latest_ms);
        let wait = Duration::from_millis(u64::try_from(wait_ms).unwrap_or_default());
        Err(too_fast(wait))
    }
}

/// Deletes what says nothing any more.
///
/// # Errors
/// The database does not answer.
pub async fn forget_idle(pool: &AnyPool, now_ms: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM rates WHERE arrival_ms <= $1")
        .bind(now_ms)
        .execute(pool)
        .await
        .map(drop)
}
