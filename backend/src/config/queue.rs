//! Settings of the queue: how many wait, and what a worker promises.

use anyhow::ensure;
use clap::Args;
use std::time::Duration;

/// How many wait, and what a worker promises.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Queue")]
pub struct QueueConfig {
    /// How many photos may wait; further guests are told when to try again
    #[arg(long, env = "PHOTOBOOTH_QUEUE_LIMIT", default_value_t = 50)]
    pub queue_limit: u32,

    /// Seconds after which a photo whose worker fell silent is given to another one
    #[arg(long, env = "PHOTOBOOTH_LEASE_SECONDS", default_value_t = 30)]
    pub lease_seconds: u32,

    /// How often a photo is tried before its guest is told that it failed; workers that vanish count, too
    #[arg(
        long,
        env = "PHOTOBOOTH_ATTEMPTS",
        default_value_t = 3,
        value_parser = clap::value_parser!(u32).range(1..=100)
    )]
    pub attempts: u32,
}

impl QueueConfig {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.lease_seconds >= 3,
            "--lease-seconds {} is too short: a lease is renewed every third of it, and a busy machine may be a second late",
            self.lease_seconds
        );
        Ok(())
    }

    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.lease_seconds.into())
    }
}
