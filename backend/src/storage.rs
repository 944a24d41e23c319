//! Photos and portraits in S3: an external service, or the one embedded in this process. The same client,
//! the same requests and the same signatures either way; only who answers them differs.

mod connector;
mod credentials;
mod embedded;
mod presign;

pub use presign::{PresignedUpload, UploadTerms};

use crate::config::{HttpConfig, StorageConfig};
use anyhow::Context;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{
    BehaviorVersion, Builder, Credentials, Region, RequestChecksumCalculation,
    ResponseChecksumValidation, timeout::TimeoutConfig,
};
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;
use connector::InProcess;
use secrecy::ExposeSecret;
use std::path::Path;
use std::time::Duration;

pub use embedded::Endpoint;

/// How long one call to the storage may take, all its attempts together.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

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
    /// An S3 service with an address of its own.
    External,
}

/// What is known of an object without fetching it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectHead {
    pub bytes: u64,
    pub content_type: Option<String>,
}

impl Storage {
    /// Connects to the external service when one is configured, else opens the embedded one in `data_dir`.
    ///
    /// # Errors
    /// The data folder cannot be written, or its credentials file cannot be read.
    pub fn open(
        config: &StorageConfig,
        http: &HttpConfig,
        data_dir: &Path,
    ) -> anyhow::Result<Self> {
        let base = Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(config.s3_region.clone()))
            .force_path_style(config.s3_path_style)
            // A checksum would become one more signed header that a browser cannot compute as it uploads.
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
            .timeout_config(
                TimeoutConfig::builder()
                    .operation_timeout(CALL_TIMEOUT)
                    .build(),
            );
        let (config_builder, place) = match &config.s3_endpoint {
            Some(endpoint) => (external(base, endpoint, config)?, Place::External),
            None => {
                let credentials = credentials::load_or_generate(data_dir)?;
                let endpoint =
                    Endpoint::open(&data_dir.join("objects"), &config.s3_bucket, &credentials)?;
                let builder = base
                    .force_path_style(true)
                    .endpoint_url("http://embedded.invalid")
                    .credentials_provider(credentials.for_sdk())
                    .http_client(InProcess::new(endpoint.clone()));
                let scheme = http.public_scheme.as_str();
                (builder, Place::Embedded { endpoint, scheme })
            }
        };
        Ok(Self {
            client: Client::from_conf(config_builder.build()),
            bucket: config.s3_bucket.clone(),
            place,
        })
    }

    /// The embedded endpoint, for the router to mount; `None` when the storage is elsewhere.
    pub fn embedded(&self) -> Option<&Endpoint> {
        match &self.place {
            Place::Embedded { endpoint, .. } => Some(endpoint),
            Place::External => None,
        }
    }

    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Whether the bucket answers.
    ///
    /// # Errors
    /// It does not, or refuses our credentials.
    pub async fn check(&self) -> anyhow::Result<()> {
        self.client
            .head_bucket()
            .bucket(&self.bucket)
            .send()
            .await
            .context("asking the storage for its bucket")?;
        Ok(())
    }

    /// Size and type of an object; `None` when there is none.
    ///
    /// # Errors
    /// The storage does not answer.
    pub async fn head(&self, key: &str) -> anyhow::Result<Option<ObjectHead>> {
        let outcome = self
            .client
            .head_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await;
        match outcome {
            Ok(head) => Ok(Some(ObjectHead {
                bytes: head
                    .content_length()
                    .and_then(|n| u64::try_from(n).ok())
                    .unwrap_or(0),
                content_type: head.content_type().map(str::to_owned),
            })),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error).context("asking the storage for an object"),
        }
    }

    /// A whole object; `None` when there is none. Uploads are at most 10 MB, so it fits in memory.
    ///
    /// # Errors
    /// The storage does not answer.
    pub async fn get(&self, key: &str) -> anyhow::Result<Option<Bytes>> {
        let outcome = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await;
        match outcome {
            Ok(object) => {
                let body = object.body.collect().await.context("reading an object")?;
                Ok(Some(body.into_bytes()))
            }
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error).context("fetching an object"),
        }
    }

    /// Stores an object, in place of one that may lie there.
    ///
    /// # Errors
    /// The storage does not answer or refuses.
    pub async fn put(&self, key: &str, content_type: &str, bytes: Vec<u8>) -> anyhow::Result<()> {
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .body(ByteStream::from(bytes))
            .send()
            .await
            .context("storing an object")?;
        Ok(())
    }

    /// Deletes an object. One that is not there is deleted already.
    ///
    /// # Errors
    /// The storage does not answer or refuses.
    pub async fn delete(&self, key: &str) -> anyhow::Result<()> {
        self.client
            .delete_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await
            .context("deleting an object")?;
        Ok(())
    }
}

fn external(base: Builder, endpoint: &str, config: &StorageConfig) -> anyhow::Result<Builder> {
    let missing = "an external S3 endpoint needs an access key and a secret key";
    let access_key = config.s3_access_key_id.as_deref().context(missing)?;
    let secret_key = config.s3_secret_access_key.as_ref().context(missing)?;
    let credentials = Credentials::new(
        access_key,
        secret_key.expose_secret(),
        None,
        None,
        "settings",
    );
    Ok(base
        .endpoint_url(endpoint)
        .credentials_provider(credentials))
}

/// HEAD has no body that could name the error, so the status says it.
fn is_missing<E>(error: &SdkError<E>) -> bool {
    error
        .raw_response()
        .is_some_and(|response| response.status().as_u16() == 404)
}
