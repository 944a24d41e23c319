//! 3. The portrait is made: a worker claims a photo, fetches it, and has its studio render it.

pub mod attendance;
mod blame;
mod lease;
mod making;
mod models;
pub mod protection;
mod shares;
mod studio;
mod worker;

pub use models::{Models, StudioState};
pub use shares::StepShares;

use crate::app::AppState;
use std::time::Instant;
use tokio::task::JoinSet;
use worker::Worker;

/// Opens the studios of this process, and works in them until it is told to stop or one of its workers cannot go on;
/// then the others finish what they are at.
///
/// # Errors
/// The models could not be opened, or what ended a worker before its time.
pub async fn run(app: AppState) -> anyhow::Result<()> {
    let count = app.config.studios(app.role);
    if count == 0 {
        app.stopping.cancelled().await;
        return Ok(());
    }
    let began = Instant::now();
    let rendering = &app.config.rendering;
    let studios = studio::open_all(rendering.studio()?, rendering.portrait_size, count).await?;
    if let Some(first) = studios.first() {
        app.models
            .note_opened(first.device(), first.fallback_reason().is_some());
        app.telemetry
            .metrics
            .note_device(first.device(), rendering.device);
        if let Some(reason) = first.fallback_reason() {
            tracing::warn!("portraits are made on the processor: {reason}");
        }
        let (device, duration_ms) = (first.device(), began.elapsed().as_millis());
        tracing::info!(%device, "models are warm on {device} after {duration_ms} ms");
    }
    let mut workers = JoinSet::new();
    for (number, studio) in studios.into_iter().enumerate() {
        workers.spawn(Worker::start(app.clone(), number, studio)?.run());
    }
    let mut outcome = Ok(());
    while let Some(ended) = workers.join_next().await {
        app.stopping.cancel();
        outcome = outcome.and(ended.unwrap_or_else(|panic| Err(panic.into())));
    }
    outcome
}
