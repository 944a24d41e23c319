//! Keeps one client from taking the booth from everybody else: how often it may ask, and how much it may hold.

mod client;
mod connections;
mod cors;
mod rate;
mod seats;
mod shared_rate;

pub use client::{Client, identify};
pub use connections::serve;
pub use cors::allow_origins;
pub use rate::{Rate, limit_rate};
pub use seats::{Full, Seat, Seats};
pub use shared_rate::{SharedRate, forget_idle};

use crate::config::{Config, Scheme};
use crate::error::ApiError;
use api::ErrorCode;

/// How soon to ask again for an event stream: portraits take seconds, and each frees one.
const STREAM_RETRY_SECONDS: u64 = 5;

/// What is counted, and how much of it there is.
#[derive(Debug)]
pub struct Guards {
    pub reads: Rate,
    pub presigned: Rate,
    pub process: SharedRate,
    pub connections: Seats,
    pub streams: Seats,
}

impl Guards {
    pub fn of(config: &Config) -> Self {
        let limits = &config.limits;
        if config.http.public_scheme == Scheme::Https && limits.trusted_proxies.is_empty() {
            tracing::warn!(
                "--public-scheme https without --trusted-proxies: whatever ends TLS counts as one client, with all guests behind it"
            );
        }
        Self {
            reads: Rate::per_second(limits.reads_per_second),
            presigned: Rate::per_second(limits.presigned_per_second),
            process: SharedRate::per_minute(limits.process_per_minute),
            connections: Seats::new(limits.max_connections, limits.connections_per_client),
            streams: Seats::new(limits.event_streams, limits.event_streams_per_client),
        }
    }

    /// Forgets clients who have not come for a while.
    pub fn forget_idle(&self) {
        self.reads.forget_idle();
        self.presigned.forget_idle();
    }

    /// A place among those who watch a job.
    ///
    /// # Errors
    /// This client, or all together, have as many streams as they may.
    pub fn take_stream(&self, client: Client) -> Result<Seat, ApiError> {
        self.streams.try_take(client).map_err(|full| {
            let code = match full {
                Full::All => ErrorCode::NotReady,
                Full::Client => ErrorCode::RateLimited,
            };
            ApiError::from(code).retry_after(STREAM_RETRY_SECONDS)
        })
    }
}
