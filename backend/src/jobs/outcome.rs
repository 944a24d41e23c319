//! How far a claimed photo is, and how it ends: completed or failed, once.

use super::queue::Claimed;
use super::words::word_of;
use crate::photo_id::PhotoId;
use api::{ErrorCode, Stage};
use sqlx::AnyPool;

/// What is known of a portrait that lies in storage.
#[derive(Clone, Debug)]
pub struct Finished {
    pub content_type: &'static str,
    pub width: usize,
    pub height: usize,
    pub bytes: usize,
    pub faces: usize,
    /// The release that made it.
    pub release: String,
}

/// Notes the stage that begins and the share of the work that is done.
///
/// # Errors
/// The database does not answer.
pub async fn note_stage(
    pool: &AnyPool,
    claimed: &Claimed,
    stage: Stage,
    progress: f64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE photos SET stage = $1, progress = $2
         WHERE id = $3 AND status = 'processing' AND attempts = $4",
    )
    .bind(word_of(stage))
    .bind(progress)
    .bind(claimed.photo.to_string())
    .bind(claimed.attempt)
    .execute(pool)
    .await
    .map(drop)
}

/// The portrait is in storage. `false` when the photo is no longer ours; then somebody else's portrait counts.
///
/// # Errors
/// The database does not answer.
pub async fn complete(
    pool: &AnyPool,
    claimed: &Claimed,
    finished: &Finished,
    now_ms: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE photos
         SET status = 'completed', stage = NULL, progress = 1, lease_owner = NULL, lease_until_ms = NULL,
             finished_at_ms = $1, duration_ms = $1 - started_at_ms, result_type = $2, result_width = $3,
             result_height = $4, result_bytes = $5, faces = $6, made_by_release = $7
         WHERE id = $8 AND status = 'processing' AND attempts = $9",
    )
    .bind(now_ms)
    .bind(finished.content_type)
    .bind(whole(finished.width))
    .bind(whole(finished.height))
    .bind(whole(finished.bytes))
    .bind(whole(finished.faces))
    .bind(&finished.release)
    .bind(claimed.photo.to_string())
    .bind(claimed.attempt)
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// There will be no portrait; `detail` is for operators alone. `false` when the photo is no longer ours.
///
/// # Errors
/// The database does not answer.
pub async fn fail(
    pool: &AnyPool,
    claimed: &Claimed,
    code: ErrorCode,
    detail: &str,
    now_ms: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE photos
         SET status = 'failed', error_code = $1, error_detail = $2, lease_owner = NULL, lease_until_ms = NULL,
             stage = NULL, finished_at_ms = $3, duration_ms = $3 - started_at_ms
         WHERE id = $4 AND status = 'processing' AND attempts = $5",
    )
    .bind(word_of(code))
    .bind(detail)
    .bind(now_ms)
    .bind(claimed.photo.to_string())
    .bind(claimed.attempt)
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The guest does not want it any more. `false` when it is over already.
///
/// # Errors
/// The database does not answer.
pub async fn cancel(pool: &AnyPool, photo: PhotoId, now_ms: i64) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE photos
         SET status = 'failed', error_code = $1, lease_owner = NULL, lease_until_ms = NULL, stage = NULL,
             finished_at_ms = $2
         WHERE id = $3 AND status IN ('queued', 'processing')",
    )
    .bind(word_of(ErrorCode::Cancelled))
    .bind(now_ms)
    .bind(photo.to_string())
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether somebody still waits for this photo's portrait, or has it: not when its guest has deleted it.
///
/// # Errors
/// The database does not answer.
pub async fn is_wanted(pool: &AnyPool, photo: PhotoId) -> Result<bool, sqlx::Error> {
    let wanted: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM photos
         WHERE id = $1 AND status IN ('queued', 'processing', 'completed')",
    )
    .bind(photo.to_string())
    .fetch_one(pool)
    .await?;
    Ok(wanted > 0)
}

/// Parks the photos whose worker fell silent at the last attempt: they may be what silences workers. Gives
/// their names.
///
/// # Errors
/// The database does not answer.
pub async fn park_exhausted(
    pool: &AnyPool,
    attempts: u32,
    now_ms: i64,
) -> Result<Vec<PhotoId>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "UPDATE photos
         SET status = 'failed', error_code = $1, error_detail = 'its workers fell silent', lease_owner = NULL,
             lease_until_ms = NULL, stage = NULL, finished_at_ms = $2, duration_ms = $2 - started_at_ms
         WHERE status = 'processing' AND lease_until_ms < $2 AND attempts - excused >= $3
         RETURNING id",
    )
    .bind(word_of(ErrorCode::RenderFailed))
    .bind(now_ms)
    .bind(i64::from(attempts))
    .fetch_all(pool)
    .await?;
    Ok(rows.iter().filter_map(|(id,)| PhotoId::parse(id)).collect())
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
