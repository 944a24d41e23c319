//! Settings of the log.

use clap::{Args, ValueEnum};

/// What is written to standard output.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Log")]
pub struct LogConfig {
    /// What to log: a level, or levels by module, such as info,backend=debug. The storage's own log is off by
    /// default because it calls every unsigned request an error; the S3 client's about connections that it replaces, too
    #[arg(
        long,
        env = "PHOTOBOOTH_LOG",
        default_value = "info,s3s=off,s3s_fs=off,aws_smithy_runtime::client::http::connection_poisoning=off"
    )]
    pub log: String,

    /// How a line looks: text for people, json for machines
    #[arg(long, env = "PHOTOBOOTH_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}
