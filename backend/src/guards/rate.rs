//! How often a client may ask this process: kept in memory, because what is asked for costs little.

use super::Client;
use crate::error::ApiError;
use api::ErrorCode;
use axum::Extension;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// So many requests a second for each client, all of them at once if it likes. Cheap to clone; the clones count
/// together.
#[derive(Clone, Debug)]
pub struct Rate {
    /// `None` counts nothing.
    limiter: Option<Arc<DefaultKeyedRateLimiter<Client>>>,
}

impl Rate {
    /// 0 limits nothing.
    pub fn per_second(requests: u32) -> Self {
        let quota = NonZeroU32::new(requests).map(Quota::per_second);
        Self {
            limiter: quota.map(|quota| Arc::new(RateLimiter::keyed(quota))),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// `RATE_LIMITED`, with the time after which the next one is granted.
    pub fn admit(&self, client: Client) -> Result<(), ApiError> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        limiter
            .check_key(&client)
            .map_err(|early| too_fast(early.wait_time_from(DefaultClock::default().now())))
    }

    pub(super) fn forget_idle(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// Refuses requests beyond the rate before anything of them is looked at.
pub async fn limit_rate(
    State(rate): State<Rate>,
    Extension(client): Extension<Client>,
    request: Request,
    next: Next,
) -> Response {
    match rate.admit(client) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// Says when to come back, in whole seconds, rounded up.
pub(super) fn too_fast(wait: Duration) -> ApiError {
    let seconds = wait.as_millis().div_ceil(1_000);
    ApiError::from(ErrorCode::RateLimited).retry_after(u64::try_from(seconds).unwrap_or(u64::MAX))
}
