//! `GET /api/process/{id}/events`: the job as server-sent events, from what it is now until it is over.

use super::status::read_job;
use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{GuestHost, PhotoPath};
use crate::guards::{Client, Seat};
use crate::jobs::News;
use crate::photo_id::PhotoId;
use api::{ErrorBody, Job};
use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::uri::Authority;
use http::{HeaderName, header};
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;

/// Shorter than the minute after which proxies give a silent connection up.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// News can be lost on its way from another process; a watcher looks at least this often.
const LONGEST_SILENCE: Duration = Duration::from_secs(5);

/// Somebody who watches a job.
struct Watcher {
    app: AppState,
    photo: PhotoId,
    host: Authority,
    changes: Receiver<News>,
    /// What was sent last; `None` before the first event.
    sent: Option<Job>,
    /// Held for as long as they watch.
    _seat: Seat,
}

/// Sends the job at once and after every change, and ends after the last one.
#[utoipa::path(
    get, path = "/api/process/{id}/events", tag = "portraits",
    params(("id" = String, Path, description = "The photo's id, which is the job's")),
    responses(
        (status = 200, content_type = "text/event-stream", body = String,
            description = "Server-sent events: each one's data is a Job, the first as it is now, the last when it is over"),
        (status = 404, body = ErrorBody, description = "UNKNOWN_PHOTO"),
        (status = 503, body = ErrorBody, description = "NOT_READY: come back after Retry-After seconds"),
    ),
)]
pub async fn follow_job(
    State(app): State<AppState>,
    Extension(client): Extension<Client>,
    GuestHost(host): GuestHost,
    PhotoPath(photo): PhotoPath,
) -> ApiResult<Response> {
    let seat = app.guards.take_stream(client)?;
    let changes = app.changes.watch();
    // An unknown photo is told so with a status, before a stream begins.
    let first = read_job(&app, photo, &host).await?;
    let watcher = Watcher {
        app,
        photo,
        host,
        changes,
        sent: None,
        _seat: seat,
    };
    let events = stream::unfold((watcher, Some(first)), |(mut watcher, first)| async move {
        let job = match first {
            Some(job) => job,
            None => watcher.next_job().await?,
        };
        let event = Event::default().json_data(&job);
        watcher.sent = Some(job);
        Some((event, (watcher, None)))
    });
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        // nginx would hold events back until a buffer is full.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok((headers, events).into_response())
}

impl Watcher {
    /// Waits until the job is different from what was sent; `None` when it is over or gone, or the process ends.
    async fn next_job(&mut self) -> Option<Job> {
        let sent = self.sent.clone()?;
        if sent.status.is_final() {
            return None;
        }
        let closing = self.app.closing.clone();
        loop {
            // Whatever was the last news is still told when the process ends.
            let is_last = tokio::select! {
                () = closing.cancelled() => true,
                () = self.news() => false,
            };
            match read_job(&self.app, self.photo, &self.host).await {
                Ok(job) if job != sent => return Some(job),
                Ok(_) if is_last => return None,
                Ok(_) => {}
                Err(error) if error.is_final() || is_last => return None,
                // The database is away for a moment; the next look may succeed.
                Err(error) => tracing::warn!("a watcher could not look: {error}"),
            }
        }
    }

    /// Waits for a change that may concern this job; after a while, looks without one.
    async fn news(&mut self) {
        let (mine, is_queued) = (self.photo, self.is_queued());
        let relevant = async {
            loop {
                match self.changes.recv().await {
                    Ok(News::Missed) | Err(RecvError::Lagged(_)) => return,
                    Ok(News::Moved(photo)) if photo == mine || is_queued => return,
                    Ok(News::Queued(photo) | News::Advanced(photo)) if photo == mine => return,
                    Ok(_) => {}
                    // The sender lives as long as the process.
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        let _ = timeout(LONGEST_SILENCE, relevant).await;
    }

    fn is_queued(&self) -> bool {
        self.sent
            .as_ref()
            .is_some_and(|job| job.status == api::JobStatus::Queued)
    }
}
