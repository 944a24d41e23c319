//! Tells all processes that this one can make portraits, as long as it can.

use crate::app::{App, AppState};
use crate::jobs::crew;
use std::time::Duration;
use tokio::time::sleep;

/// A few of these may be missed before a process counts as gone.
const INTERVAL: Duration = Duration::from_secs(4);

/// Reports until the process is told to stop, then says good-bye.
pub async fn keep(app: AppState) {
    if app.config.studios(app.role) == 0 {
        return;
    }
    tokio::select! {
        () = app.stopping.cancelled() => return,
        () = app.models.wait_until_ready() => {}
    }
    while !app.stopping.is_cancelled() {
        if let Err(error) = report(&app).await {
            tracing::warn!("the other processes could not be told that this one works: {error}");
        }
        tokio::select! {
            () = app.stopping.cancelled() => {}
            () = app.models.changed() => {}
            () = sleep(INTERVAL) => {}
        }
    }
    if let Err(error) = crew::leave(&app.db.pool, &app.name).await {
        tracing::warn!("could not say good-bye: {error}");
    }
}

/// # Errors
/// The database does not answer.
async fn report(app: &App) -> anyhow::Result<()> {
    app.clock.set_by(&app.db).await?;
    let studios = app.models.usable();
    crew::report(&app.db.pool, &app.name, studios, app.clock.now_ms()).await?;
    Ok(())
}
