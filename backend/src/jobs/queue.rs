//! Into the queue and out of it: enqueue, claim with a lease, renew, give back.

use super::words::{value_of, word_of};
use crate::db::{Db, Dialect};
use crate::photo_id::PhotoId;
use api::OutputFormat;
use sqlx::AnyPool;
use std::time::Duration;

/// The longest rest between two attempts.
const LONGEST_REST: Duration = Duration::from_secs(64);

/// What a guest asks for, and the hash of the secret that proves who asked.
#[derive(Clone, Debug)]
pub struct Wish {
    pub photo: PhotoId,
    pub theme_id: String,
    pub variant_id: String,
    pub format: OutputFormat,
    pub owner_secret_sha256: String,
    pub idempotency_salt: Option<String>,
    /// The span of the request that asked: the worker's continues it.
    pub traceparent: Option<String>,
}

/// Puts an uploaded photo into the queue, unless it is there already or the queue is full. Of several
/// submissions of one photo, or for the last place, one wins. `false` when nothing was changed.
///
/// # Errors
/// The database does not answer.
pub async fn enqueue(
    db: &Db,
    wish: &Wish,
    queue_limit: u32,
    now_ms: i64,
) -> Result<bool, sqlx::Error> {
    let statement = sqlx::query(
        "UPDATE photos
         SET status = 'queued', theme_id = $1, variant_id = $2, output_format = $3,
             owner_secret_sha256 = $4, idempotency_salt = $5, queued_at_ms = $6, traceparent = $7
         WHERE id = $8 AND status = 'ticketed'
           AND (SELECT COUNT(*) FROM photos WHERE status = 'queued') < $9",
    )
    .bind(&wish.theme_id)
    .bind(&wish.variant_id)
    .bind(word_of(wish.format))
    .bind(&wish.owner_secret_sha256)
    .bind(&wish.idempotency_salt)
    .bind(now_ms)
    .bind(&wish.traceparent)
    .bind(wish.photo.to_string())
    .bind(i64::from(queue_limit));
    let done = match db.dialect {
        // Its one writer counts and writes without anybody in between.
        Dialect::Sqlite => statement.execute(&db.pool).await?,
        Dialect::Postgres => {
            let mut transaction = db.pool.begin().await?;
            // Those who enqueue take turns, so that nobody counts what another is about to change.
            sqlx::query("SELECT pg_advisory_xact_lock(hashtext('photobooth queue'))")
                .execute(&mut *transaction)
                .await?;
            let done = statement.execute(&mut *transaction).await?;
            transaction.commit().await?;
            done
        }
    };
    Ok(done.rows_affected() == 1)
}

/// Who asks for work, and for how long a photo is theirs.
#[derive(Clone, Debug)]
pub struct Claim {
    pub owner: String,
    pub lease: Duration,
}

