//! Forgets what is not needed any more: uploads that nobody submitted, photos, portraits, links, and objects without
//! a row. Any number of processes may sweep at a time; whatever one leaves half done, the next sweep ends.

use super::{originals, removal, sharing};
use crate::app::{App, AppState};
use crate::guards;
use crate::jobs::words::word_of;
use crate::photo_id::PhotoId;
use crate::storage::Listed;
use api::ErrorCode;
use std::collections::HashSet;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// How long a guest may take between the ticket and the wish.
const TICKET_LIFE_MS: i64 = 3_600_000;

/// Objects younger than this are left alone: whoever stored them may be about to say so.
const ORPHAN_AGE_MS: i64 = 20 * 60_000;

/// Listing the whole storage is dear; it is done at the first sweep and then once in so many.
const SWEEPS_A_LISTING: u64 = 30;

/// How many rows one sweep takes up.
const BATCH: i64 = 1_000;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Visits removed: never submitted, or past their time.
    pub visits: u64,
    /// Photos deleted whose portraits stay.
    pub originals: u64,
    /// Objects deleted that no row knew.
    pub orphans: u64,
    /// Links that have ended.
    pub shares: u64,
    /// Deletions that failed; the next sweep tries again.
    pub failures: u64,
}

/// Sweeps until the process ends.
pub async fn keep_sweeping(app: AppState) {
    let mut ticks = interval(app.config.retention.sweep_interval());
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for number in 0.. {
        tokio::select! {
            () = app.closing.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let lists = number % SWEEPS_A_LISTING == 0;
        match sweep(&app, app.clock.now_ms(), lists).await {
            Ok(swept) if swept != Swept::default() => {
                let Swept {
                    visits,
                    originals,
                    orphans,
                    shares,
                    failures,
                } = swept;
                tracing::info!(visits, originals, orphans, shares, failures, "swept");
            }
            Ok(_) => {}
            Err(error) => {
                tracing::error!("sweeping failed: {error:#}");
                app.telemetry.metrics.note_swept("failures", 1);
            }
        }
    }
}

/// Forgets what is due at this time; with `lists`, also what lies in the storage and in no row.
///
/// # Errors
/// Database or storage do not answer; what was begun is ended by the next sweep.
pub async fn sweep(app: &App, now_ms: i64, lists: bool) -> anyhow::Result<Swept> {
    let mut swept = Swept::default();
    end_overdue(app, now_ms).await?;
    mark_expired(app, now_ms).await?;
    app.guards.forget_idle();
    guards::forget_idle(&app.db.pool, now_ms).await?;
    swept.shares = sharing::forget_ended(&app.db.pool, now_ms).await?;
    for photo in find_marked(app).await? {
        count(
            removal::finish(app, photo).await,
            &mut swept.visits,
            &mut swept.failures,
        );
    }
    for photo in find_originals(app, now_ms).await? {
        let outcome = originals::try_delete(app, photo).await;
        count(outcome, &mut swept.originals, &mut swept.failures);
    }
    if lists {
        delete_orphans(app, now_ms, &mut swept).await?;
    }
    for (kind, count) in [
        ("visits", swept.visits),
        ("originals", swept.originals),
        ("orphans", swept.orphans),
        ("shares", swept.shares),
        ("failures", swept.failures),
    ] {
        app.telemetry.metrics.note_swept(kind, count);
    }
    Ok(swept)
}

fn count(outcome: anyhow::Result<()>, successes: &mut u64, failures: &mut u64) {
    match outcome {
        Ok(()) => *successes += 1,
        Err(error) => {
            *failures += 1;
            tracing::warn!("something could not be deleted: {error:#}");
        }
    }
}

/// A job that is not done within the life of its photo never will be.
async fn end_overdue(app: &App, now_ms: i64) -> Result<(), sqlx::Error> {
    let ended = sqlx::query(
        "UPDATE photos SET status = 'failed', error_code = $1, error_detail = 'its photo expired', stage = NULL,
             lease_owner = NULL, lease_until_ms = NULL, finished_at_ms = $2
         WHERE status IN ('queued', 'processing') AND created_at_ms < $3",
    )
    .bind(word_of(ErrorCode::TimedOut))
    .bind(now_ms)
    .bind(before(now_ms, app.config.retention.original_life()))
    .execute(&app.db.pool)
    .await?;
    let metrics = &app.telemetry.metrics;
    metrics.note_failures(ErrorCode::TimedOut, ended.rows_affected());
    Ok(())
}

async fn mark_expired(app: &App, now_ms: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE photos SET status = 'expiring'
         WHERE (status = 'ticketed' AND created_at_ms < $1)
            OR (status IN ('completed', 'failed') AND finished_at_ms < $2)",
    )
    .bind(now_ms - TICKET_LIFE_MS)
    .bind(before(now_ms, app.config.retention.portrait_life()))
    .execute(&app.db.pool)
    .await
    .map(drop)
}

