//! Every setting of the backend: one struct a concern, each with a default, so that it runs with none given.
//!
//! The doc comments are the operator's manual: `backend all --help` prints them.

use anyhow::{Context, bail, ensure};
use clap::{Args, Parser, Subcommand, ValueEnum};
use portrait::Device;
use secrecy::SecretString;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The photobooth's backend.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    #[command(subcommand)]
    pub role: Role,
}

#[derive(Debug, Subcommand)]
pub enum Role {
    /// The API and the workers in one process: a booth on one machine.
    All(Box<Config>),
}

/// Everything that can be set.
#[derive(Clone, Debug, Args)]
pub struct Config {
    #[command(flatten)]
    pub http: HttpConfig,
    #[command(flatten)]
    pub data: DataConfig,
    #[command(flatten)]
    pub storage: StorageConfig,
    #[command(flatten)]
    pub queue: QueueConfig,
    #[command(flatten)]
    pub rendering: RenderingConfig,
    #[command(flatten)]
    pub log: LogConfig,
}

impl Config {
    /// Refuses settings that contradict each other.
    ///
    /// # Errors
    /// A sentence that says which settings and why.
    pub fn check(&self) -> anyhow::Result<()> {
        self.storage.check()?;
        ensure!(
            self.queue.lease_seconds >= 3,
            "--lease-seconds {} is too short: a lease is renewed every third of it, and a busy machine may be a second late",
            self.queue.lease_seconds
        );
        Ok(())
    }
}

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

    /// Seconds that open connections get to finish when the process is told to stop
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

/// What is kept on this machine.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Data")]
pub struct DataConfig {
    /// Folder of the database and of the embedded storage; made when missing. One process at a time uses it
    #[arg(long, env = "PHOTOBOOTH_DATA_DIR", default_value = "data")]
    pub data_dir: PathBuf,
}

/// Where photos and portraits lie.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Storage")]
pub struct StorageConfig {
    /// Bucket for photos and portraits. The embedded storage answers under this path: /photobooth/...
    #[arg(long, env = "PHOTOBOOTH_S3_BUCKET", default_value = "photobooth")]
    pub s3_bucket: String,

    /// Address of an S3 service to use in place of the embedded storage, as guests' browsers and this process
    /// reach it, for example <https://s3.eu-central-1.amazonaws.com>
    #[arg(long, env = "PHOTOBOOTH_S3_ENDPOINT")]
    pub s3_endpoint: Option<String>,

    /// Region that requests are signed for
    #[arg(long, env = "PHOTOBOOTH_S3_REGION", default_value = "us-east-1")]
    pub s3_region: String,

    /// Access key of the S3 service; needed with --s3-endpoint
    #[arg(long, env = "PHOTOBOOTH_S3_ACCESS_KEY_ID")]
    pub s3_access_key_id: Option<String>,

    /// Secret key of the S3 service; needed with --s3-endpoint. Better given by the environment: other users
    /// of a machine can read command lines
    #[arg(long, env = "PHOTOBOOTH_S3_SECRET_ACCESS_KEY", hide_env_values = true)]
    pub s3_secret_access_key: Option<SecretString>,

    /// Address objects as endpoint/bucket/key; --s3-path-style=false puts the bucket before the endpoint's
    /// host name, as AWS prefers it
    #[arg(
        long,
        env = "PHOTOBOOTH_S3_PATH_STYLE",
        default_value_t = true,
        action = clap::ArgAction::Set
    )]
    pub s3_path_style: bool,

    /// Seconds for which a guest may use an upload address
    #[arg(
        long,
        env = "PHOTOBOOTH_UPLOAD_SECONDS",
        default_value_t = 600,
        value_parser = clap::value_parser!(u64).range(1..=900)
    )]
    pub upload_seconds: u64,

    /// Seconds for which a portrait's address works; every look at the status gives a fresh one
    #[arg(
        long,
        env = "PHOTOBOOTH_LINK_SECONDS",
        default_value_t = 3600,
        value_parser = clap::value_parser!(u64).range(1..=86_400)
    )]
    pub link_seconds: u64,
}

impl StorageConfig {
    fn check(&self) -> anyhow::Result<()> {
        let has_keys = self.s3_access_key_id.is_some() && self.s3_secret_access_key.is_some();
        match &self.s3_endpoint {
            Some(_) if !has_keys => bail!(
                "--s3-endpoint needs --s3-access-key-id and --s3-secret-access-key: nothing can be signed without them"
            ),
            Some(endpoint) if origin_of(endpoint).is_none() => {
                bail!("--s3-endpoint {endpoint:?} is not an http or https address")
            }
            None if ["api", "media"].contains(&self.s3_bucket.as_str()) => bail!(
                "--s3-bucket {:?} is a path that the backend itself answers; choose another name",
                self.s3_bucket
            ),
            _ if !is_bucket_name(&self.s3_bucket) => bail!(
                "--s3-bucket {:?} is not a bucket name: 3 to 63 lower-case letters, digits and hyphens",
                self.s3_bucket
            ),
            _ => Ok(()),
        }
    }
}

/// Scheme, host and port of an address, as a content security policy names them.
pub fn origin_of(address: &str) -> Option<String> {
    let uri: http::Uri = address.parse().ok()?;
    let scheme = uri
        .scheme_str()
        .filter(|scheme| ["http", "https"].contains(scheme))?;
    Some(format!("{scheme}://{}", uri.authority()?))
}

