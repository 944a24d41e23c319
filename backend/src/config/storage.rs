//! Settings of the storage for photos and portraits.

use anyhow::{bail, ensure};
use clap::{Args, ValueEnum};
use secrecy::SecretString;

/// Which storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StorageKind {
    /// In this process, in the data folder: a booth on one machine.
    Embedded,
    /// An S3 service: AWS, `MinIO`, ...
    S3,
}

/// Where photos and portraits lie.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Storage")]
pub struct StorageConfig {
    /// Where photos and portraits lie. The roles serve and work need s3: they share it
    #[arg(long, env = "PHOTOBOOTH_STORAGE", value_enum, default_value_t = StorageKind::Embedded)]
    pub storage: StorageKind,

    /// Bucket for photos and portraits. The embedded storage answers under this path: /photobooth/...
    #[arg(long, env = "PHOTOBOOTH_S3_BUCKET", default_value = "photobooth")]
    pub s3_bucket: String,

    /// Address of the S3 service as guests' browsers and this process reach it, for example
    /// <https://minio.example:9000>; without it, AWS's own in the region
    #[arg(long, env = "PHOTOBOOTH_S3_ENDPOINT")]
    pub s3_endpoint: Option<String>,

    /// Address of the S3 service as guests' browsers reach it, where this process reaches it by another one: upload and
    /// download addresses begin with it
    #[arg(long, env = "PHOTOBOOTH_S3_PUBLIC_ENDPOINT")]
    pub s3_public_endpoint: Option<String>,

    /// Region that requests are signed for
    #[arg(long, env = "PHOTOBOOTH_S3_REGION", default_value = "us-east-1")]
    pub s3_region: String,

    /// Access key of the S3 service; without it the keys come from where AWS's own tools find them (environment,
    /// profile, the role of the task or the machine)
    #[arg(long, env = "PHOTOBOOTH_S3_ACCESS_KEY_ID")]
    pub s3_access_key_id: Option<String>,

    /// Secret key that belongs to --s3-access-key-id. Better given by the environment: other users
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
    pub(super) fn check(&self) -> anyhow::Result<()> {
        ensure!(
            is_bucket_name(&self.s3_bucket),
            "--s3-bucket {:?} is not a bucket name: 3 to 63 lower-case letters, digits and hyphens",
            self.s3_bucket
        );
        match self.storage {
            StorageKind::Embedded => self.check_embedded(),
            StorageKind::S3 => self.check_s3(),
        }
    }

    fn check_embedded(&self) -> anyhow::Result<()> {
        for (flag, endpoint) in self.endpoints() {
            if endpoint.is_some() {
                bail!("{flag} names a service, but --storage is embedded; add --storage s3");
            }
        }
        ensure!(
            !["api", "media"].contains(&self.s3_bucket.as_str()),
            "--s3-bucket {:?} is a path that the backend itself answers; choose another name",
            self.s3_bucket
        );
        Ok(())
    }

    fn endpoints(&self) -> [(&'static str, Option<&str>); 2] {
        [
            ("--s3-endpoint", self.s3_endpoint.as_deref()),
            ("--s3-public-endpoint", self.s3_public_endpoint.as_deref()),
        ]
    }

    fn check_s3(&self) -> anyhow::Result<()> {
        for (flag, endpoint) in self.endpoints() {
            let Some(endpoint) = endpoint else { continue };
            let is_address = endpoint.parse::<http::Uri>().is_ok_and(|uri| {
                uri.authority().is_some() && matches!(uri.scheme_str(), Some("http" | "https"))
            });
            ensure!(
                is_address,
                "{flag} {endpoint:?} is not an http or https address"
            );
        }
        ensure!(
            self.s3_access_key_id.is_some() == self.s3_secret_access_key.is_some(),
            "--s3-access-key-id and --s3-secret-access-key belong together: give both or neither"
        );
        Ok(())
    }
}

fn is_bucket_name(name: &str) -> bool {
    (3..=63).contains(&name.len())
        && !name.starts_with('-')
        && !name.ends_with('-')
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
