//! `POST /api/process/{id}/share`: a link that a guest takes along, to be followed by whoever has it until it ends.

use super::control::check_owner;
use crate::app::{App, AppState};
use crate::clock::rfc3339;
use crate::error::ApiResult;
use crate::extract::{PhotoPath, Secret};
use crate::intake::owner_secret::{draw, hash};
use crate::photo_id::PhotoId;
use api::{ErrorBody, ErrorCode, Share};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use sqlx::AnyPool;
use std::time::Duration;

/// Links of one portrait that work at a time. A further one ends the oldest: the guest who asks for it looks at the
/// newest.
const SHARES_A_PORTRAIT: i64 = 5;

/// Makes a link to a finished portrait.
#[utoipa::path(
    post, path = "/api/process/{id}/share", tag = "portraits", security(("owner" = [])),
    params(("id" = String, Path, description = "The photo's id, which is the job's")),
    responses(
        (status = 201, body = Share, description = "A link; of a portrait's links five work at a time, and a sixth ends the oldest"),
        (status = 401, body = ErrorBody, description = "MISSING_SECRET"),
        (status = 403, body = ErrorBody, description = "WRONG_SECRET"),
        (status = 404, body = ErrorBody, description = "UNKNOWN_PHOTO"),
        (status = 409, body = ErrorBody, description = "NOT_FINISHED: it is still being made, or it failed"),
        (status = 503, body = ErrorBody, description = "NOT_READY: come back after Retry-After seconds"),
    ),
)]
pub async fn share_portrait(
    State(app): State<AppState>,
    PhotoPath(photo): PhotoPath,
    Secret(secret): Secret,
) -> ApiResult<Response> {
    check_owner(&app, photo, &secret).await?;
    let token = draw()?;
    let kept = keep(&app, photo, &token).await?;
    let expires_at_ms = kept.ok_or(ErrorCode::NotFinished)?;
    tracing::info!(photo = %photo, "photo {photo} was shared by its guest");
    let share = Share {
        path: format!("/s/{token}"),
        token,
        expires_at: rfc3339(expires_at_ms)?,
    };
    let caching = [(header::CACHE_CONTROL, "no-store")];
    Ok((StatusCode::CREATED, caching, Json(share)).into_response())
}

/// Stores what a link's token is known by, and gives the link's end; `None` when there is no portrait to link to.
async fn keep(app: &App, photo: PhotoId, token: &str) -> Result<Option<i64>, sqlx::Error> {
    let retention = &app.config.retention;
    let mut transaction = app.db.pool.begin().await?;
    // Changes nothing, but holds the row: no deletion and no other link of this portrait comes between.
    let finished_at_ms: Option<i64> = sqlx::query_scalar(
        "UPDATE photos SET status = status WHERE id = $1 AND status = 'completed' RETURNING finished_at_ms",
    )
    .bind(photo.to_string())
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(finished_at_ms) = finished_at_ms else {
        return Ok(None);
    };
    let own_end_ms = after(app.clock.now_ms(), retention.share_life());
    let expires_at_ms = own_end_ms.min(after(finished_at_ms, retention.portrait_life()));
    sqlx::query(
        "DELETE FROM shares WHERE photo_id = $1 AND token_sha256 NOT IN
             (SELECT token_sha256 FROM shares WHERE photo_id = $1 ORDER BY expires_at_ms DESC LIMIT $2)",
    )
    .bind(photo.to_string())
    .bind(SHARES_A_PORTRAIT - 1)
    .execute(&mut *transaction)
    .await?;
    sqlx::query("INSERT INTO shares (token_sha256, photo_id, expires_at_ms) VALUES ($1, $2, $3)")
        .bind(hash(token))
        .bind(photo.to_string())
        .bind(expires_at_ms)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(Some(expires_at_ms))
}

/// Deletes the links that have ended; how many there were.
///
/// # Errors
/// The database does not answer.
pub async fn forget_ended(pool: &AnyPool, now_ms: i64) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("DELETE FROM shares WHERE expires_at_ms <= $1")
        .bind(now_ms)
        .execute(pool)
        .await?;
    Ok(done.rows_affected())
}

fn after(at_ms: i64, life: Duration) -> i64 {
    at_ms.saturating_add(i64::try_from(life.as_millis()).unwrap_or(i64::MAX))
}
