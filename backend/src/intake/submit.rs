//! `POST /api/process`: puts an uploaded photo into the queue.

use super::owner_secret::{OwnerSecret, is_secret_of};
use crate::app::AppState;
use crate::error::{ApiError, ApiResult};
use crate::extract::{IdempotencyKey, JsonBody};
use crate::guards::Client;
use crate::jobs::News;
use crate::jobs::estimate::Pace;
use crate::jobs::queue::{self, Wish};
use crate::jobs::words::{value_of, word_of};
use crate::photo_id::PhotoId;
use crate::telemetry::Trail;
use api::{ErrorBody, ErrorCode, JobStatus, ProcessRequest, SubmittedJob};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{StatusCode, header};

/// How soon to ask again when no worker is there: models are loaded within seconds.
const NOT_READY_RETRY_SECONDS: u64 = 3;

/// Checks what is cheap to check first, then lets one statement decide: of several requests for one photo,
/// or for the last place in the queue, one wins.
#[utoipa::path(
    post, path = "/api/process", tag = "portraits",
    params(("idempotency-key" = Option<String>, Header, pattern = "^[!-~]{16,128}$",
        description = "A random UUID, the same whenever the same request is sent again")),
    request_body = ProcessRequest,
    responses(
        (status = 201, body = SubmittedJob, description = "The photo is queued", headers(
            ("location" = String, description = "Where to look at the job"),
        )),
        (status = 200, body = SubmittedJob, description = "It was asked for before under the same Idempotency-Key"),
        (status = 400, body = ErrorBody, description = "INVALID_REQUEST: no JSON, or no usable Idempotency-Key"),
        (status = 404, body = ErrorBody, description = "UNKNOWN_PHOTO, UNKNOWN_THEME or UNKNOWN_VARIANT"),
        (status = 409, body = ErrorBody, description = "ALREADY_SUBMITTED"),
        (status = 413, body = ErrorBody, description = "INVALID_REQUEST: the request is too large"),
        (status = 415, body = ErrorBody, description = "INVALID_REQUEST: the request is not JSON"),
        (status = 422, body = ErrorBody, description = "PHOTO_NOT_UPLOADED, IDEMPOTENCY_KEY_REUSED or INVALID_REQUEST"),
        (status = 503, body = ErrorBody, description = "QUEUE_FULL or NOT_READY: come back after Retry-After seconds"),
    ),
)]
pub async fn submit(
    State(app): State<AppState>,
    Extension(trail): Extension<Trail>,
    Extension(client): Extension<Client>,
    IdempotencyKey(key): IdempotencyKey,
    JsonBody(request): JsonBody<ProcessRequest>,
) -> ApiResult<Response> {
    let photo = PhotoId::parse(&request.photo_id).ok_or(ErrorCode::UnknownPhoto)?;
    let variant_id = find_variant(&app, &request)?;
    let secret = OwnerSecret::generate(key.as_deref())?;
    let wish = Wish {
        photo,
        theme_id: request.theme_id,
        variant_id,
        format: request.output_format.unwrap_or_default(),
        owner_secret_sha256: secret.sha256,
        idempotency_salt: secret.salt,
        traceparent: trail.traceparent(),
    };
    trail.set("photo", photo.to_string());
    let ticket = match find_row(&app, photo).await? {
        Row::Ticketed(ticket) => ticket,
        Row::Submitted(earlier) => return earlier.repeat(&wish, key.as_deref()),
    };
    if !app.takes_work().await? {
        return Err(ApiError::from(ErrorCode::NotReady).retry_after(NOT_READY_RETRY_SECONDS));
    }
    refuse_if_full(&app).await?;
    refuse_if_not_uploaded(&app, photo, &ticket).await?;
    let now_ms = app.clock.now_ms();
    // What was refused above cost no GPU and is not counted.
    app.guards
        .process
        .admit(&app.db.pool, client, now_ms)
        .await?;
    let queue_limit = app.config.queue.queue_limit;
    if !queue::enqueue(&app.db, &wish, queue_limit, now_ms).await? {
        // Somebody was faster: with this very photo, or into the last place.
        return match find_row(&app, photo).await? {
            Row::Submitted(earlier) => earlier.repeat(&wish, key.as_deref()),
            Row::Ticketed(_) => Err(queue_full(&app).await?),
        };
    }
    app.changes.announce(News::Queued(photo)).await;
    tracing::info!(photo = %photo, theme = wish.theme_id, "photo {photo} is queued");
    Ok(answer(
        StatusCode::CREATED,
        photo,
        JobStatus::Queued,
        secret.text,
    ))
}

