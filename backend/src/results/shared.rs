//! `GET /api/share/{token}`: what whoever has a link may see, and the portrait itself.
//!
//! The portrait comes through this process. A presigned address would hold its key and with it the photo's id, by
//! which anybody could ask for fresh addresses long after the link has ended.

use super::status::{count, name_file};
use crate::app::{App, AppState};
use crate::clock::rfc3339;
use crate::error::{ApiError, ApiResult};
use crate::extract::TokenPath;
use crate::intake::owner_secret::hash;
use crate::jobs::words::value_of;
use crate::photo_id::PhotoId;
use anyhow::Context;
use api::{ErrorBody, ErrorCode, OutputFormat, SharedPortrait};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;

/// A link that works, and of its portrait's row what can be seen through it.
#[derive(sqlx::FromRow)]
struct SharedRow {
    photo_id: String,
    expires_at_ms: i64,
    theme_id: Option<String>,
    output_format: Option<String>,
    result_type: Option<String>,
    result_width: Option<i64>,
    result_height: Option<i64>,
    result_bytes: Option<i64>,
}

/// What the link leads to.
#[utoipa::path(
    get, path = "/api/share/{token}", tag = "portraits",
    params(("token" = String, Path, description = "The token of POST /api/process/{id}/share")),
    responses(
        (status = 200, body = SharedPortrait, description = "The portrait and the end of the link"),
        (status = 404, body = ErrorBody, description = "UNKNOWN_SHARE: never made, ended, or its portrait deleted"),
        (status = 503, body = ErrorBody, description = "NOT_READY: come back after Retry-After seconds"),
    ),
)]
pub async fn show_share(
    State(app): State<AppState>,
    TokenPath(token): TokenPath,
) -> ApiResult<Response> {
    let row = find(&app, &token).await?;
    let theme_id = row.theme_id.unwrap_or_default();
    let theme = app.gallery.theme(&theme_id);
    let shared = SharedPortrait {
        theme_name: theme.map_or_else(|| theme_id.clone(), |theme| theme.name.clone()),
        theme_id,
        url: format!("/api/share/{token}/portrait"),
        download_url: format!("/api/share/{token}/download"),
        content_type: row.result_type.unwrap_or_default(),
        width: count(row.result_width)?,
        height: count(row.result_height)?,
        bytes: count(row.result_bytes)?,
        expires_at: rfc3339(row.expires_at_ms)?,
    };
    let caching = [(header::CACHE_CONTROL, "no-store")];
    Ok((caching, Json(shared)).into_response())
}

/// The portrait, to be looked at.
#[utoipa::path(
    get, path = "/api/share/{token}/portrait", tag = "portraits",
    params(("token" = String, Path, description = "The token of POST /api/process/{id}/share")),
    responses(
        (status = 200, description = "The file", content(("image/jpeg"), ("image/png"))),
        (status = 404, body = ErrorBody, description = "UNKNOWN_SHARE: never made, ended, or its portrait deleted"),
        (status = 503, body = ErrorBody, description = "NOT_READY: come back after Retry-After seconds"),
    ),
)]
pub async fn show_portrait(
    State(app): State<AppState>,
    TokenPath(token): TokenPath,
) -> ApiResult<Response> {
    send_portrait(&app, &token, "inline").await
}

/// The portrait, to be saved under a name.
#[utoipa::path(
    get, path = "/api/share/{token}/download", tag = "portraits",
    params(("token" = String, Path, description = "The token of POST /api/process/{id}/share")),
    responses(
        (status = 200, description = "The file", content(("image/jpeg"), ("image/png"))),
        (status = 404, body = ErrorBody, description = "UNKNOWN_SHARE: never made, ended, or its portrait deleted"),
        (status = 503, body = ErrorBody, description = "NOT_READY: come back after Retry-After seconds"),
    ),
)]
pub async fn save_portrait(
    State(app): State<AppState>,
    TokenPath(token): TokenPath,
) -> ApiResult<Response> {
    send_portrait(&app, &token, "attachment").await
}

async fn send_portrait(app: &App, token: &str, disposition: &str) -> ApiResult<Response> {
    let row = find(app, token).await?;
    let photo = PhotoId::parse(&row.photo_id).context("a share's photo")?;
    let format: OutputFormat = value_of(row.output_format.as_deref().unwrap_or("jpeg"))?;
    let object = app.storage.open_object(&photo.result_key(format)).await?;
    // Deleted between the two questions.
    let object = object.ok_or(ErrorCode::UnknownShare)?;
    let name = name_file(row.theme_id.as_deref(), format);
    let headers = [
        (header::CONTENT_TYPE, row.result_type.unwrap_or_default()),
        (header::CONTENT_LENGTH, object.bytes.to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("{disposition}; filename=\"{name}\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::new(object.body)).into_response())
}

/// The link of that token, as long as it works. Tokens are found by their hash, so the time that it takes tells
/// nothing of them.
async fn find(app: &App, token: &str) -> ApiResult<SharedRow> {
    let row: Option<SharedRow> = sqlx::query_as(
        "SELECT photo_id, expires_at_ms, theme_id, output_format, result_type, result_width, result_height, result_bytes
         FROM shares JOIN photos ON photos.id = shares.photo_id
         WHERE token_sha256 = $1 AND expires_at_ms > $2 AND status = 'completed'",
    )
    .bind(hash(token))
    .bind(app.clock.now_ms())
    .fetch_optional(&app.db.pool)
    .await?;
    row.ok_or(ApiError::from(ErrorCode::UnknownShare))
}
