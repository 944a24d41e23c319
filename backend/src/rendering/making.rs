//! What a worker does with a photo that is its own: fetch, render, store, and say how it ended.

use super::blame::{Blame, code_of};
use super::shares::stage_of;
use super::studio::{Failure, Rendering};
use super::{StudioState, Worker};
use crate::clock::now_ms;
use crate::jobs::outcome::{self, Finished};
use crate::jobs::queue::{self, Claimed};
use crate::results::originals;
use anyhow::Context;
use api::{ErrorCode, OutputFormat, Stage};
use portrait::{Format, Order, Portrait, PortraitSize};
use std::time::{Duration, Instant};
use tokio::time::{MissedTickBehavior, interval, sleep};

impl Worker {
    /// Walks a claimed photo to its end.
    ///
    /// # Errors
    /// The database or the storage failed; the photo may be tried again.
    pub(super) async fn make_portrait(&self, claimed: &Claimed) -> anyhow::Result<()> {
        let key = claimed.photo.upload_key();
        let Some(photo) = self.app.storage.get(&key).await? else {
            return self
                .fail(claimed, ErrorCode::PhotoNotUploaded, Blame::Machine)
                .await;
        };
        let rendering = self.studio.begin(photo, order_of(claimed));
        match self.follow(claimed, rendering).await? {
            None => Ok(()),
            Some(Ok(portrait)) => self.store(claimed, portrait).await,
            Some(Err(failure)) => {
                let photo = claimed.photo;
                tracing::info!(photo = %photo, "no portrait of photo {photo}: {failure}");
                let blame = Blame::of(&failure);
                self.fail(claimed, code_of(&failure), blame).await
            }
        }
    }

    /// Notes each step and keeps the lease until the portrait is made or refused; `None` when it took longer
    /// than it may and its guest has been told so.
    async fn follow(
        &self,
        claimed: &Claimed,
        mut rendering: Rendering,
    ) -> anyhow::Result<Option<Result<Portrait, Failure>>> {
        let limit = Duration::from_secs(self.app.config.rendering.render_timeout_seconds);
        let mut renewal = interval(self.claim.lease / 3);
        renewal.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let deadline = sleep(limit);
        tokio::pin!(deadline);
        loop {
            tokio::select! {
                // Steps first: those that are reported by the time of the end belong before it.
                biased;
                Some(step) = rendering.steps.recv() => self.note(claimed, stage_of(step)).await?,
                outcome = &mut rendering.outcome => {
                    return Ok(Some(outcome.context("the studio's thread ended")?));
                }
                () = &mut deadline => break,
                _ = renewal.tick() => {
                    queue::renew(&self.app.db, claimed, &self.claim, now_ms()).await?;
                }
            }
        }
        let photo = claimed.photo;
        tracing::error!(photo = %photo, "photo {photo} takes longer than {} s", limit.as_secs());
        self.fail(claimed, ErrorCode::TimedOut, Blame::Machine)
            .await?;
        self.wait_until_free(rendering).await?;
        Ok(None)
    }

    /// A thread cannot be stopped, only waited for; meanwhile this worker counts as stuck.
    async fn wait_until_free(&self, rendering: Rendering) -> anyhow::Result<()> {
        self.app.models.set(self.number, StudioState::Stuck);
        let outcome = rendering.outcome.await;
        self.app.models.set(self.number, StudioState::Up);
        outcome.context("the studio's thread ended").map(drop)
    }

    async fn note(&self, claimed: &Claimed, stage: Stage) -> anyhow::Result<()> {
        let progress = self.app.shares.done_before(stage);
        outcome::note_stage(&self.app.db, claimed, stage, progress).await?;
        self.app.changes.announce_progress(claimed.photo);
        Ok(())
    }

    /// Puts the portrait into storage, then says so, then deletes the guest's photo.
    async fn store(&self, claimed: &Claimed, portrait: Portrait) -> anyhow::Result<()> {
        self.note(claimed, Stage::Store).await?;
        let began = Instant::now();
        let report = portrait.report;
        let finished = Finished {
            content_type: media_type(claimed.format),
            width: report.width,
            height: report.height,
            bytes: portrait.bytes.len(),
            faces: report.faces,
        };
        let key = claimed.photo.result_key(claimed.format);
        let storage = &self.app.storage;
        storage
            .put(&key, finished.content_type, portrait.bytes)
            .await?;
        self.app.shares.learn(&report.steps);
        let store_ms = began.elapsed().as_secs_f64() * 1_000.0;
        self.app.shares.learn_stage(Stage::Store, store_ms);

        let photo = claimed.photo;
        if !outcome::complete(&self.app.db, claimed, &finished, now_ms()).await? {
            tracing::warn!(photo = %photo, "photo {photo} was given to another worker meanwhile");
            return Ok(());
        }
        originals::delete(&self.app, photo).await;
        self.app.changes.announce_move(photo);
        let render_ms = report.total_ms.round();
        tracing::info!(photo = %photo, render_ms, faces = report.faces, "photo {photo} became a portrait in {render_ms} ms");
        Ok(())
    }

    /// Ends the job without a portrait.
    pub(super) async fn fail(
        &self,
        claimed: &Claimed,
        code: ErrorCode,
        blame: Blame,
    ) -> anyhow::Result<()> {
        if !outcome::fail(&self.app.db, claimed, code, now_ms()).await? {
            return Ok(());
        }
        if blame == Blame::Photo {
            originals::delete(&self.app, claimed.photo).await;
        } else {
            tracing::error!(photo = %claimed.photo, "photo {} failed with {code}", claimed.photo);
        }
        self.app.changes.announce_move(claimed.photo);
        Ok(())
    }
}

fn order_of(claimed: &Claimed) -> Order {
    Order {
        theme: claimed.theme_id.clone(),
        variant: Some(claimed.variant_id.clone()),
        format: match claimed.format {
            OutputFormat::Jpeg => Format::Jpeg,
            OutputFormat::Png => Format::Png,
        },
        size: PortraitSize::default(),
        seed: claimed.photo.seed(),
    }
}

fn media_type(format: OutputFormat) -> &'static str {
    match format {
        OutputFormat::Jpeg => "image/jpeg",
        OutputFormat::Png => "image/png",
    }
}
