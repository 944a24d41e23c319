//! Starts the backend in the role that the command line names and stops it at SIGTERM or ctrl-c.

use backend::app::Application;
use backend::config::{Cli, Command, Config, MigrateConfig, Role};
use backend::db::Db;
use backend::self_check;
use backend::telemetry::start_log;
use clap::Parser;
use std::path::Path;
use tokio::signal;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::All(config) => run(*config, Role::All).await,
        Command::Serve(config) => run(*config, Role::Serve).await,
        Command::Work(config) => run(*config, Role::Work).await,
        Command::Migrate(config) => migrate(&config).await,
        Command::Health(config) => self_check::check(&config).await,
    }
}

async fn run(config: Config, role: Role) -> anyhow::Result<()> {
    start_log(&config.log)?;
    let application = Application::build(config, role).await?;
    if let Some(address) = application.address() {
        tracing::info!("listening on http://{address}");
    }
    if let Some(address) = application.internal_address() {
        tracing::info!("metrics and health checks on http://{address}");
    }
    application.run_until(told_to_stop()).await
}

async fn migrate(config: &MigrateConfig) -> anyhow::Result<()> {
    start_log(&config.log)?;
    config.check()?;
    // Opening is what brings the tables up to date; a PostgreSQL needs no folder.
    let db = Db::open(&config.database, Path::new("")).await?;
    db.pool.close().await;
    tracing::info!("the database is up to date");
    Ok(())
}

/// Resolves at ctrl-c and, on Unix, at SIGTERM, which is how containers and systemd say stop.
async fn told_to_stop() {
    let interrupt = async {
        if let Err(error) = signal::ctrl_c().await {
            tracing::error!(%error, "cannot listen for ctrl-c");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut stream) => {
                stream.recv().await;
            }
            Err(error) => {
                tracing::error!(%error, "cannot listen for SIGTERM");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();

    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    tracing::info!("told to stop: finishing the portraits at hand, claiming no more");
}
