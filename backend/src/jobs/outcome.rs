//! How far a claimed photo is, and how it ends: completed or failed, once.

use super::queue::{Claimed, MAX_ATTEMPTS};
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
}

/// Notes the stage that begins and the share of the work that is done.
///
/// # Errors
/// The database does not answer.
pub async fn note_stage(
    db: &AnyPool,
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
    .execute(db)
    .await
    .map(drop)
}

/// The portrait is in storage. `false` when the photo is no longer ours; then somebody else's portrait counts.
///
/// # Errors
/// The database does not answer.
pub async fn complete(
    db: &AnyPool,
    claimed: &Claimed,
    finished: &Finished,
    now_ms: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE photos
         SET status = 'completed', stage = NULL, progress = 1, lease_owner = NULL, lease_until_ms = NULL,
             finished_at_ms = $1, duration_ms = $1 - started_at_ms, result_type = $2, result_width = $3,
             result_height = $4, result_bytes = $5, faces = $6
         WHERE id = $7 AND status = 'processing' AND attempts = $8",
    )
    .bind(now_ms)
    .bind(finished.content_type)
    .bind(whole(finished.width))
    .bind(whole(finished.height))
    .bind(whole(finished.bytes))
    .bind(whole(finished.faces))
    .bind(claimed.photo.to_string())
    .bind(claimed.attempt)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// There will be no portrait. `false` when the photo is no longer ours.
///
/// # Errors
/// The database does not answer.
pub async fn fail(
    db: &AnyPool,
    claimed: &Claimed,
    code: ErrorCode,
    now_ms: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE photos
         SET status = 'failed', error_code = $1, lease_owner = NULL, lease_until_ms = NULL,
             finished_at_ms = $2, duration_ms = $2 - started_at_ms
         WHERE id = $3 AND status = 'processing' AND attempts = $4",
    )
    .bind(word_of(code))
    .bind(now_ms)
    .bind(claimed.photo.to_string())
    .bind(claimed.attempt)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Fails the photos whose worker fell silent at the last attempt: they may be what silences workers. Gives
/// their names.
///
/// # Errors
/// The database does not answer.
pub async fn fail_exhausted(db: &AnyPool, now_ms: i64) -> Result<Vec<PhotoId>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "UPDATE photos
         SET status = 'failed', error_code = $1, lease_owner = NULL, lease_until_ms = NULL,
             finished_at_ms = $2, duration_ms = $2 - started_at_ms
         WHERE status = 'processing' AND lease_until_ms < $2 AND attempts >= $3
         RETURNING id",
    )
    .bind(word_of(ErrorCode::RenderFailed))
    .bind(now_ms)
    .bind(MAX_ATTEMPTS)
    .fetch_all(db)
    .await?;
    Ok(rows.iter().filter_map(|(id,)| PhotoId::parse(id)).collect())
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
