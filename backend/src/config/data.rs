//! Settings of the database, and of what is kept on this machine.

use anyhow::ensure;
use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;

/// Where the queue lies.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Data")]
pub struct DataConfig {
    /// Folder of the embedded database and storage; made when missing. One process at a time uses it
    #[arg(long, env = "PHOTOBOOTH_DATA_DIR", default_value = "data")]
    pub data_dir: PathBuf,

    #[command(flatten)]
    pub database: DatabaseConfig,
}

/// Which database; all that the role migrate needs.
#[derive(Clone, Debug, Args)]
pub struct DatabaseConfig {
    /// A PostgreSQL database, as <postgres://user:password@host/name>, to use in place of the embedded SQLite
    /// file. The roles serve, work and migrate need one: they share it
    #[arg(long, env = "PHOTOBOOTH_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<SecretString>,

    /// Password of the database, when it is not part of --database-url: so that a secret store can keep it alone
    #[arg(long, env = "PHOTOBOOTH_DATABASE_PASSWORD", hide_env_values = true)]
    pub database_password: Option<SecretString>,

    /// Connections that one process holds to the database at most
    #[arg(
        long,
        env = "PHOTOBOOTH_DATABASE_CONNECTIONS",
        default_value_t = 10,
        value_parser = clap::value_parser!(u32).range(2..=500)
    )]
    pub database_connections: u32,

    /// Milliseconds that a statement may take on PostgreSQL
    #[arg(
        long,
        env = "PHOTOBOOTH_DATABASE_TIMEOUT_MS",
        default_value_t = 5_000,
        value_parser = clap::value_parser!(u32).range(100..=60_000)
    )]
    pub database_timeout_ms: u32,
}

impl DatabaseConfig {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        match &self.database_url {
            Some(address) => {
                let address = address.expose_secret();
                // Not repeated: it may hold a password.
                ensure!(
                    address.starts_with("postgres://") || address.starts_with("postgresql://"),
                    "--database-url does not begin with postgres://; leave it out for the embedded SQLite"
                );
            }
            None => ensure!(
                self.database_password.is_none(),
                "--database-password needs the --database-url that it belongs to"
            ),
        }
        Ok(())
    }
}
