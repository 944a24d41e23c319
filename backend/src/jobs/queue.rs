//! Into the queue and out of it: enqueue, claim with a lease, renew, give back.

use super::words::value_of;
use crate::photo_id::PhotoId;
use api::OutputFormat;
use sqlx::AnyPool;
use std::time::Duration;

/// How often a photo is tried before its guest is told that it failed.
pub const MAX_ATTEMPTS: i64 = 3;

/// What a guest asks for, and the hash of the secret that proves who asked.
#[derive(Clone, Debug)]
pub struct Wish {
    pub photo: PhotoId,
    pub theme_id: String,
    pub variant_id: String,
    pub format: OutputFormat,
    pub owner_secret_sha256: String,
}

/// Puts an uploaded photo into the queue, unless it is there already or the queue is full; one statement
/// decides, so two submissions of one photo cannot both win. `false` when nothing was changed.
///
/// # Errors
/// The database does not answer.
pub async fn enqueue(
    db: &AnyPool,
    wish: &Wish,
    queue_limit: u32,
    now_ms: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE photos
         SET status = 'queued', theme_id = $1, variant_id = $2, output_format = $3,
             owner_secret_sha256 = $4, queued_at_ms = $5
         WHERE id = $6 AND status = 'ticketed'
           AND (SELECT COUNT(*) FROM photos WHERE status = 'queued') < $7",
    )
    .bind(&wish.theme_id)
    .bind(&wish.variant_id)
    .bind(super::words::word_of(wish.format))
    .bind(&wish.owner_secret_sha256)
    .bind(now_ms)
    .bind(wish.photo.to_string())
    .bind(i64::from(queue_limit))
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Who asks for work, and for how long a photo is theirs.
#[derive(Clone, Debug)]
pub struct Claim {
    pub owner: String,
    pub lease: Duration,
}

impl Claim {
    fn until_ms(&self, now_ms: i64) -> i64 {
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
}

/// Takes the photo that has waited longest, or one whose worker fell silent. One statement finds and takes
/// it, guarded by its status and lease, so that it goes to one worker only.
///
/// # Errors
/// The database does not answer.
pub async fn claim(
    db: &AnyPool,
    claim: &Claim,
    now_ms: i64,
) -> Result<Option<Claimed>, sqlx::Error> {
    // All rows are read, though there is one at most: SQLite ends the statement only then.
    let rows: Vec<(String, i64, String, String, String)> = sqlx::query_as(
        "UPDATE photos
         SET status = 'processing', attempts = attempts + 1, lease_owner = $1, lease_until_ms = $2,
             started_at_ms = $3, stage = NULL, progress = 0
         WHERE id = (
                 SELECT id FROM photos
                 WHERE status = 'queued'
                    OR (status = 'processing' AND lease_until_ms < $3 AND attempts < $4)
                 ORDER BY queued_at_ms, id
                 LIMIT 1)
           AND (status = 'queued' OR (status = 'processing' AND lease_until_ms < $3))
         RETURNING id, attempts, theme_id, variant_id, output_format",
    )
    .bind(&claim.owner)
    .bind(claim.until_ms(now_ms))
    .bind(now_ms)
    .bind(MAX_ATTEMPTS)
    .fetch_all(db)
    .await?;
    let Some((id, attempt, theme_id, variant_id, format)) = rows.into_iter().next() else {
        return Ok(None);
    };
    let photo = PhotoId::parse(&id).ok_or_else(|| sqlx::Error::Decode("not a photo id".into()))?;
    Ok(Some(Claimed {
        photo,
        attempt,
        theme_id,
        variant_id,
        format: value_of(&format)?,
    }))
}

/// Says that we are still at it. `false` when the photo is no longer ours.
///
/// # Errors
/// The database does not answer.
pub async fn renew(
    db: &AnyPool,
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
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a photo back to where it stood in the queue, for another attempt: something around it failed, not
/// the photo. `false` when it is no longer ours, or has had all its attempts.
///
/// # Errors
/// The database does not answer.
pub async fn give_back(db: &AnyPool, claimed: &Claimed) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE photos
         SET status = 'queued', lease_owner = NULL, lease_until_ms = NULL, stage = NULL, progress = 0
         WHERE id = $1 AND status = 'processing' AND attempts = $2 AND attempts < $3",
    )
    .bind(claimed.photo.to_string())
    .bind(claimed.attempt)
    .bind(MAX_ATTEMPTS)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends the leases that a process of this name held before it stopped, so that its photos are claimed again
/// at once. Gives their number.
///
/// # Errors
/// The database does not answer.
pub async fn end_own_leases(db: &AnyPool, owner: &str) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE photos SET lease_until_ms = 0 WHERE status = 'processing' AND lease_owner = $1",
    )
    .bind(owner)
    .execute(db)
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
pub async fn depth(db: &AnyPool) -> Result<Depth, sqlx::Error> {
    let (queued, processing): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM photos WHERE status = 'queued'),
                (SELECT COUNT(*) FROM photos WHERE status = 'processing')",
    )
    .fetch_one(db)
    .await?;
    Ok(Depth {
        queued: queued.unsigned_abs(),
        processing: processing.unsigned_abs(),
    })
}
