//! Who can make portraits, in this process and in others: what readiness and waiting times are judged by.

use sqlx::AnyPool;

/// A process that has not been heard of for this long is gone.
pub const SILENCE_MS: i64 = 15_000;

/// Says that a process lives and how many portraits it makes at a time.
///
/// # Errors
/// The database does not answer.
pub async fn report(
    pool: &AnyPool,
    name: &str,
    studios: usize,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO workers (name, studios, seen_at_ms) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET studios = excluded.studios, seen_at_ms = excluded.seen_at_ms",
    )
    .bind(name)
    .bind(i64::try_from(studios).unwrap_or(i64::MAX))
    .bind(now_ms)
    .execute(pool)
    .await
    .map(drop)
}

/// Takes a process that ends off the list.
///
/// # Errors
/// The database does not answer.
pub async fn leave(pool: &AnyPool, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM workers WHERE name = $1")
        .bind(name)
        .execute(pool)
        .await
        .map(drop)
}

/// How many portraits can be made at a time, by all who live.
///
/// # Errors
/// The database does not answer.
pub async fn studios(pool: &AnyPool, now_ms: i64) -> Result<u32, sqlx::Error> {
    let studios: i64 = sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(studios), 0) AS BIGINT) FROM workers WHERE seen_at_ms > $1",
    )
    .bind(now_ms - SILENCE_MS)
    .fetch_one(pool)
    .await?;
    Ok(u32::try_from(studios).unwrap_or(u32::MAX))
}

/// Forgets who has been silent for long.
///
/// # Errors
/// The database does not answer.
pub async fn forget_silent(pool: &AnyPool, now_ms: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM workers WHERE seen_at_ms < $1")
        .bind(now_ms - 10 * SILENCE_MS)
        .execute(pool)
        .await
        .map(drop)
}
