//! Secrets Manager: what only those who deploy know.

use super::about;
use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;

#[derive(Clone, Debug)]
pub struct Secrets(Client);

impl Secrets {
    pub(super) fn new(config: &SdkConfig) -> Self {
        Self(Client::new(config))
    }

    /// # Errors
    /// The service does not answer, or knows no such text.
    pub async fn read(&self, name: &str) -> Result<String> {
        let call = self.0.get_secret_value().secret_id(name).send();
        let answer = call.await.map_err(about("GetSecretValue"))?;
        answer
            .secret_string
            .with_context(|| format!("{name} holds no text"))
    }
}
