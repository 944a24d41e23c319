//! Every setting of the backend: one struct a concern, each with a default, so that it runs with none given.
//!
//! The doc comments are the operator's manual: `backend all --help` prints them.

mod data;
mod http;
mod limits;
mod log;
mod queue;
mod rendering;
mod retention;
mod storage;
mod telemetry;
#[cfg(test)]
mod tests;

pub use self::http::{HttpConfig, Scheme};
pub use data::{DataConfig, DatabaseConfig};
pub use limits::LimitsConfig;
pub use log::{LogConfig, LogFormat};
pub use queue::QueueConfig;
pub use rendering::RenderingConfig;
pub use retention::RetentionConfig;
pub use storage::{StorageConfig, StorageKind};
pub use telemetry::TelemetryConfig;

use anyhow::ensure;
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;

/// The photobooth's backend.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The API and the workers in one process: a booth on one machine, or one task of many.
    All(Box<Config>),
    /// The API alone; workers are elsewhere. Needs PostgreSQL and an S3 service.
    Serve(Box<Config>),
    /// Workers alone; guests do not come here. Needs PostgreSQL and an S3 service.
    Work(Box<Config>),
    /// Brings the database's tables up to date and ends. The other roles do so as well when they start.
    Migrate(MigrateConfig),
    /// Asks the process that runs with the same settings whether it lives; ends with an error where it does not. For
    /// health checks inside containers.
    Health(HealthConfig),
}

/// What a process that stays does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    All,
    Serve,
    Work,
}

impl Role {
    /// Whether guests come to this process.
    pub fn serves(self) -> bool {
        self != Self::Work
    }

    /// The word of the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Serve => "serve",
            Self::Work => "work",
        }
    }

    /// Whether portraits are made in this process.
    pub fn works(self) -> bool {
        self != Self::Serve
    }
}

/// Everything that can be set.
#[derive(Clone, Debug, Args)]
pub struct Config {
    #[command(flatten)]
    pub http: HttpConfig,
    #[command(flatten)]
    pub limits: LimitsConfig,
    #[command(flatten)]
    pub data: DataConfig,
    #[command(flatten)]
    pub storage: StorageConfig,
    #[command(flatten)]
    pub queue: QueueConfig,
    #[command(flatten)]
    pub rendering: RenderingConfig,
    #[command(flatten)]
    pub retention: RetentionConfig,
    #[command(flatten)]
    pub telemetry: TelemetryConfig,
    #[command(flatten)]
    pub log: LogConfig,
}

/// What the role migrate needs.
#[derive(Clone, Debug, Args)]
pub struct MigrateConfig {
    #[command(flatten)]
    pub database: DatabaseConfig,
    #[command(flatten)]
    pub log: LogConfig,
}

/// Where the command health asks: as for the process that it asks.
#[derive(Clone, Debug, Args)]
pub struct HealthConfig {
    /// Where the process listens for guests
    #[arg(long, env = "PHOTOBOOTH_LISTEN", default_value = "0.0.0.0:3000")]
    pub listen: SocketAddr,

    /// Where it listens for operators; asked first, because the role work listens nowhere else
    #[arg(long, env = "PHOTOBOOTH_INTERNAL_LISTEN")]
    pub internal_listen: Option<SocketAddr>,
}

impl Config {
    /// Refuses settings that contradict each other or the role.
    ///
    /// # Errors
    /// A sentence that says which settings and why.
    pub fn check(&self, role: Role) -> anyhow::Result<()> {
        self.limits.check()?;
        self.data.database.check()?;
        self.storage.check()?;
        self.queue.check()?;
        self.retention.check()?;
        self.telemetry.check()?;
        if role != Role::All {
            ensure!(
                self.data.database.database_url.is_some(),
                "this role shares its queue with other processes: give --database-url, or use the role all"
            );
            ensure!(
                self.storage.storage == StorageKind::S3,
                "this role shares its storage with other processes: give --storage s3, or use the role all"
            );
        }
        ensure!(
            role != Role::Work || self.rendering.workers > 0,
            "--workers 0 leaves the role work with nothing to do"
        );
        Ok(())
    }

    /// How many studios this process opens.
    pub fn studios(&self, role: Role) -> usize {
        if role.works() {
            self.rendering.workers
        } else {
            0
        }
    }
}

impl MigrateConfig {
    /// # Errors
    /// There is no database to bring up to date.
    pub fn check(&self) -> anyhow::Result<()> {
        self.database.check()?;
        ensure!(
            self.database.database_url.is_some(),
            "migrate is for PostgreSQL: give --database-url (the embedded SQLite is brought up to date at every start)"
        );
        Ok(())
    }
}
