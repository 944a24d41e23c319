//! A worker: claims a photo, fetches it, has it rendered, stores the portrait; one at a time, until told to
//! stop.

use super::StudioState;
use super::studio::StudioThread;
use crate::app::AppState;
use crate::jobs::News;
use crate::jobs::queue::{self, Claim, Claimed, Setback};
use crate::telemetry::Trail;
use anyhow::bail;
use opentelemetry::trace::SpanKind;
use portrait::Studio;
use std::time::Duration;
use tokio::time::sleep;
use tracing::Instrument;

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
    /// Takes a studio over.
    ///
    /// # Errors
    /// The system has no more threads to give.
    pub fn start(app: AppState, number: usize, studio: Studio) -> anyhow::Result<Self> {
        let studio = StudioThread::start(studio, number)?;
        app.models.set(number, StudioState::Up);
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
    /// The graphics card failed, or the studio's thread panicked.
    pub async fn run(self) -> anyhow::Result<()> {
        let models = &self.app.models;
        let mut was_idle = false;
        while !self.app.stopping.is_cancelled() && !models.are_broken() {
            let turn = self.take_turn(was_idle).await;
            was_idle = matches!(turn, Ok(Turn::Empty));
            match turn {
                Ok(Turn::Done) => {}
                Ok(Turn::Empty) => self.wait_for_work().await,
                Err(error) => {
                    tracing::error!(worker = self.number, "{error:#}");
                    sleep(REST).await;
                }
            }
        }
        if models.is_stuck(self.number) {
            // Its thread would be waited for without end; it ends with the process.
            return Ok(());
        }
        let is_broken = models.are_broken();
        self.studio.close().await?;
        if is_broken {
            bail!("the graphics card failed, and only a new process may use it again");
        }
        Ok(())
    }

    async fn wait_for_work(&self) {
        tokio::select! {
            () = self.app.changes.wait_for_work() => {}
            () = self.app.stopping.cancelled() => {}
            () = sleep(IDLE_LOOK) => {}
        }
    }

    /// Renders the next photo, if there is one; `was_idle` says that the last look found none.
    ///
    /// # Errors
    /// The database or the storage failed; the photo is given back or its lease ends by itself.
    async fn take_turn(&self, was_idle: bool) -> anyhow::Result<Turn> {
        let app = &self.app;
        let claimed = queue::claim(&app.db, &self.claim, app.clock.now_ms()).await?;
        let Some(claimed) = claimed else {
            return Ok(Turn::Empty);
        };
        let _busy = app.models.note_busy();
        let trail = self.note_claim(&claimed, was_idle);
        let line = tracing::info_span!(
            "portrait",
            photo = %claimed.photo,
            attempt = claimed.attempt,
            worker = self.number,
            trace_id = trail.trace_id()
        );
        self.walk(&claimed, &trail).instrument(line).await?;
        Ok(Turn::Done)
    }

    async fn walk(&self, claimed: &Claimed, trail: &Trail) -> anyhow::Result<()> {
        let news = News::Moved(claimed.photo);
        self.app.changes.announce(news).await;
        let Err(error) = self.make_portrait(claimed, trail).await else {
            return Ok(());
        };
        let detail = format!("{error:#}");
        trail.fail(&detail);
        self.postpone(claimed, Setback::Surroundings, &detail)
            .await?;
        Err(error.context(format!("photo {}", claimed.photo)))
    }

    /// Notes how long a photo has waited, and begins the span of this attempt at it.
    fn note_claim(&self, claimed: &Claimed, was_idle: bool) -> Trail {
        let app = &self.app;
        let metrics = &app.telemetry.metrics;
        let since = |ms: i64| (claimed.claimed_at_ms - ms).max(0) as f64 / 1_000.0;
        if claimed.attempt == 1 {
            metrics.note_wait(since(claimed.queued_at_ms));
        }
        if was_idle {
            metrics.note_pickup(since(claimed.claimable_at_ms));
        }
        let traces = &app.telemetry.traces;
        let asked = Trail::of(claimed.traceparent.as_deref());
        let waited = [claimed.claimable_at_ms, claimed.claimed_at_ms];
        traces.add(
            "wait in queue",
            &asked,
            waited.map(|ms| app.clock.own_time(ms)),
        );
        let trail = traces.begin("make portrait".to_owned(), SpanKind::Consumer, &asked);
        trail.set("photo", claimed.photo.to_string());
        trail.set("theme", claimed.theme_id.clone());
        trail.set("attempt", claimed.attempt);
        trail
    }
}
