//! Opens the database and brings its tables up to date.
//!
//! The pool is sqlx's `Any`, and every statement sticks to what SQLite and PostgreSQL share (`$1`,
//! `RETURNING`, partial indexes, integer milliseconds), so that the same SQL serves both.

use anyhow::Context;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::migrate::Migrator;
use sqlx::{AnyPool, Executor};
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Readers do not wait for the one writer in WAL mode; a few connections serve them all.
const CONNECTIONS: u32 = 8;

/// How long a statement waits for SQLite's one writer before it fails.
const BUSY_TIMEOUT_MS: u32 = 5_000;

/// How long a request waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// What a path may hold in a database address without being taken for something else.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'.')
    .remove(b'-')
    .remove(b'_');

/// Opens the SQLite file, makes it when missing, and applies the migrations that it lacks.
///
/// # Errors
/// The file cannot be opened, or was written by a newer release.
pub async fn open_sqlite(file: &Path) -> anyhow::Result<AnyPool> {
    install_default_drivers();
    let path = file
        .to_str()
        .with_context(|| format!("{} is not UTF-8", file.display()))?;
    let address = format!("sqlite:{}?mode=rwc", utf8_percent_encode(path, PATH));
    let options = AnyConnectOptions::from_str(&address)?;
    let pool = AnyPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A file does not go away between two statements as a server's connection may.
        .test_before_acquire(false)
        .after_connect(|connection, _| {
            Box::pin(async move {
                // With WAL, NORMAL loses no consistency, and at a power cut only the last moments.
                let pragmas = format!(
                    "PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                );
                connection.execute(sqlx::AssertSqlSafe(pragmas)).await?;
                Ok(())
            })
        })
        .connect_with(options)
        .await
        .with_context(|| format!("opening the database {}", file.display()))?;
    MIGRATIONS
        .run(&pool)
        .await
        .context("applying the database's migrations")?;
    Ok(pool)
}

/// Whether the database answers.
///
/// # Errors
/// It does not.
pub async fn check(db: &AnyPool) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT 1").execute(db).await.map(drop)
}
