//! A worker: claims a photo, fetches it, has it rendered, stores the portrait; one at a time, until told to
//! stop.

use super::StudioState;
use super::studio::StudioThread;
use crate::app::AppState;
use crate::jobs::News;
use crate::jobs::queue::{self, Claim, Setback};
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How often an idle worker looks for itself; new photos wake it at once.
const IDLE_LOOK: Duration = Duration::from_secs(2);

/// How long a worker rests after the database or the storage failed.
const REST: Duration = Duration::from_secs(1);

/// One of the process's workers.
#[derive(Debug)]
pub struct Worker {
    pub(super) app: AppState,
    pub(super) number: usize,
    pub(super) studio: StudioThread,
    pub(super) claim: Claim,
}

/// Whether there was something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Done,
    Empty,
}

impl Worker {
    /// Opens a studio and warms it up.
    ///
    /// # Errors
    /// The models cannot be opened.
    pub async fn start(app: AppState, number: usize) -> anyhow::Result<Self> {
        let began = Instant::now();
        let studio = StudioThread::start(app.config.rendering.studio()?, number).await?;
        app.models.set(number, StudioState::Up);
        let duration_ms = began.elapsed().as_millis();
        tracing::info!(worker = number, "models are warm after {duration_ms} ms");
        let claim = Claim {
            owner: format!("{}/{number}", app.name),
            lease: app.config.queue.lease(),
        };
        Ok(Self {
            app,
            number,
            studio,
            claim,
        })
    }

    /// Works until the process is told to stop, then finishes the portrait at hand.
    ///
    /// # Errors
    /// The studio panicked and could not be opened again.
    pub async fn run(self) -> anyhow::Result<()> {
        while !self.app.stopping.is_cancelled() {
            match self.take_turn().await {
                Ok(Turn::Done) => {}
                Ok(Turn::Empty) => self.wait_for_work().await,
                Err(error) if self.studio.is_gone() => {
                    return Err(self.studio.close().await.err().unwrap_or(error));
                }
                Err(error) => {
                    tracing::error!(worker = self.number, "{error:#}");
                    sleep(REST).await;
                }
            }
        }
        if self.app.models.is_stuck(self.number) {
            // Its thread would be waited for without end; it ends with the process.
            return Ok(());
        }
        self.studio.close().await
    }

    async fn wait_for_work(&self) {
        tokio::select! {
            () = self.app.changes.wait_for_work() => {}
            () = self.app.stopping.cancelled() => {}
            () = sleep(IDLE_LOOK) => {}
        }
    }

    /// Renders the next photo, if there is one.
    ///
    /// # Errors
    /// The database or the storage failed; the photo is given back or its lease ends by itself.
    async fn take_turn(&self) -> anyhow::Result<Turn> {
        let app = &self.app;
        let claimed = queue::claim(&app.db, &self.claim, app.clock.now_ms()).await?;
        let Some(claimed) = claimed else {
            return Ok(Turn::Empty);
        };
        app.changes.announce(News::Moved(claimed.photo)).await;
        let Err(error) = self.make_portrait(&claimed).await else {
            return Ok(Turn::Done);
        };
        let detail = format!("{error:#}");
        self.postpone(&claimed, Setback::Surroundings, &detail)
            .await?;
        Err(error.context(format!("photo {}", claimed.photo)))
    }
}
