//! Settings of what operators watch the booth by: metrics, traces, and the door for both.

use anyhow::{bail, ensure};
use clap::{ArgAction, Args};
use std::net::SocketAddr;

/// How the booth is watched. Nothing of it is on by default.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Telemetry")]
pub struct TelemetryConfig {
    /// Address and port, not for guests, that answers /metrics for Prometheus and the health checks; the only one that
    /// the role work has. Without it there is none. For example 127.0.0.1:9464
    #[arg(long, env = "PHOTOBOOTH_INTERNAL_LISTEN")]
    pub internal_listen: Option<SocketAddr>,

    /// What this deployment is called in metrics and traces, such as staging
    #[arg(long, env = "PHOTOBOOTH_ENVIRONMENT", default_value = "local")]
    pub environment: String,

    /// Which release this is, told in health, in traces and with every portrait that it made, such as a commit
    #[arg(long, env = "PHOTOBOOTH_RELEASE", default_value = env!("CARGO_PKG_VERSION"))]
    pub release: String,

    /// Send metrics to Amazon CloudWatch once a minute, in the namespace AI-Photobooth. Keys are found as for AWS's
    /// own tools (environment, profile, the role of the task or the machine)
    #[arg(
        long,
        env = "PHOTOBOOTH_CLOUDWATCH",
        default_value_t = false,
        action = ArgAction::Set,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    pub cloudwatch: bool,

    /// Region of those metrics; without it, that of --s3-region
    #[arg(long, env = "PHOTOBOOTH_CLOUDWATCH_REGION")]
    pub cloudwatch_region: Option<String>,

    /// Address of a service that speaks CloudWatch's protocol; without it, AWS's own in the region
    #[arg(long, env = "PHOTOBOOTH_CLOUDWATCH_ENDPOINT")]
    pub cloudwatch_endpoint: Option<String>,

    /// Address of an OpenTelemetry collector beside this process that takes traces over OTLP and HTTP, for example
    /// <http://127.0.0.1:4318>
    #[arg(long, env = "PHOTOBOOTH_OTLP_ENDPOINT")]
    pub otlp_endpoint: Option<String>,

    /// Whether to send traces; by default wherever --otlp-endpoint names a collector
    #[arg(
        long,
        env = "PHOTOBOOTH_ENABLE_XRAY",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    pub enable_xray: Option<bool>,
}

impl TelemetryConfig {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        if let Some(endpoint) = &self.otlp_endpoint {
            ensure!(
                scheme_of(endpoint).as_deref() == Some("http"),
                "--otlp-endpoint {endpoint:?} is not an http address; the collector stands beside this process and \
                 speaks TLS for it"
            );
        } else if self.enable_xray == Some(true) {
            bail!("--enable-xray needs the --otlp-endpoint of the collector that takes the traces");
        }
        if let Some(endpoint) = &self.cloudwatch_endpoint {
            ensure!(
                self.cloudwatch,
                "--cloudwatch-endpoint names a service, but metrics are not sent; add --cloudwatch"
            );
            ensure!(
                matches!(scheme_of(endpoint).as_deref(), Some("http" | "https")),
                "--cloudwatch-endpoint {endpoint:?} is not an http or https address"
            );
        }
        ensure!(
            !self.environment.is_empty() && self.environment.is_ascii(),
            "--environment {:?} is not a name in ASCII, which CloudWatch asks for",
            self.environment
        );
        Ok(())
    }

    /// Where traces go; `None` when none are sent.
    pub fn collector(&self) -> Option<&str> {
        let is_on = self.enable_xray != Some(false);
        self.otlp_endpoint.as_deref().filter(|_| is_on)
    }
}

fn scheme_of(address: &str) -> Option<String> {
    let address: http::Uri = address.parse().ok()?;
    address.authority()?;
    address.scheme_str().map(str::to_owned)
}
