//! What a worker does with a photo that is its own: fetch, render, publish, and say how it ended.

use super::blame::{Fault, fault_of};
use super::lease::Lease;
use super::shares::stage_of;
use super::studio::{Failure, Rendering};
use super::{StudioState, Worker};
use crate::jobs::News;
use crate::jobs::outcome::{self, Finished};
use crate::jobs::queue::{self, Claimed, Setback};
use crate::jobs::words::word_of;
use crate::results::originals;
use crate::storage::Published;
use crate::telemetry::{GivenBack, Trail};
use anyhow::{Context, bail};
use api::{ErrorCode, OutputFormat, Stage};
use bytes::Bytes;
use portrait::{Format, Order, Portrait, PortraitSize};
use std::time::{Duration, Instant, SystemTime};
use tokio::time::sleep;

/// How rendering came to its end.
enum End {
    Rendered(Result<Portrait, Failure>),
    /// It takes longer than it may.
    Late(Rendering),
    /// The photo is no longer ours.
    Lost(Rendering),
}

impl Worker {
    /// Walks a claimed photo to its end.
    ///
    /// # Errors
    /// Database, storage or studio failed; the photo may be tried again.
    pub(super) async fn make_portrait(
        &self,
        claimed: &Claimed,
        trail: &Trail,
    ) -> anyhow::Result<()> {
        let lease = Lease::keep(&self.app, &self.claim, claimed);
        let traces = &self.app.telemetry.traces;
        let photo = traces
            .within("fetch photo", trail, self.fetch(claimed))
            .await?;
        let Some(photo) = photo else {
            let detail = "the photo is not in the storage";
            return self
                .fail(claimed, ErrorCode::PhotoNotUploaded, detail)
                .await;
        };
        let order = order_of(claimed, self.app.config.rendering.portrait_size);
        let rendering = self.studio.begin(photo, order);
        match self.follow(claimed, rendering, &lease).await? {
            End::Rendered(Ok(portrait)) => {
                self.note_steps(&portrait, trail);
                self.publish(claimed, portrait, trail).await
            }
            End::Rendered(Err(failure)) => {
                trail.fail(&failure.to_string());
                self.settle(claimed, &failure, trail).await
            }
            End::Late(rendering) => {
                let limit = self.app.config.rendering.render_timeout();
                let detail = format!("took longer than {} ms", limit.as_millis());
                trail.fail(&detail);
                self.fail(claimed, ErrorCode::TimedOut, &detail).await?;
                self.wait_until_free(rendering).await
            }
            End::Lost(rendering) => {
                let photo = claimed.photo;
                tracing::warn!(photo = %photo, "photo {photo} is no longer ours");
                self.wait_until_free(rendering).await
            }
        }
    }

    /// The guest's photo; `None` only when it is certain that there is none.
    async fn fetch(&self, claimed: &Claimed) -> anyhow::Result<Option<Bytes>> {
        let key = claimed.photo.upload_key();
        let storage = &self.app.storage;
        let photo = storage.get(&key).await?;
        if photo.is_none() && storage.head(&key).await?.is_some() {
            bail!("the storage has the photo and does not give it");
        }
        Ok(photo)
    }

    /// Notes each step until the portrait is made or refused.
    async fn follow(
        &self,
        claimed: &Claimed,
        mut rendering: Rendering,
        lease: &Lease,
    ) -> anyhow::Result<End> {
        let deadline = sleep(self.app.config.rendering.render_timeout());
        tokio::pin!(deadline);
        loop {
            tokio::select! {
                // Steps first: those that are reported by the time of the end belong before it.
                biased;
                Some(step) = rendering.steps.recv() => self.note(claimed, stage_of(step)).await,
                outcome = &mut rendering.outcome => {
                    return Ok(End::Rendered(outcome.context("the studio's thread ended")?));
                }
                () = lease.lost() => return Ok(End::Lost(rendering)),
                () = &mut deadline => return Ok(End::Late(rendering)),
            }
        }
    }