impl Claim {
    /// When a lease that begins now ends.
    pub fn until_ms(&self, now_ms: i64) -> i64 {
        now_ms.saturating_add(i64::try_from(self.lease.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A photo that is ours to render until the lease ends. The attempt is a fence: once the photo was given to
/// somebody else, nothing that this attempt writes is taken.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub photo: PhotoId,
    pub attempt: i64,
    pub theme_id: String,
    pub variant_id: String,
    pub format: OutputFormat,
    pub claimed_at_ms: i64,
    pub queued_at_ms: i64,
    /// Not before then could it be claimed: it was queued, or rested after a failure.
    pub claimable_at_ms: i64,
    /// The span that its work continues.
    pub traceparent: Option<String>,
}

/// Finds the photo that has waited longest and takes it; `$lock` is what keeps claims apart.
macro_rules! claim_statement {
    ($lock:literal) => {
        concat!(
            "UPDATE photos
             SET status = 'processing', attempts = attempts + 1, lease_owner = $1, lease_until_ms = $2,
                 started_at_ms = $3, stage = NULL, progress = 0
             WHERE status = 'queued' AND id = (
                 SELECT id FROM photos WHERE status = 'queued' AND claimable_at_ms <= $3
                 ORDER BY queued_at_ms, id LIMIT 1 ",
            $lock,
            ") RETURNING id, attempts, theme_id, variant_id, output_format, queued_at_ms, claimable_at_ms,
                 traceparent"
        )
    };
}

/// Takes the photo that has waited longest. One statement finds and takes it, so it goes to one worker only.
///
/// # Errors
/// The database does not answer.
pub async fn claim(db: &Db, claim: &Claim, now_ms: i64) -> Result<Option<Claimed>, sqlx::Error> {
    let statement = match db.dialect {
        Dialect::Sqlite => claim_statement!(""),
        // Claims that meet look past each other's photo, and none waits or comes back with nothing.
        Dialect::Postgres => claim_statement!("FOR UPDATE SKIP LOCKED"),
    };
    #[derive(sqlx::FromRow)]
    struct ClaimedRow {
        id: String,
        attempts: i64,
        theme_id: String,
        variant_id: String,
        output_format: String,
        queued_at_ms: i64,
        claimable_at_ms: i64,
        traceparent: Option<String>,
    }
    // All rows are read, though there is one at most: SQLite ends the statement only then.
    let rows: Vec<ClaimedRow> = sqlx::query_as(statement)
        .bind(&claim.owner)
        .bind(claim.until_ms(now_ms))
        .bind(now_ms)
        .fetch_all(&db.pool)
        .await?;
    let Some(row) = rows.into_iter().next() else {
        return Ok(None);
    };
    let photo =
        PhotoId::parse(&row.id).ok_or_else(|| sqlx::Error::Decode("not a photo id".into()))?;
    Ok(Some(Claimed {
        photo,
        attempt: row.attempts,
        theme_id: row.theme_id,
        variant_id: row.variant_id,
        format: value_of(&row.output_format)?,
        claimed_at_ms: now_ms,
        queued_at_ms: row.queued_at_ms,
        claimable_at_ms: row.queued_at_ms.max(row.claimable_at_ms),
        traceparent: row.traceparent,
    }))
}

/// Says that we are still at it. `false` when the photo is no longer ours.
///
/// # Errors
/// The database does not answer.
pub async fn renew(
    pool: &AnyPool,
    claimed: &Claimed,
    claim: &Claim,
    now_ms: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE photos SET lease_until_ms = $1
         WHERE id = $2 AND status = 'processing' AND attempts = $3",
    )
    .bind(claim.until_ms(now_ms))
    .bind(claimed.photo.to_string())
    .bind(claimed.attempt)
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Why a photo comes back unfinished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setback {
    /// The attempt itself failed; after `--attempts` of these the photo is parked.
    Attempt,
    /// Database, storage, graphics card, shutdown: not the photo's fault, so the attempt does not count.
    Surroundings,
}

/// Puts a photo back to where it stood in the queue, to be claimed again after a rest that doubles each time.
/// `false` when it is no longer ours, or has had all its attempts.
///
/// # Errors
/// The database does not answer.
pub async fn give_back(
    pool: &AnyPool,
    claimed: &Claimed,
    setback: Setback,
    attempts: u32,
    now_ms: i64,
) -> Result<bool, sqlx::Error> {
    let excused = i64::from(setback == Setback::Surroundings);
    let done = sqlx::query(
        "UPDATE photos
         SET status = 'queued', lease_owner = NULL, lease_until_ms = NULL, stage = NULL, progress = 0,
             excused = excused + $1, claimable_at_ms = $2
         WHERE id = $3 AND status = 'processing' AND attempts = $4 AND attempts - excused - $1 < $5",
    )
    .bind(excused)
    .bind(now_ms + rest_ms(claimed.attempt))
    .bind(claimed.photo.to_string())
    .bind(claimed.attempt)
    .bind(i64::from(attempts))
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts photos back whose worker fell silent: it was killed, or cut off. Gives their names.
///
/// # Errors
/// The database does not answer.
pub async fn take_from_silent(
    pool: &AnyPool,
    attempts: u32,
    now_ms: i64,
) -> Result<Vec<PhotoId>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "UPDATE photos
         SET status = 'queued', lease_owner = NULL, lease_until_ms = NULL, stage = NULL, progress = 0
         WHERE status = 'processing' AND lease_until_ms < $1 AND attempts - excused < $2
         RETURNING id",
    )
    .bind(now_ms)
    .bind(i64::from(attempts))
    .fetch_all(pool)
    .await?;
    Ok(rows.iter().filter_map(|(id,)| PhotoId::parse(id)).collect())
}

/// How many photos the workers of this process hold.
///
/// # Errors
/// The database does not answer.
pub async fn held_by(pool: &AnyPool, process: &str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM photos WHERE status = 'processing' AND lease_owner LIKE $1",
    )
    .bind(format!("{process}/%"))
    .fetch_one(pool)
    .await
}

/// Ends every lease. Only for a database that no other process uses: whoever held one is gone. Gives their
/// number.
///
/// # Errors
/// The database does not answer.
pub async fn end_all_leases(pool: &AnyPool) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("UPDATE photos SET lease_until_ms = 0 WHERE status = 'processing'")
        .execute(pool)
        .await?;
    Ok(done.rows_affected())
}

/// How many photos wait and how many are being rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depth {
    pub queued: u64,
    pub processing: u64,
}

/// # Errors
/// The database does not answer.
pub async fn depth(pool: &AnyPool) -> Result<Depth, sqlx::Error> {
    let (queued, processing): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM photos WHERE status = 'queued'),
                (SELECT COUNT(*) FROM photos WHERE status = 'processing')",
    )
    .fetch_one(pool)
    .await?;
    Ok(Depth {
        queued: queued.unsigned_abs(),
        processing: processing.unsigned_abs(),
    })
}

/// One second after the first attempt, two after the second, and so on up to [`LONGEST_REST`].
fn rest_ms(attempt: i64) -> i64 {
    let doublings = u32::try_from(attempt - 1).unwrap_or(0).min(16);
    let rest = Duration::from_secs(1 << doublings).min(LONGEST_REST);
    i64::try_from(rest.as_millis()).unwrap_or(i64::MAX)
}
