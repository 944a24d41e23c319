//! Settings of the door that guests come through.

use clap::{Args, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Where guests reach the booth.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "HTTP")]
pub struct HttpConfig {
    /// Address and port to listen on. The default takes guests' phones on the same network as well; use
    /// 127.0.0.1:3000 for this machine alone. Port 0 takes any free port
    #[arg(long, env = "PHOTOBOOTH_LISTEN", default_value = "0.0.0.0:3000")]
    pub listen: SocketAddr,

    /// How guests' browsers reach this process: https when something in front of it ends TLS. Upload and
    /// download addresses of the embedded storage begin with it
    #[arg(long, env = "PHOTOBOOTH_PUBLIC_SCHEME", value_enum, default_value_t = Scheme::Http)]
    pub public_scheme: Scheme,

    /// Folder with the built page (trunk's dist). Without that folder only the API is served
    #[arg(long, env = "PHOTOBOOTH_FRONTEND_DIR", default_value = "frontend/dist")]
    pub frontend_dir: PathBuf,

    /// Seconds an API request may take
    #[arg(long, env = "PHOTOBOOTH_REQUEST_TIMEOUT_SECONDS", default_value_t = 15)]
    pub request_timeout_seconds: u64,

    /// Seconds that one upload to the embedded storage may take: a large photo from a phone on a bad network
    #[arg(
        long,
        env = "PHOTOBOOTH_TRANSFER_TIMEOUT_SECONDS",
        default_value_t = 300
    )]
    pub transfer_timeout_seconds: u64,

    /// Seconds for which the process, told to stop, still answers after its last portrait, so that guests can fetch
    /// it; as long again is then given to open connections
    #[arg(long, env = "PHOTOBOOTH_DRAIN_SECONDS", default_value_t = 10)]
    pub drain_seconds: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scheme {
    Http,
    Https,
}

impl Scheme {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}