async fn find_marked(app: &App) -> Result<Vec<PhotoId>, sqlx::Error> {
    let rows = sqlx::query_as("SELECT id FROM photos WHERE status = 'expiring' LIMIT $1")
        .bind(BATCH)
        .fetch_all(&app.db.pool)
        .await?;
    Ok(ids(rows))
}

/// Photos of portraits that are done, and all that are past their time.
async fn find_originals(app: &App, now_ms: i64) -> Result<Vec<PhotoId>, sqlx::Error> {
    let rows = sqlx::query_as(
        "SELECT id FROM photos
         WHERE original_deleted_at_ms IS NULL
           AND (status = 'completed' OR (status = 'failed' AND created_at_ms < $1))
         LIMIT $2",
    )
    .bind(before(now_ms, app.config.retention.original_life()))
    .bind(BATCH)
    .fetch_all(&app.db.pool)
    .await?;
    Ok(ids(rows))
}

/// Walks the storage: an upload stays while its photo is needed, a portrait while its visit lasts.
async fn delete_orphans(app: &App, now_ms: i64, swept: &mut Swept) -> anyhow::Result<()> {
    for (prefix, needed) in [
        ("uploads/", "original_deleted_at_ms IS NULL"),
        (
            "results/",
            "status IN ('queued', 'processing', 'completed')",
        ),
    ] {
        let mut after: Option<String> = None;
        loop {
            let page = app.storage.list(prefix, after.as_deref()).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.key.clone());
            for key in find_orphans(app, &page, needed, now_ms).await? {
                count(
                    app.storage.delete(&key).await,
                    &mut swept.orphans,
                    &mut swept.failures,
                );
            }
        }
    }
    Ok(())
}

/// Those of a page that no row needs. An object whose name is none of ours belongs to somebody else and stays.
async fn find_orphans(
    app: &App,
    page: &[Listed],
    needed: &'static str,
    now_ms: i64,
) -> Result<Vec<String>, sqlx::Error> {
    let old: Vec<(&str, PhotoId)> = page
        .iter()
        .filter(|object| object.stored_at_ms < now_ms - ORPHAN_AGE_MS)
        .filter_map(|object| Some((object.key.as_str(), PhotoId::of_key(&object.key)?)))
        .collect();
    if old.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=old.len()).map(|number| format!("${number}")).collect();
    let statement = format!(
        "SELECT id FROM photos WHERE {needed} AND id IN ({})",
        places.join(", ")
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(statement));
    for (_, photo) in &old {
        query = query.bind(photo.to_string());
    }
    let known: HashSet<PhotoId> = ids(query.fetch_all(&app.db.pool).await?)
        .into_iter()
        .collect();
    let orphans = old.into_iter().filter(|(_, photo)| !known.contains(photo));
    Ok(orphans.map(|(key, _)| key.to_owned()).collect())
}

fn ids(rows: Vec<(String,)>) -> Vec<PhotoId> {
    rows.iter().filter_map(|(id,)| PhotoId::parse(id)).collect()
}

fn before(now_ms: i64, life: Duration) -> i64 {
    now_ms - i64::try_from(life.as_millis()).unwrap_or(i64::MAX / 2)
}
