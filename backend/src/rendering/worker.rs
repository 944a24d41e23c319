//! A worker: claims a photo, fetches it, has it rendered, stores the portrait; one at a time, until told to
//! stop.

use super::StudioState;
use super::blame::Blame;
use super::studio::StudioThread;
use crate::app::AppState;
use crate::clock::now_ms;
use crate::jobs::outcome;
use crate::jobs::queue::{self, Claim};
use api::ErrorCode;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How often an idle worker looks for photos whose worker fell silent; new ones wake it at once.
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
            owner: app.config.queue.instance.clone(),
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
        for photo in outcome::fail_exhausted(&app.db, now_ms()).await? {
            tracing::error!(photo = %photo, "photo {photo} was given up after its last attempt");
            app.changes.announce_move(photo);
        }
        let Some(claimed) = queue::claim(&app.db, &self.claim, now_ms()).await? else {
            return Ok(Turn::Empty);
        };
        app.changes.announce_move(claimed.photo);
        if let Err(error) = self.make_portrait(&claimed).await {
            let photo = claimed.photo;
            if queue::give_back(&app.db, &claimed).await? {
                app.changes.announce_enqueued(photo);
            } else {
                self.fail(&claimed, ErrorCode::RenderFailed, Blame::Machine)
                    .await?;
            }
            return Err(error.context(format!("photo {photo}, attempt {}", claimed.attempt)));
        }
        Ok(Turn::Done)
    }
}
