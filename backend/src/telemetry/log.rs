//! The log: lines of text for people or of JSON for machines, on standard output.

use crate::config::{LogConfig, LogFormat};
use anyhow::Context;
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Starts the process's log; called once, whatever the role.
///
/// # Errors
/// The filter is none.
pub fn start_log(config: &LogConfig) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log)
        .with_context(|| format!("--log {:?} is not a log filter", config.log))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter);
    match config.log_format {
        LogFormat::Text => lines.with_ansi(std::io::stdout().is_terminal()).init(),
        // The request and the portrait that a line belongs to stand in its span.
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .init(),
    }
    Ok(())
}
