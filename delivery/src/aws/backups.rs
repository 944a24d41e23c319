//! S3: how things stood before a shift, for whoever has to put them back.

use super::about;
use anyhow::Result;
use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use serde::Serialize;

#[derive(Clone, Debug)]
pub struct Backups(Client);

impl Backups {
    pub(super) fn new(config: &SdkConfig) -> Self {
        Self(Client::new(config))
    }

    /// Keeps what is known of a deployment, and says where.
    ///
    /// # Errors
    /// S3 does not take it.
    pub async fn keep(
        &self,
        bucket: &str,
        deployment: &str,
        state: &impl Serialize,
    ) -> Result<String> {
        let key = format!("deployments/{deployment}.json");
        let body = ByteStream::from(serde_json::to_vec_pretty(state)?);
        let call = self.0.put_object().bucket(bucket).key(&key);
        let call = call.content_type("application/json").body(body).send();
        call.await.map_err(about("PutObject"))?;
        Ok(format!("s3://{bucket}/{key}"))
    }
}