    /// A thread cannot be stopped, only waited for; meanwhile this worker counts as stuck.
    async fn wait_until_free(&self, rendering: Rendering) -> anyhow::Result<()> {
        let states = &self.app.models;
        states.set(self.number, StudioState::Stuck);
        let outcome = tokio::select! {
            outcome = rendering.outcome => outcome,
            // Nothing is lost by leaving it: the process ends, and the photo is settled.
            () = self.app.stopping.cancelled() => return Ok(()),
        };
        states.set(self.number, StudioState::Up);
        outcome.context("the studio's thread ended").map(drop)
    }

    /// Shows the guest where the work stands. No portrait is lost over it.
    async fn note(&self, claimed: &Claimed, stage: Stage) {
        let progress = self.app.shares.done_before(stage);
        match outcome::note_stage(&self.app.db.pool, claimed, stage, progress).await {
            Ok(()) => {
                self.app
                    .changes
                    .announce(News::Advanced(claimed.photo))
                    .await
            }
            Err(error) => {
                tracing::warn!(photo = %claimed.photo, "progress could not be noted: {error}");
            }
        }
    }

    /// Tells metrics and trace what each step took; the last has just ended.
    fn note_steps(&self, portrait: &Portrait, trail: &Trail) {
        let telemetry = &self.app.telemetry;
        let report = &portrait.report;
        let took = Duration::from_secs_f64(report.total_ms / 1_000.0);
        let mut began = SystemTime::now() - took;
        for time in &report.steps {
            let ended = began + Duration::from_secs_f64(time.duration_ms / 1_000.0);
            let step = word_of(stage_of(time.step));
            telemetry
                .metrics
                .note_step(&step, time.duration_ms / 1_000.0);
            telemetry.traces.add(step, trail, [began, ended]);
            began = ended;
        }
    }

    /// Puts the portrait into storage, says so, and deletes the guest's photo.
    async fn publish(
        &self,
        claimed: &Claimed,
        portrait: Portrait,
        trail: &Trail,
    ) -> anyhow::Result<()> {
        let app = &self.app;
        let traces = &app.telemetry.traces;
        let photo = claimed.photo;
        self.note(claimed, Stage::Store).await;
        let began = Instant::now();
        let report = portrait.report;
        let mut finished = Finished {
            content_type: media_type(claimed.format),
            width: report.width,
            height: report.height,
            bytes: portrait.bytes.len(),
            faces: report.faces,
            release: app.config.telemetry.release.clone(),
        };
        let key = photo.result_key(claimed.format);
        let bytes = Bytes::from(portrait.bytes);
        let publishing = app.storage.publish(&key, finished.content_type, bytes);
        let published = traces.within("publish portrait", trail, publishing).await?;
        if published == Published::Before {
            // An earlier attempt got this far and no further; its portrait is this one, byte for byte or nearly.
            let there = app.storage.head(&key).await?.context("it lies there")?;
            finished.bytes = usize::try_from(there.bytes)?;
        }
        app.shares.learn(&report.steps);
        let store_ms = began.elapsed().as_secs_f64() * 1_000.0;
        app.shares.learn_stage(Stage::Store, store_ms);

        let now_ms = app.clock.now_ms();
        if !outcome::complete(&app.db.pool, claimed, &finished, now_ms).await? {
            return self.withdraw(claimed, &key).await;
        }
        app.changes.announce(News::Moved(photo)).await;
        let seconds = (now_ms - claimed.claimed_at_ms) as f64 / 1_000.0;
        let metrics = &app.telemetry.metrics;
        metrics.note_portrait(&claimed.theme_id, seconds);
        metrics.note_step(&word_of(Stage::Store), store_ms / 1_000.0);
        traces
            .within("delete photo", trail, originals::delete(app, photo))
            .await;
        let render_ms = report.total_ms.round();
        tracing::info!(photo = %photo, render_ms, faces = report.faces, "photo {photo} became a portrait in {render_ms} ms");
        Ok(())
    }

