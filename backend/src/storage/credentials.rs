//! The embedded storage's keys: made once for a data folder, so that addresses signed before a restart
//! still work after it.

use anyhow::Context;
use aws_sdk_s3::config::Credentials;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use s3s::auth::SimpleAuth;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// A pair of keys that only this process knows.
#[derive(Clone, Debug, Deserialize)]
pub struct EmbeddedCredentials {
    access_key_id: String,
    secret_access_key: SecretString,
}

impl EmbeddedCredentials {
    /// For the side that signs.
    pub fn for_sdk(&self) -> Credentials {
        Credentials::new(
            &self.access_key_id,
            self.secret_access_key.expose_secret(),
            None,
            None,
            "embedded storage",
        )
    }

    /// For the side that checks.
    pub fn for_endpoint(&self) -> SimpleAuth {
        SimpleAuth::from_single(
            self.access_key_id.clone(),
            self.secret_access_key.expose_secret(),
        )
    }
}

/// Reads the folder's keys, or makes and keeps new ones.
///
/// # Errors
/// The file cannot be read or written.
pub fn load_or_generate(data_dir: &Path) -> anyhow::Result<EmbeddedCredentials> {
    let file = data_dir.join("storage-credentials.json");
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => generate(&file)?,
        Err(error) => return Err(error).with_context(|| format!("reading {}", file.display())),
    };
    serde_json::from_str(&text).with_context(|| format!("{} is not as written", file.display()))
}

fn generate(file: &Path) -> anyhow::Result<String> {
    let text = serde_json::json!({
        "access_key_id": random_text(15)?,
        "secret_access_key": random_text(30)?,
    })
    .to_string();
    create_private(file)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("writing {}", file.display()))?;
    Ok(text)
}

fn random_text(bytes: usize) -> anyhow::Result<String> {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random)?;
    Ok(URL_SAFE_NO_PAD.encode(random))
}

fn create_private(file: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}
