//! Starts the backend in the role that the command line names and stops it at SIGTERM or ctrl-c.

use anyhow::Context;
use backend::app::Application;
use backend::config::{Cli, Role};
use clap::Parser;
use std::io::IsTerminal;
use tokio::signal;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Role::All(config) = Cli::parse().role;
    let filter = EnvFilter::try_new(&config.log.log)
        .with_context(|| format!("--log {:?} is not a log filter", config.log.log))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stdout().is_terminal())
        .init();

    let application = Application::build(*config).await?;
    tracing::info!("listening on http://{}", application.address());
    application.run_until(told_to_stop()).await
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
