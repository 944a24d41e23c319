//! Settings of forgetting: how long photos and portraits stay.

use anyhow::ensure;
use clap::Args;
use std::time::Duration;

/// How long things are kept; a photo is deleted as soon as its portrait is done.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Retention")]
pub struct RetentionConfig {
    /// Hours after which a guest's photo is deleted whatever became of it
    #[arg(
        long,
        env = "PHOTOBOOTH_ORIGINAL_HOURS",
        default_value_t = 24,
        value_parser = clap::value_parser!(u32).range(1..=24)
    )]
    pub original_hours: u32,

    /// Hours after which a portrait is deleted and its guest's visit forgotten
    #[arg(
        long,
        env = "PHOTOBOOTH_PORTRAIT_HOURS",
        default_value_t = 168,
        value_parser = clap::value_parser!(u32).range(1..=720)
    )]
    pub portrait_hours: u32,

    /// Hours for which a link to a portrait works that its guest shares; it ends with the portrait in any case
    #[arg(
        long,
        env = "PHOTOBOOTH_SHARE_HOURS",
        default_value_t = 24,
        value_parser = clap::value_parser!(u32).range(1..=168)
    )]
    pub share_hours: u32,

    /// Seconds between two sweeps
    #[arg(
        long,
        env = "PHOTOBOOTH_SWEEP_SECONDS",
        default_value_t = 60,
        value_parser = clap::value_parser!(u32).range(1..=3_600)
    )]
    pub sweep_seconds: u32,
}

impl RetentionConfig {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.portrait_hours >= self.original_hours,
            "--portrait-hours {} is shorter than --original-hours {}: a portrait would be gone before its photo",
            self.portrait_hours,
            self.original_hours
        );
        Ok(())
    }

    pub fn original_life(&self) -> Duration {
        Duration::from_secs(u64::from(self.original_hours) * 3_600)
    }

    pub fn portrait_life(&self) -> Duration {
        Duration::from_secs(u64::from(self.portrait_hours) * 3_600)
    }

    pub fn share_life(&self) -> Duration {
        Duration::from_secs(u64::from(self.share_hours) * 3_600)
    }

    pub fn sweep_interval(&self) -> Duration {
        Duration::from_secs(self.sweep_seconds.into())
    }
}
