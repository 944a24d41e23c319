//! Keeps a claimed photo ours for as long as we work on it, and says when it is not any more.

use crate::app::AppState;
use crate::jobs::queue::{self, Claim, Claimed};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// A lease that renews itself until it is dropped.
#[derive(Debug)]
pub struct Lease {
    lost: CancellationToken,
    renewal: JoinHandle<()>,
}

impl Lease {
    pub fn keep(app: &AppState, claim: &Claim, claimed: &Claimed) -> Self {
        let lost = CancellationToken::new();
        let renewal = renew_until_lost(app.clone(), claim.clone(), claimed.clone());
        let losing = lost.clone();
        Self {
            lost,
            renewal: tokio::spawn(async move {
                renewal.await;
                losing.cancel();
            }),
        }
    }

    /// Resolves when the photo is no longer ours: its guest deleted it, or it was given to somebody else.
    pub async fn lost(&self) {
        self.lost.cancelled().await;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}

/// Ends when the lease is lost. A database that does not answer costs nothing as long as the lease lasts.
async fn renew_until_lost(app: AppState, claim: Claim, claimed: Claimed) {
    let mut until_ms = claim.until_ms(app.clock.now_ms());
    let mut rest = claim.lease / 3;
    loop {
        sleep(rest).await;
        let now_ms = app.clock.now_ms();
        match queue::renew(&app.db.pool, &claimed, &claim, now_ms).await {
            Ok(true) => {
                until_ms = claim.until_ms(now_ms);
                rest = claim.lease / 3;
            }
            Ok(false) => return,
            Err(error) if now_ms < until_ms => {
                tracing::warn!(photo = %claimed.photo, "a lease could not be renewed: {error}");
                rest = Duration::from_secs(1);
            }
            Err(_) => return,
        }
    }
}
