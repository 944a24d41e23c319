//! `GET /api/process/{id}`: where a portrait stands, read from its row.

use crate::app::AppState;
use crate::error::{ApiError, ApiResult};
use crate::extract::{GuestHost, PhotoPath};
use crate::jobs::estimate::Pace;
use crate::jobs::words::value_of;
use crate::photo_id::{PhotoId, extension};
use api::{ErrorBody, ErrorCode, Job, JobStatus, OutputFormat, ResultLink};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use http::uri::Authority;
use std::time::Duration;

/// What of the row a guest may see.
#[derive(sqlx::FromRow)]
struct JobRow {
    status: String,
    theme_id: Option<String>,
    variant_id: Option<String>,
    output_format: Option<String>,
    queued_at_ms: Option<i64>,
    stage: Option<String>,
    progress: f64,
    error_code: Option<String>,
    result_type: Option<String>,
    result_width: Option<i64>,
    result_height: Option<i64>,
    result_bytes: Option<i64>,
    faces: Option<i64>,
    made_by_release: Option<String>,
}

/// The answer to a single question.
#[utoipa::path(
    get, path = "/api/process/{id}", tag = "portraits",
    params(("id" = String, Path, description = "The photo's id, which is the job's")),
    responses(
        (status = 200, body = Job, description = "Where it stands; a failed job has an error, and is no error itself"),
        (status = 404, body = ErrorBody, description = "UNKNOWN_PHOTO: never submitted, deleted, or expired"),
        (status = 503, body = ErrorBody, description = "NOT_READY: come back after Retry-After seconds"),
    ),
)]
pub async fn show_job(
    State(app): State<AppState>,
    GuestHost(host): GuestHost,
    PhotoPath(photo): PhotoPath,
) -> ApiResult<Response> {
    let job = read_job(&app, photo, &host).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(job)).into_response())
}

/// Reads a job as its guest sees it. A photo that was never submitted is no job, so it is unknown.
///
/// # Errors
/// `UNKNOWN_PHOTO`, or the database does not answer.
pub async fn read_job(app: &AppState, photo: PhotoId, host: &Authority) -> ApiResult<Job> {
    let row: Option<JobRow> = sqlx::query_as(
        "SELECT status, theme_id, variant_id, output_format, queued_at_ms, stage, progress, error_code,
                result_type, result_width, result_height, result_bytes, faces, made_by_release
         FROM photos WHERE id = $1 AND status NOT IN ('ticketed', 'expiring')",
    )
    .bind(photo.to_string())
    .fetch_optional(&app.db.pool)
    .await?;
    let row = row.ok_or(ErrorCode::UnknownPhoto)?;
    let status: JobStatus = value_of(&row.status)?;
    let mut job = Job {
        id: photo.to_string(),
        status,
        theme_id: row.theme_id.clone().unwrap_or_default(),
        variant_id: row.variant_id.clone().unwrap_or_default(),
        stage: None,
        progress: row.progress as f32,
        queue_position: None,
        eta_seconds: None,
        result: None,
        error: None,
        release: row.made_by_release.clone(),
    };
    match status {
        JobStatus::Queued => {
            let place = place_in_queue(app, photo, &row).await?;
            job.queue_position = Some(place);
            job.eta_seconds = Some(pace(app).await?.seconds_for_place(place));
        }
        JobStatus::Processing => {
            job.stage = row.stage.as_deref().map(value_of).transpose()?;
            job.eta_seconds = Some(pace(app).await?.seconds_from(row.progress));
        }
        JobStatus::Completed => job.result = Some(link(app, photo, &row, host).await?),
        JobStatus::Failed => {
            let word = row.error_code.as_deref().unwrap_or("INTERNAL");
            job.error = Some(value_of::<ErrorCode>(word)?.into());
        }
    }
    Ok(job)
}

async fn pace(app: &AppState) -> Result<Pace, sqlx::Error> {
    Pace::read(&app.db.pool, app.clock.now_ms()).await
}

async fn place_in_queue(app: &AppState, photo: PhotoId, row: &JobRow) -> ApiResult<u32> {
    let before: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM photos
         WHERE status = 'queued' AND (queued_at_ms < $1 OR (queued_at_ms = $1 AND id < $2))",
    )
    .bind(row.queued_at_ms.unwrap_or_default())
    .bind(photo.to_string())
    .fetch_one(&app.db.pool)
    .await?;
    Ok(u32::try_from(before + 1).unwrap_or(u32::MAX))
}

/// Fresh addresses of the portrait: one that opens in the browser and one that is saved as a file.
async fn link(
    app: &AppState,
    photo: PhotoId,
    row: &JobRow,
    host: &Authority,
) -> ApiResult<ResultLink> {
    let word = row.output_format.as_deref().unwrap_or("jpeg");
    let format: OutputFormat = value_of(word)?;
    let key = photo.result_key(format);
    let name = name_file(row.theme_id.as_deref(), format);
    let seconds = app.config.storage.link_seconds;
    let expires_in = Duration::from_secs(seconds);
    let sign = |save_as| {
        app.storage
            .presign_download(&key, save_as, expires_in, host)
    };
    Ok(ResultLink {
        url: sign(None).await?,
        download_url: sign(Some(name.as_str())).await?,
        expires_in: seconds,
        content_type: row.result_type.clone().unwrap_or_default(),
        width: count(row.result_width)?,
        height: count(row.result_height)?,
        bytes: count(row.result_bytes)?,
        faces: count(row.faces)?,
    })
}

/// The name under which a guest's browser saves a portrait.
pub(super) fn name_file(theme_id: Option<&str>, format: OutputFormat) -> String {
    let theme = theme_id.unwrap_or("photobooth");
    format!("portrait-{theme}.{}", extension(format))
}

/// # Errors
/// `INTERNAL`: the row says that it is completed and does not say of what size.
pub(super) fn count<N: TryFrom<i64>>(column: Option<i64>) -> ApiResult<N> {
    column
        .and_then(|number| N::try_from(number).ok())
        .ok_or_else(|| ApiError::from(anyhow::anyhow!("a completed photo lacks its measures")))
}
