//! Guests who keep coming: small requests all the time, whole visits now and then, and a note of each that failed.

use super::timeline::Timeline;
use anyhow::{Context, Result};
use photobooth_tests::camera_frame::take_photo;
use photobooth_tests::guest_api::ApiGuest;
use reqwest::Client;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Who asks at a time.
const GUESTS: usize = 4;
/// Between two requests of one guest.
const PACE: Duration = Duration::from_millis(100);
/// Between the beginnings of two visits.
const VISITS: Duration = Duration::from_secs(8);
/// After which a guest gives up.
const PATIENCE: Duration = Duration::from_secs(20);
/// What they ask for.
const PATHS: [&str; 4] = ["/api/health", "/", "/api/themes", "/api/health/ready"];

/// They stop coming when this is dropped.
pub struct Guests {
    seen: Arc<Seen>,
    _stopping: DropGuard,
}

#[derive(Default)]
struct Seen {
    requests: AtomicU64,
    visits: AtomicU64,
    failures: Mutex<Vec<Failure>>,
}

/// Something that did not work for a guest.
#[derive(Clone, Debug)]
pub struct Failure {
    /// On the timeline.
    pub at: Duration,
    pub what: String,
}

impl Guests {
    /// Lets them come to the booth at `origin`, `http://host:port`.
    ///
    /// # Errors
    /// There is no photo for them.
    pub fn come(origin: &str, timeline: &Arc<Timeline>) -> Result<Self> {
        let stopping = CancellationToken::new();
        let seen = Arc::new(Seen::default());
        for number in 0..GUESTS {
            let asking = ask(origin.to_owned(), number, seen.clone(), timeline.clone());
            tokio::spawn(stopping.clone().run_until_cancelled_owned(asking));
        }
        let photo = take_photo(640, 480)?;
        let visiting = visit(origin.to_owned(), photo, seen.clone(), timeline.clone());
        tokio::spawn(stopping.clone().run_until_cancelled_owned(visiting));
        Ok(Self {
            seen,
            _stopping: stopping.drop_guard(),
        })
    }

    /// Everything that failed so far.
    #[must_use]
    pub fn failures(&self) -> Vec<Failure> {
        self.seen.lock().clone()
    }

    /// Small requests, and whole visits, that were begun so far.
    #[must_use]
    pub fn count(&self) -> (u64, u64) {
        let read = |it: &AtomicU64| it.load(Ordering::Relaxed);
        (read(&self.seen.requests), read(&self.seen.visits))
    }
}

impl Seen {
    fn note(&self, timeline: &Timeline, what: String) {
        let at = timeline.now();
        self.lock().push(Failure { at, what });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Failure>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn ask(origin: String, number: usize, seen: Arc<Seen>, timeline: Arc<Timeline>) {
    let client = Client::new();
    let mut ticks = ticks(PACE);
    for turn in number.. {
        ticks.tick().await;
        let path = PATHS[turn % PATHS.len()];
        seen.requests.fetch_add(1, Ordering::Relaxed);
        if let Err(error) = fetch(&client, &format!("{origin}{path}")).await {
            seen.note(&timeline, format!("{path}: {error:#}"));
        }
    }
}

async fn fetch(client: &Client, address: &str) -> Result<()> {
    let answer = client.get(address).timeout(PATIENCE).send().await?;
    let answer = answer
        .error_for_status()
        .map_err(reqwest::Error::without_url)?;
    answer.bytes().await?;
    Ok(())
}

/// Photo, upload, waiting by the stream of events, portrait: what lasts longest when targets change.
async fn visit(origin: String, photo: Vec<u8>, seen: Arc<Seen>, timeline: Arc<Timeline>) {
    let guest = ApiGuest::at(&origin);
    let mut ticks = ticks(VISITS);
    loop {
        ticks.tick().await;
        seen.visits.fetch_add(1, Ordering::Relaxed);
        let photo = photo.clone();
        let visit = async {
            let order = guest
                .order_portrait(photo, "greek")
                .await
                .context("order")?;
            let portrait = guest.wait_for_portrait(&order.id).await;
            guest
                .fetch_portrait(&portrait.context("waiting")?)
                .await
                .context("portrait")
        };
        if let Err(error) = visit.await {
            seen.note(&timeline, format!("visit: {error:#}"));
        }
    }
}

fn ticks(every: Duration) -> tokio::time::Interval {
    let mut ticks = interval(every);
    // Nobody comes twice at once because the booth was slow.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
