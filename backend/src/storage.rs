//! Photos and portraits in S3: a service elsewhere, or the one embedded in this process. The same client,
//! the same requests and the same signatures either way; only who answers them differs.

mod connector;
mod credentials;
mod embedded;
mod objects;
mod presign;

pub use embedded::Endpoint;
pub use objects::{Listed, ObjectHead, Opened, Published};
pub use presign::{PresignedUpload, UploadTerms};

use crate::config::{HttpConfig, StorageConfig, StorageKind};
use aws_config::BehaviorVersion;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{
    Builder, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    timeout::TimeoutConfig,
};
use connector::InProcess;
use embedded::Door;
use secrecy::ExposeSecret;
use std::path::Path;
use std::time::Duration;

/// How long one attempt of one call may take; a portrait as PNG is 15 MB.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long one call may take, all its attempts together.
const CALL_TIMEOUT: Duration = Duration::from_secs(20);

/// The bucket of the booth.
#[derive(Clone, Debug)]
pub struct Storage {
    client: Client,
    bucket: String,
    place: Place,
}

/// Who answers.
#[derive(Clone, Debug)]
enum Place {
    /// This process: guests reach it by the host that they reach the booth by.
    Embedded {
        endpoint: Endpoint,
        scheme: &'static str,
    },
    /// An S3 service with an address of its own; guests may reach it by another one.
    External { public: Option<String> },
}

impl Storage {
    /// Prepares the client of the S3 service, or opens the embedded one in `data_dir`.
    ///
    /// # Errors
    /// The data folder cannot be written, or its credentials file cannot be read.
    pub async fn open(
        config: &StorageConfig,
        http: &HttpConfig,
        data_dir: &Path,
    ) -> anyhow::Result<Self> {
        let (client, place) = match config.storage {
            StorageKind::S3 => {
                let public = config.s3_public_endpoint.clone();
                (external(config).await, Place::External { public })
            }
            StorageKind::Embedded => {
                let objects = data_dir.join("objects");
                let credentials = credentials::load_or_generate(data_dir)?;
                let open = |door| Endpoint::open(&objects, &config.s3_bucket, &credentials, door);
                let client = basics(config)
                    .force_path_style(true)
                    .endpoint_url("http://embedded.invalid")
                    .credentials_provider(credentials.for_sdk())
                    .http_client(InProcess::new(open(Door::Own)?));
                let place = Place::Embedded {
                    endpoint: open(Door::Guests)?,
                    scheme: http.public_scheme.as_str(),
                };
                (client, place)
            }
        };
        Ok(Self {
            client: Client::from_conf(client.build()),
            bucket: config.s3_bucket.clone(),
            place,
        })
    }

    /// The embedded endpoint, for the router to mount; `None` when the storage is elsewhere.
    pub fn embedded(&self) -> Option<&Endpoint> {
        match &self.place {
            Place::Embedded { endpoint, .. } => Some(endpoint),
            Place::External { .. } => None,
        }
    }

    pub fn bucket(&self) -> &str {
        &self.bucket
    }
}

fn basics(config: &StorageConfig) -> Builder {
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(CALL_TIMEOUT);
    Builder::new()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(config.s3_region.clone()))
        // A checksum would become one more signed header that a browser cannot compute as it uploads.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .timeout_config(timeouts.build())
}

/// With the keys of the settings, or with those that AWS's own tools would find.
async fn external(config: &StorageConfig) -> Builder {
    let mut client = basics(config).force_path_style(config.s3_path_style);
    client.set_endpoint_url(config.s3_endpoint.clone());
    match (&config.s3_access_key_id, &config.s3_secret_access_key) {
        (Some(id), Some(secret)) => {
            let secret = secret.expose_secret();
            client.credentials_provider(Credentials::new(id, secret, None, None, "settings"))
        }
        _ => {
            let found = aws_config::defaults(BehaviorVersion::latest())
                .region(Region::new(config.s3_region.clone()))
                .load()
                .await;
            client.set_credentials_provider(found.credentials_provider());
            client
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Cli, Command};
    use clap::Parser;

    #[tokio::test]
    async fn guests_are_given_the_address_that_they_reach() {
        let line = [
            ["backend", "all"],
            ["--storage", "s3"],
            ["--s3-endpoint", "http://storage:8333"],
            ["--s3-public-endpoint", "http://localhost:8080"],
            ["--s3-access-key-id", "key"],
            ["--s3-secret-access-key", "secret"],
        ];
        let Command::All(config) = Cli::parse_from(line.concat()).command else {
            unreachable!("the line says all");
        };
        let storage = Storage::open(&config.storage, &config.http, Path::new("")).await;
        let storage = storage.unwrap();
        let minute = Duration::from_secs(60);
        let host = "booth.example".parse().unwrap();
        let portrait = storage.presign_download("results/a.jpg", None, minute, &host);
        let portrait = portrait.await.unwrap();
        assert!(
            portrait.starts_with("http://localhost:8080/photobooth/results/a.jpg?"),
            "{portrait}"
        );
        let origin = storage.external_origin().await.unwrap();
        assert_eq!(origin.as_deref(), Some("http://localhost:8080"));
    }
}