fn answer(code: StatusCode, photo: PhotoId, status: JobStatus, owner_secret: String) -> Response {
    let job = SubmittedJob {
        id: photo.to_string(),
        status,
        owner_secret,
    };
    let location = format!("/api/process/{photo}");
    (code, [(header::LOCATION, location)], Json(job)).into_response()
}

/// What is known of a photo.
enum Row {
    Ticketed(Ticket),
    Submitted(Earlier),
}

/// What the guest announced that they would upload.
struct Ticket {
    upload_type: String,
    upload_bytes: i64,
}

/// A wish that was granted before.
struct Earlier {
    photo: PhotoId,
    status: JobStatus,
    theme_id: String,
    variant_id: String,
    output_format: String,
    owner_secret_sha256: String,
    idempotency_salt: Option<String>,
}

impl Earlier {
    /// The same answer once more for the same request under the same key: its first answer was lost on its way.
    fn repeat(self, wish: &Wish, key: Option<&str>) -> ApiResult<Response> {
        let (Some(key), Some(salt)) = (key, self.idempotency_salt) else {
            return Err(ErrorCode::AlreadySubmitted.into());
        };
        let secret = OwnerSecret::mix(salt, key);
        if !is_secret_of(&secret.text, &self.owner_secret_sha256) {
            return Err(ErrorCode::AlreadySubmitted.into());
        }
        let is_same = self.theme_id == wish.theme_id
            && self.variant_id == wish.variant_id
            && self.output_format == word_of(wish.format);
        if !is_same {
            return Err(ErrorCode::IdempotencyKeyReused.into());
        }
        Ok(answer(StatusCode::OK, self.photo, self.status, secret.text))
    }
}

async fn find_row(app: &AppState, photo: PhotoId) -> ApiResult<Row> {
    #[derive(sqlx::FromRow)]
    struct PhotoRow {
        status: String,
        upload_type: String,
        upload_bytes: i64,
        theme_id: Option<String>,
        variant_id: Option<String>,
        output_format: Option<String>,
        owner_secret_sha256: Option<String>,
        idempotency_salt: Option<String>,
    }
    let row: Option<PhotoRow> = sqlx::query_as(
        "SELECT status, upload_type, upload_bytes, theme_id, variant_id, output_format, owner_secret_sha256,
                idempotency_salt
         FROM photos WHERE id = $1 AND status <> 'expiring'",
    )
    .bind(photo.to_string())
    .fetch_optional(&app.db.pool)
    .await?;
    let row = row.ok_or(ErrorCode::UnknownPhoto)?;
    if row.status == "ticketed" {
        return Ok(Row::Ticketed(Ticket {
            upload_type: row.upload_type,
            upload_bytes: row.upload_bytes,
        }));
    }
    Ok(Row::Submitted(Earlier {
        photo,
        status: value_of(&row.status)?,
        theme_id: row.theme_id.unwrap_or_default(),
        variant_id: row.variant_id.unwrap_or_default(),
        output_format: row.output_format.unwrap_or_default(),
        owner_secret_sha256: row.owner_secret_sha256.unwrap_or_default(),
        idempotency_salt: row.idempotency_salt,
    }))
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
    let depth = queue::depth(&app.db.pool).await?;
    if depth.queued >= u64::from(app.config.queue.queue_limit) {
        return Err(queue_full(app).await?);
    }
    Ok(())
}

async fn queue_full(app: &AppState) -> ApiResult<ApiError> {
    let pace = Pace::read(&app.db.pool, app.clock.now_ms()).await?;
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
