//! Opens the database and brings its tables up to date.
//!
//! The pool is sqlx's `Any`, and statements stick to what SQLite and PostgreSQL share (`$1`, `RETURNING`,
//! partial indexes, integer milliseconds), so that the same SQL serves both. Where they cannot share,
//! [`Dialect`] says which is spoken.

use crate::config::DatabaseConfig;
use anyhow::Context;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::migrate::Migrator;
use sqlx::{AnyPool, AssertSqlSafe, Executor};
use std::path::Path;
use std::str::FromStr;
use std::sync::LazyLock;
use std::time::Duration;
use url::Url;

/// A database that a newer release has migrated is no error: while guests are moved over, and after they are moved
/// back, the older one works on it.
static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let mut migrations = sqlx::migrate!();
    migrations.set_ignore_missing(true);
    migrations
});

/// How long a request waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// Readers do not wait for the one writer in WAL mode; a few connections serve them all.
const SQLITE_CONNECTIONS: u32 = 8;

/// What every connection to SQLite is told: how long to wait for the one writer, and that with WAL a power cut
/// costs the last moments and no consistency.
const SQLITE_MANNERS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;";

/// What a path may hold in a database address without being taken for something else.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'.')
    .remove(b'-')
    .remove(b'_');

/// Which SQL is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// One process, one writer.
    Sqlite,
    /// Many of both.
    Postgres,
}

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pub pool: AnyPool,
    pub dialect: Dialect,
}

impl Db {
    /// Connects to what the settings name, or opens the embedded file in `data_dir`; its tables are up to date
    /// afterwards.
    ///
    /// # Errors
    /// The database cannot be reached or opened.
    pub async fn open(config: &DatabaseConfig, data_dir: &Path) -> anyhow::Result<Self> {
        match postgres_address(config)? {
            Some(address) => Self::open_postgres(&address, config).await,
            None => Self::open_sqlite(&data_dir.join("photobooth.db")).await,
        }
    }

    /// Opens the SQLite file and makes it when it is missing.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub async fn open_sqlite(file: &Path) -> anyhow::Result<Self> {
        let path = file
            .to_str()
            .with_context(|| format!("{} is not UTF-8", file.display()))?;
        let address = format!("sqlite:{}?mode=rwc", utf8_percent_encode(path, PATH));
        // A file does not go away between two statements as a server's connection may.
        let options =
            pool(SQLITE_CONNECTIONS, SQLITE_MANNERS.to_owned()).test_before_acquire(false);
        Self::connect(options, &address, Dialect::Sqlite)
            .await
            .with_context(|| format!("opening the database {}", file.display()))
    }

    /// # Errors
    /// The server does not answer.
    pub async fn open_postgres(
        address: &SecretString,
        config: &DatabaseConfig,
    ) -> anyhow::Result<Self> {
        let limit_ms = config.database_timeout_ms;
        let manners = format!("SET statement_timeout = {limit_ms}; SET lock_timeout = {limit_ms};");
        let options = pool(config.database_connections, manners);
        Self::connect(options, address.expose_secret(), Dialect::Postgres)
            .await
            .context("connecting to the database of --database-url")
    }

    async fn connect(
        options: AnyPoolOptions,
        address: &str,
        dialect: Dialect,
    ) -> anyhow::Result<Self> {
        install_default_drivers();
        let pool = options
            .connect_with(AnyConnectOptions::from_str(address)?)
            .await?;
        MIGRATIONS
            .run(&pool)
            .await
            .context("applying the database's migrations")?;
        Ok(Self { pool, dialect })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn check(&self) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT 1").execute(&self.pool).await.map(drop)
    }
}

/// Where PostgreSQL is, with the password that is set on its own; `None` for the embedded database.
///
/// # Errors
/// The setting is no address.
pub fn postgres_address(config: &DatabaseConfig) -> anyhow::Result<Option<SecretString>> {
    let Some(address) = &config.database_url else {
        return Ok(None);
    };
    // What is wrong with it is not repeated: it may hold a password.
    let mut address: Url = address
        .expose_secret()
        .parse()
        .context("--database-url is not an address")?;
    if let Some(password) = &config.database_password {
        address
            .set_password(Some(password.expose_secret()))
            .ok()
            .context("--database-url has no host that a password could be for")?;
    }
    Ok(Some(String::from(address).into()))
}

/// `manners` is what every connection is told when it opens.
fn pool(connections: u32, manners: String) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .after_connect(move |connection, _| {
            let manners = AssertSqlSafe(manners.clone());
            Box::pin(async move { connection.execute(manners).await.map(drop) })
        })
}
