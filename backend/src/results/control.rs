//! What a guest may do with their own visit, by the secret that only they have: cancel it, delete it.

use super::status::read_job;
use super::{originals, removal};
use crate::app::{App, AppState};
use crate::error::ApiResult;
use crate::extract::{GuestHost, PhotoPath, Secret};
use crate::intake::owner_secret::is_secret_of;
use crate::jobs::{News, outcome};
use crate::photo_id::PhotoId;
use api::{Deletion, ErrorBody, ErrorCode, Job};
use axum::Json;
use axum::extract::State;
use http::StatusCode;

/// `DELETE /api/process/{id}`: photo, portrait and everything known of them, at whatever stage. 202 when the storage
/// does not answer: nobody can see them any more, and the sweeper deletes them.
#[utoipa::path(
    delete, path = "/api/process/{id}", tag = "portraits", security(("owner" = [])),
    params(("id" = String, Path, description = "The photo's id, which is the job's")),
    responses(
        (status = 200, body = Deletion, description = "Photo, portrait and row are gone"),
        (status = 202, body = Deletion, description = "Nobody sees them any more; they go when the storage answers"),
        (status = 401, body = ErrorBody, description = "MISSING_SECRET"),
        (status = 403, body = ErrorBody, description = "WRONG_SECRET"),
        (status = 404, body = ErrorBody, description = "UNKNOWN_PHOTO"),
        (status = 503, body = ErrorBody, description = "NOT_READY: come back after Retry-After seconds"),
    ),
)]
pub async fn delete_visit(
    State(app): State<AppState>,
    PhotoPath(photo): PhotoPath,
    Secret(secret): Secret,
) -> ApiResult<(StatusCode, Json<Deletion>)> {
    check_owner(&app, photo, &secret).await?;
    removal::mark(&app.db.pool, photo).await?;
    app.changes.announce(News::Moved(photo)).await;
    let outcome = removal::finish(&app, photo).await;
    let status = match &outcome {
        Ok(()) => StatusCode::OK,
        Err(error) => {
            tracing::warn!(photo = %photo, "photo {photo} will be deleted later: {error:#}");
            StatusCode::ACCEPTED
        }
    };
    tracing::info!(photo = %photo, "photo {photo} was deleted by its guest");
    let deletion = Deletion {
        id: photo.to_string(),
        deleted: outcome.is_ok(),
    };
    Ok((status, Json(deletion)))
}

/// `POST /api/process/{id}/cancel`: no portrait is made, and the photo is deleted; that it was cancelled can still
/// be seen.
#[utoipa::path(
    post, path = "/api/process/{id}/cancel", tag = "portraits", security(("owner" = [])),
    params(("id" = String, Path, description = "The photo's id, which is the job's")),
    responses(
        (status = 200, body = Job, description = "It is cancelled, and the photo is deleted"),
        (status = 401, body = ErrorBody, description = "MISSING_SECRET"),
        (status = 403, body = ErrorBody, description = "WRONG_SECRET"),
        (status = 404, body = ErrorBody, description = "UNKNOWN_PHOTO"),
        (status = 409, body = ErrorBody, description = "ALREADY_FINISHED"),
        (status = 503, body = ErrorBody, description = "NOT_READY: come back after Retry-After seconds"),
    ),
)]
pub async fn cancel_job(
    State(app): State<AppState>,
    GuestHost(host): GuestHost,
    PhotoPath(photo): PhotoPath,
    Secret(secret): Secret,
) -> ApiResult<Json<Job>> {
    check_owner(&app, photo, &secret).await?;
    if !outcome::cancel(&app.db.pool, photo, app.clock.now_ms()).await? {
        return Err(ErrorCode::AlreadyFinished.into());
    }
    app.telemetry.metrics.note_failures(ErrorCode::Cancelled, 1);
    app.changes.announce(News::Moved(photo)).await;
    originals::delete(&app, photo).await;
    tracing::info!(photo = %photo, "photo {photo} was cancelled by its guest");
    Ok(Json(read_job(&app, photo, &host).await?))
}

/// Whoever knows the id may look; whoever knows the secret may act.
///
/// # Errors
/// `UNKNOWN_PHOTO`, `WRONG_SECRET`, or the database does not answer.
pub(super) async fn check_owner(app: &App, photo: PhotoId, secret: &str) -> ApiResult<()> {
    let stored: Option<Option<String>> = sqlx::query_scalar(
        "SELECT owner_secret_sha256 FROM photos
         WHERE id = $1 AND status NOT IN ('ticketed', 'expiring')",
    )
    .bind(photo.to_string())
    .fetch_optional(&app.db.pool)
    .await?;
    let stored = stored.ok_or(ErrorCode::UnknownPhoto)?.unwrap_or_default();
    if is_secret_of(secret, &stored) {
        Ok(())
    } else {
        Err(ErrorCode::WrongSecret.into())
    }
}
