//! `POST /api/process`: puts an uploaded photo into the queue.

use super::owner_secret::OwnerSecret;
use crate::app::AppState;
use crate::clock::now_ms;
use crate::error::{ApiError, ApiResult};
use crate::extract::JsonBody;
use crate::jobs::estimate::Pace;
use crate::jobs::queue::{self, Wish};
use crate::photo_id::PhotoId;
use api::{ErrorCode, JobStatus, ProcessRequest, SubmittedJob};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

/// How soon to ask again while the models are being loaded: that takes a few seconds.
const WARM_UP_RETRY_SECONDS: u64 = 3;

/// Checks what is cheap to check first, then lets one statement decide: of several requests for one photo,
/// or for the last place in the queue, one wins.
pub async fn submit(
    State(app): State<AppState>,
    JsonBody(request): JsonBody<ProcessRequest>,
) -> ApiResult<Response> {
    if !app.takes_work() {
        return Err(ApiError::from(ErrorCode::NotReady).retry_after(WARM_UP_RETRY_SECONDS));
    }
    let photo = PhotoId::parse(&request.photo_id).ok_or(ErrorCode::UnknownPhoto)?;
    let ticket = find_open_ticket(&app, photo).await?;
    let variant_id = find_variant(&app, &request)?;
    refuse_if_full(&app).await?;
    refuse_if_not_uploaded(&app, photo, &ticket).await?;

    let secret = OwnerSecret::generate()?;
    let wish = Wish {
        photo,
        theme_id: request.theme_id,
        variant_id,
        format: request.output_format.unwrap_or_default(),
        owner_secret_sha256: secret.sha256,
    };
    if !queue::enqueue(&app.db, &wish, app.config.queue.queue_limit, now_ms()).await? {
        // Somebody was faster: with this very photo, or into the last place.
        find_open_ticket(&app, photo).await?;
        return Err(queue_full(&app).await?);
    }
    app.changes.announce_enqueued(photo);
    tracing::info!(photo = %photo, theme = wish.theme_id, "photo {photo} is queued");

    let job = SubmittedJob {
        id: photo.to_string(),
        status: JobStatus::Queued,
        owner_secret: secret.text,
    };
    let location = format!("/api/process/{photo}");
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(job),
    )
        .into_response())
}

/// What the guest announced that they would upload.
struct Ticket {
    upload_type: String,
    upload_bytes: i64,
}

async fn find_open_ticket(app: &AppState, photo: PhotoId) -> ApiResult<Ticket> {
    let row: Option<(String, String, i64)> =
        sqlx::query_as("SELECT status, upload_type, upload_bytes FROM photos WHERE id = $1")
            .bind(photo.to_string())
            .fetch_optional(&app.db)
            .await?;
    let (status, upload_type, upload_bytes) = row.ok_or(ErrorCode::UnknownPhoto)?;
    if status != "ticketed" {
        return Err(ErrorCode::AlreadySubmitted.into());
    }
    Ok(Ticket {
        upload_type,
        upload_bytes,
    })
}

/// The variant that was asked for, or the theme's first.
fn find_variant(app: &AppState, request: &ProcessRequest) -> ApiResult<String> {
    let theme = app
        .gallery
        .theme(&request.theme_id)
        .ok_or(ErrorCode::UnknownTheme)?;
    let mut variants = theme.variants.iter();
    let variant = match &request.variant_id {
        None => variants.next(),
        Some(id) => variants.find(|variant| variant.id == *id),
    };
    Ok(variant.ok_or(ErrorCode::UnknownVariant)?.id.clone())
}

/// Asks before the storage is asked; the statement that enqueues decides.
async fn refuse_if_full(app: &AppState) -> ApiResult<()> {
    let depth = queue::depth(&app.db).await?;
    if depth.queued >= u64::from(app.config.queue.queue_limit) {
        return Err(queue_full(app).await?);
    }
    Ok(())
}

async fn queue_full(app: &AppState) -> ApiResult<ApiError> {
    let pace = Pace::read(&app.db, app.config.rendering.workers).await?;
    let seconds = pace.seconds_to_free_place().into();
    Ok(ApiError::from(ErrorCode::QueueFull).retry_after(seconds))
}

/// The storage has refused any other length or type already; this finds the photo that never arrived.
async fn refuse_if_not_uploaded(app: &AppState, photo: PhotoId, ticket: &Ticket) -> ApiResult<()> {
    let object = app.storage.head(&photo.upload_key()).await?;
    let arrived = object.is_some_and(|object| {
        i64::try_from(object.bytes) == Ok(ticket.upload_bytes)
            && object.content_type.as_deref() == Some(ticket.upload_type.as_str())
    });
    if arrived {
        Ok(())
    } else {
        Err(ErrorCode::PhotoNotUploaded.into())
    }
}
