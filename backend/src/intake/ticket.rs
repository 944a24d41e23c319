//! `POST /api/upload/presigned`: leave to upload one photo of a stated type and size.

use crate::app::AppState;
use crate::error::{ApiError, ApiResult};
use crate::extract::{GuestHost, JsonBody};
use crate::photo_id::PhotoId;
use crate::storage::UploadTerms;
use api::{ErrorBody, ErrorCode, UploadFlaw, UploadRequest, UploadTicket};
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use std::time::Duration;

/// Signs an address for exactly the file that the guest announced and notes it as a ticket.
#[utoipa::path(
    post, path = "/api/upload/presigned", tag = "portraits",
    request_body = UploadRequest,
    responses(
        (status = 200, body = UploadTicket, description = "Where to put the photo, and with which headers"),
        (status = 400, body = ErrorBody, description = "INVALID_REQUEST: no JSON"),
        (status = 413, body = ErrorBody, description = "FILE_TOO_LARGE, or the request itself is too large"),
        (status = 415, body = ErrorBody, description = "UNSUPPORTED_MEDIA_TYPE: of the photo, or of the request"),
        (status = 422, body = ErrorBody, description = "INVALID_REQUEST: a field is missing, empty or does not fit"),
        (status = 503, body = ErrorBody, description = "NOT_READY: come back after Retry-After seconds"),
    ),
)]
pub async fn issue_ticket(
    State(app): State<AppState>,
    GuestHost(host): GuestHost,
    JsonBody(request): JsonBody<UploadRequest>,
) -> ApiResult<Json<UploadTicket>> {
    request.check().map_err(explain)?;
    let photo = PhotoId::random();
    let expires_in = app.config.storage.upload_seconds;
    let terms = UploadTerms {
        key: &photo.upload_key(),
        content_type: &request.file_type,
        bytes: request.file_size,
        expires_in: Duration::from_secs(expires_in),
    };
    let upload = app.storage.presign_upload(terms, &host).await?;
    sqlx::query(
        "INSERT INTO photos (id, status, upload_type, upload_bytes, created_at_ms)
         VALUES ($1, 'ticketed', $2, $3, $4)",
    )
    .bind(photo.to_string())
    .bind(&request.file_type)
    .bind(i64::try_from(request.file_size).unwrap_or(i64::MAX))
    .bind(app.clock.now_ms())
    .execute(&app.db.pool)
    .await?;
    Ok(Json(UploadTicket {
        photo_id: photo.to_string(),
        upload_url: upload.url,
        method: "PUT".to_owned(),
        headers: upload.headers,
        expires_in,
    }))
}

fn explain(flaw: UploadFlaw) -> ApiError {
    match flaw {
        UploadFlaw::Type => ErrorCode::UnsupportedMediaType.into(),
        UploadFlaw::TooLarge => ErrorCode::FileTooLarge.into(),
        UploadFlaw::Empty => unprocessable("The file is empty."),
        UploadFlaw::NameEnding => {
            unprocessable("The ending of the file's name does not fit its type.")
        }
    }
}

fn unprocessable(message: &'static str) -> ApiError {
    ApiError::invalid(StatusCode::UNPROCESSABLE_ENTITY, message)
}