    /// A portrait that came too late: whoever has the photo now publishes it; where nobody has, it is deleted.
    async fn withdraw(&self, claimed: &Claimed, key: &str) -> anyhow::Result<()> {
        let photo = claimed.photo;
        let is_wanted = outcome::is_wanted(&self.app.db.pool, photo).await?;
        tracing::warn!(photo = %photo, is_wanted, "the portrait of photo {photo} came too late");
        if !is_wanted {
            self.app.storage.delete(key).await?;
        }
        Ok(())
    }

    /// Ends or postpones the job after a failure, by whose fault it is.
    async fn settle(
        &self,
        claimed: &Claimed,
        failure: &Failure,
        trail: &Trail,
    ) -> anyhow::Result<()> {
        let photo = claimed.photo;
        let detail = failure.to_string();
        let device = self.app.models.device().unwrap_or_default();
        match fault_of(failure, device) {
            Fault::Photo(code) => {
                tracing::info!(photo = %photo, "no portrait of photo {photo}: {detail}");
                self.fail(claimed, code, &detail).await?;
                let deleting = originals::delete(&self.app, photo);
                let traces = &self.app.telemetry.traces;
                traces.within("delete photo", trail, deleting).await;
                Ok(())
            }
            Fault::Order(code) => self.fail(claimed, code, &detail).await,
            Fault::Attempt => self.postpone(claimed, Setback::Attempt, &detail).await,
            Fault::Card => {
                self.app.models.break_down();
                self.postpone(claimed, Setback::Attempt, &detail).await
            }
        }
    }

    /// Puts the photo back for another attempt, or parks it when it has had all of them.
    pub(super) async fn postpone(
        &self,
        claimed: &Claimed,
        setback: Setback,
        detail: &str,
    ) -> anyhow::Result<()> {
        let app = &self.app;
        let (photo, attempt) = (claimed.photo, claimed.attempt);
        tracing::error!(photo = %photo, attempt, "attempt {attempt} at photo {photo} failed: {detail}");
        let (pool, attempts) = (&app.db.pool, app.config.queue.attempts);
        let now_ms = app.clock.now_ms();
        if queue::give_back(pool, claimed, setback, attempts, now_ms).await? {
            app.telemetry.metrics.note_given_back(match setback {
                Setback::Attempt => GivenBack::Attempt,
                Setback::Surroundings => GivenBack::Surroundings,
            });
            app.changes.announce(News::Queued(photo)).await;
            return Ok(());
        }
        self.fail(claimed, ErrorCode::RenderFailed, detail).await
    }

    /// Ends the job without a portrait; its photo stays for a day, for whoever looks into it.
    async fn fail(&self, claimed: &Claimed, code: ErrorCode, detail: &str) -> anyhow::Result<()> {
        let app = &self.app;
        let photo = claimed.photo;
        let now_ms = app.clock.now_ms();
        if outcome::fail(&app.db.pool, claimed, code, detail, now_ms).await? {
            tracing::info!(photo = %photo, code = %code, "photo {photo} ended with {code}");
            app.telemetry.metrics.note_failures(code, 1);
            app.changes.announce(News::Moved(photo)).await;
        }
        Ok(())
    }
}

fn order_of(claimed: &Claimed, size: PortraitSize) -> Order {
    Order {
        theme: claimed.theme_id.clone(),
        variant: Some(claimed.variant_id.clone()),
        format: match claimed.format {
            OutputFormat::Jpeg => Format::Jpeg,
            OutputFormat::Png => Format::Png,
        },
        size,
        seed: claimed.photo.seed(),
    }
}

fn media_type(format: OutputFormat) -> &'static str {
    match format {
        OutputFormat::Jpeg => "image/jpeg",
        OutputFormat::Png => "image/png",
    }
}