fn is_bucket_name(name: &str) -> bool {
    (3..=63).contains(&name.len())
        && !name.starts_with('-')
        && !name.ends_with('-')
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// How many wait, and what a worker promises.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Queue")]
pub struct QueueConfig {
    /// How many photos may wait; further guests are told when to try again
    #[arg(long, env = "PHOTOBOOTH_QUEUE_LIMIT", default_value_t = 50)]
    pub queue_limit: u32,

    /// Seconds after which a photo whose worker fell silent is given to another one
    #[arg(long, env = "PHOTOBOOTH_LEASE_SECONDS", default_value_t = 30)]
    pub lease_seconds: u32,

    /// Name of this process in leases. One that starts again under the same name takes its own photos up at
    /// once, without waiting for the lease to end
    #[arg(long, env = "PHOTOBOOTH_INSTANCE", default_value = "booth")]
    pub instance: String,
}

impl QueueConfig {
    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.lease_seconds.into())
    }
}

/// Who makes the portraits, and from what.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Rendering")]
pub struct RenderingConfig {
    /// Portraits made at a time; each holds all models in memory. 0 only queues
    #[arg(long, env = "PHOTOBOOTH_WORKERS", default_value_t = 1)]
    pub workers: usize,

    /// Threads of each worker; by default the machine's cores divided by the workers
    #[arg(long, env = "PHOTOBOOTH_RENDER_THREADS")]
    pub render_threads: Option<NonZeroUsize>,

    /// Seconds after which a guest is told that a portrait took too long
    #[arg(long, env = "PHOTOBOOTH_RENDER_TIMEOUT_SECONDS", default_value_t = 60)]
    pub render_timeout_seconds: u64,

    /// Where inference runs: cpu, or cuda:N for graphics card N. Fails at start when that card is not there
    #[arg(long, env = "PHOTOBOOTH_DEVICE", default_value = "cpu")]
    pub device: Device,

    /// Folder with the ONNX models; by default where `cargo xtask up` puts them, models/ in the cache folder
    #[arg(long, env = "PHOTOBOOTH_MODELS_DIR")]
    pub models_dir: Option<PathBuf>,

    /// The ONNX Runtime library; by default the one that `cargo xtask up` puts into onnxruntime/ in the cache
    /// folder
    #[arg(long, env = "PHOTOBOOTH_ONNXRUNTIME")]
    pub onnxruntime: Option<PathBuf>,

    /// Folder with the themes
    #[arg(long, env = "PHOTOBOOTH_THEMES_DIR", default_value = "themes")]
    pub themes_dir: PathBuf,

    /// The cache folder of models and tools; by default ai-photobooth/ in `XDG_CACHE_HOME` or ~/.cache
    #[arg(long, env = "PHOTOBOOTH_CACHE_DIR")]
    pub cache_dir: Option<PathBuf>,

    #[arg(long, env = "XDG_CACHE_HOME", hide = true)]
    xdg_cache_home: Option<PathBuf>,

    #[arg(long, env = "HOME", hide = true)]
    home: Option<PathBuf>,
}

impl RenderingConfig {
    /// What `portrait` needs to open one worker's models.
    ///
    /// # Errors
    /// Neither a models folder nor a cache folder is known.
    pub fn studio(&self) -> anyhow::Result<portrait::StudioConfig> {
        let models_dir = match &self.models_dir {
            Some(folder) => folder.clone(),
            None => self
                .cache()
                .context("--models-dir is not set, and there is no home folder to look in")?
                .join("models"),
        };
        Ok(portrait::StudioConfig {
            models_dir,
            themes_dir: self.themes_dir.clone(),
            onnxruntime: self.onnxruntime.clone().or_else(|| self.cached_runtime()),
            device: self.device,
            threads: self.threads_per_worker(),
        })
    }

    fn threads_per_worker(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.render_threads
            .map_or_else(|| (cores / self.workers.max(1)).max(1), NonZeroUsize::get)
    }

    fn cache(&self) -> Option<PathBuf> {
        self.cache_dir.clone().or_else(|| {
            let base = self
                .xdg_cache_home
                .clone()
                .filter(|folder| folder.is_absolute())
                .or_else(|| Some(self.home.as_ref()?.join(".cache")))?;
            Some(base.join("ai-photobooth"))
        })
    }

    fn cached_runtime(&self) -> Option<PathBuf> {
        newest_runtime(&self.cache()?.join("onnxruntime"))
    }
}

/// The ONNX Runtime library of a folder; the last by name when several versions lie there.
fn newest_runtime(folder: &Path) -> Option<PathBuf> {
    let is_runtime = |name: OsString| name.to_string_lossy().starts_with("libonnxruntime.so");
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    entries
        .filter(|entry| is_runtime(entry.file_name()))
        .map(|entry| entry.path())
        .max()
}

/// What is written to standard output.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Log")]
pub struct LogConfig {
    /// What to log: a level, or levels by module, such as info,backend=debug. The storage's own log is off by
    /// default because it calls every unsigned request an error
    #[arg(
        long,
        env = "PHOTOBOOTH_LOG",
        default_value = "info,s3s=off,s3s_fs=off"
    )]
    pub log: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(flags: &[&str]) -> Config {
        let Role::All(config) = Cli::parse_from(["backend", "all"].iter().chain(flags)).role;
        *config
    }

    #[test]
    fn runs_with_no_settings() {
        parse(&[]).check().unwrap();
    }

    #[test]
    fn explains_contradictions() {
        for (flags, word) in [
            (
                &["--s3-endpoint", "https://s3.example"][..],
                "--s3-access-key-id",
            ),
            (&["--s3-bucket", "api"], "--s3-bucket"),
            (&["--s3-bucket", "No/Bucket"], "--s3-bucket"),
            (&["--lease-seconds", "1"], "--lease-seconds"),
        ] {
            let error = parse(flags).check().unwrap_err().to_string();
            assert!(error.contains(word), "{flags:?}: {error}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let config = parse(&["--s3-secret-access-key", "hunter2"]);
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
