//! What a guest may do with their own visit, by the secret that only they have: cancel it, delete it.

use super::status::read_job;
use super::{originals, removal};
use crate::app::{App, AppState};
use crate::error::ApiResult;
use crate::extract::{GuestHost, PhotoPath, Secret};
use crate::intake::owner_secret::is_secret_of;
use crate::jobs::{News, outcome};
use crate::photo_id::PhotoId;
use api::{Deletion, ErrorCode, Job};
use axum::Json;
use axum::extract::State;
use http::StatusCode;

/// `DELETE /api/process/{id}`: photo, portrait and everything known of them, at whatever stage. 202 when the storage
/// does not answer: nobody can see them any more, and the sweeper deletes them.
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
    app.changes.announce(News::Moved(photo)).await;
    originals::delete(&app, photo).await;
    tracing::info!(photo = %photo, "photo {photo} was cancelled by its guest");
    Ok(Json(read_job(&app, photo, &host).await?))
}

/// Whoever knows the id may look; whoever knows the secret may act.
async fn check_owner(app: &App, photo: PhotoId, secret: &str) -> ApiResult<()> {
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
