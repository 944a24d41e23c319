//! Settings of what one client may take, and of whom to believe about who that is.

use anyhow::ensure;
use clap::Args;
use http::HeaderValue;
use ipnet::IpNet;
use std::net::IpAddr;
use std::time::Duration;
use url::Url;

/// What one client may take. A client is an IPv4 address or the first 64 bits of an IPv6 address.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitsConfig {
    /// Requests a second that one client may send; as many may come at once. Health, thumbnails and the page's files
    /// are not counted, and tickets are counted on their own. 0 counts nothing
    #[arg(
        long,
        env = "PHOTOBOOTH_READS_PER_SECOND",
        default_value_t = 100,
        value_parser = clap::value_parser!(u32).range(..=1_000_000)
    )]
    pub reads_per_second: u32,

    /// Tickets for an upload (presigned addresses) a second that one client may ask for; as many may come at once.
    /// 0 counts nothing
    #[arg(
        long,
        env = "PHOTOBOOTH_PRESIGNED_PER_SECOND",
        default_value_t = 10,
        value_parser = clap::value_parser!(u32).range(..=1_000_000)
    )]
    pub presigned_per_second: u32,

    /// Portraits a minute that one client may ask for, from all processes that share a database together; as many may
    /// come at once. Guests behind one address share it: raise it for a venue's network. 0 counts nothing
    #[arg(
        long,
        env = "PHOTOBOOTH_PROCESS_PER_MINUTE",
        default_value_t = 10,
        value_parser = clap::value_parser!(u32).range(..=10_000)
    )]
    pub process_per_minute: u32,

    /// Networks, as 10.0.0.0/8 or 192.0.2.7, of the proxies in front of this process, separated by commas. Only what
    /// comes from these is believed about whom it was forwarded for (X-Forwarded-For)
    #[arg(
        long,
        env = "PHOTOBOOTH_TRUSTED_PROXIES",
        value_delimiter = ',',
        value_parser = parse_network
    )]
    pub trusted_proxies: Vec<IpNet>,

    /// Other sites whose pages may use the API from guests' browsers (CORS), each exactly as
    /// <https://example.org>, separated by commas
    #[arg(
        long,
        env = "PHOTOBOOTH_ALLOWED_ORIGINS",
        value_delimiter = ',',
        value_parser = parse_origin
    )]
    pub allowed_origins: Vec<HeaderValue>,

    /// Seconds within which the head of a request must have arrived, counted from the connection's opening or from
    /// the answer before it. Longer than the minute for which load balancers keep idle connections to use them again
    #[arg(
        long,
        env = "PHOTOBOOTH_HEADER_SECONDS",
        default_value_t = 75,
        value_parser = clap::value_parser!(u32).range(1..=3_600)
    )]
    pub header_seconds: u32,

    /// Seconds for which a client may take in nothing of an answer before the connection is cut
    #[arg(
        long,
        env = "PHOTOBOOTH_STALL_SECONDS",
        default_value_t = 30,
        value_parser = clap::value_parser!(u32).range(1..=3_600)
    )]
    pub stall_seconds: u32,

    /// Connections open at a time; further ones wait until one is closed. The default stays below the 1,024 open
    /// files that many systems give a process
    #[arg(
        long,
        env = "PHOTOBOOTH_MAX_CONNECTIONS",
        default_value_t = 800,
        value_parser = clap::value_parser!(u32).range(1..=1_000_000)
    )]
    pub max_connections: u32,

    /// Of those, how many one client may hold; further ones are closed. Trusted proxies may hold them all
    #[arg(
        long,
        env = "PHOTOBOOTH_CONNECTIONS_PER_CLIENT",
        default_value_t = 400,
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub connections_per_client: u32,

    /// Event streams open at a time, each of which holds a connection
    #[arg(
        long,
        env = "PHOTOBOOTH_EVENT_STREAMS",
        default_value_t = 500,
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub event_streams: u32,

    /// Of those, how many one client may hold
    #[arg(
        long,
        env = "PHOTOBOOTH_EVENT_STREAMS_PER_CLIENT",
        default_value_t = 200,
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub event_streams_per_client: u32,
}

impl LimitsConfig {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        for network in &self.trusted_proxies {
            ensure!(
                network.prefix_len() > 0,
                "--trusted-proxies {network} is everybody: any client could say that it is another one"
            );
        }
        ensure!(
            self.event_streams < self.max_connections,
            "--event-streams {} would leave none of --max-connections {} for anything else",
            self.event_streams,
            self.max_connections
        );
        for (of_one, each, of_all, all) in [
            (
                "--connections-per-client",
                self.connections_per_client,
                "--max-connections",
                self.max_connections,
            ),
            (
                "--event-streams-per-client",
                self.event_streams_per_client,
                "--event-streams",
                self.event_streams,
            ),
        ] {
            ensure!(
                each <= all,
                "{of_one} {each} is more than {of_all} {all}: one client cannot hold more than there are"
            );
        }
        Ok(())
    }

    pub fn header_limit(&self) -> Duration {
        Duration::from_secs(self.header_seconds.into())
    }

    pub fn stall_limit(&self) -> Duration {
        Duration::from_secs(self.stall_seconds.into())
    }
}

fn parse_network(text: &str) -> Result<IpNet, String> {
    let network = text.trim();
    let alone = network.parse::<IpAddr>().map(IpNet::from);
    alone
        .or_else(|_| network.parse())
        .map_err(|_| "a network is written as 10.0.0.0/8, fd00::/8 or 192.0.2.7".to_owned())
}

/// Exactly what a browser would send, so that comparing is all there is to do.
fn parse_origin(text: &str) -> Result<HeaderValue, String> {
    let text = text.trim();
    let is_exact = Url::parse(text).is_ok_and(|url| {
        ["http", "https"].contains(&url.scheme())
            && !text.contains('*')
            && url.origin().ascii_serialization() == text
    });
    HeaderValue::from_str(text)
        .ok()
        .filter(|_| is_exact)
        .ok_or_else(|| {
            "an origin is written as https://example.org: scheme, host and a port other than the scheme's, nothing after them and no *".to_owned()
        })
}
