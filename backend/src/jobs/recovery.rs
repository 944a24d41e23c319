//! Looks after photos whose worker fell silent: they are claimed again, or parked after their last attempt.

use super::{News, crew, outcome, queue};
use crate::app::{App, AppState};
use crate::telemetry::GivenBack;
use api::ErrorCode;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// How often it is looked: a lease lasts many times longer.
const INTERVAL: Duration = Duration::from_secs(2);

/// Recovers until the process ends. Any number of processes may.
pub async fn keep_recovering(app: AppState) {
    let mut ticks = interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.closing.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = recover(&app).await {
            tracing::warn!("photos of silent workers could not be looked for: {error:#}");
        }
    }
}

/// Takes photos from workers that fell silent.
///
/// # Errors
/// The database does not answer.
pub async fn recover(app: &App) -> anyhow::Result<()> {
    let metrics = &app.telemetry.metrics;
    let (pool, now_ms) = (&app.db.pool, app.clock.now_ms());
    let attempts = app.config.queue.attempts;
    for photo in outcome::park_exhausted(pool, attempts, now_ms).await? {
        tracing::error!(photo = %photo, "photo {photo} was given up after its last attempt");
        metrics.note_failures(ErrorCode::RenderFailed, 1);
        app.changes.announce(News::Moved(photo)).await;
    }
    for photo in queue::take_from_silent(pool, attempts, now_ms).await? {
        tracing::warn!(photo = %photo, "photo {photo} is taken from a worker that fell silent");
        metrics.note_given_back(GivenBack::Silence);
        app.changes.announce(News::Queued(photo)).await;
    }
    crew::forget_silent(pool, now_ms).await?;
    Ok(())
}
