//! Addresses that let a guest's browser put one photo into the storage, or fetch one portrait from it,
//! without a key of its own.

use super::{Place, Storage};
use anyhow::Context;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::presigning::PresigningConfig;
use http::uri::{Authority, Uri};
use std::collections::BTreeMap;
use std::time::Duration;

/// What the signature of an upload fixes.
#[derive(Clone, Copy, Debug)]
pub struct UploadTerms<'a> {
    pub key: &'a str,
    pub content_type: &'a str,
    pub bytes: u64,
    pub expires_in: Duration,
}

/// A signed PUT.
#[derive(Clone, Debug)]
pub struct PresignedUpload {
    pub url: String,
    /// The headers that are part of the signature and that the browser does not set by itself.
    pub headers: BTreeMap<String, String>,
}

impl Storage {
    /// Signs a PUT of exactly that many bytes of exactly that type: the storage refuses any other.
    ///
    /// `host` is how the guest reached the booth; the embedded storage is signed for it.
    ///
    /// # Errors
    /// The terms cannot be signed, for example because they last longer than seven days.
    pub async fn presign_upload(
        &self,
        terms: UploadTerms<'_>,
        host: &Authority,
    ) -> anyhow::Result<PresignedUpload> {
        let length = i64::try_from(terms.bytes).context("an upload's length")?;
        let request = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(terms.key)
            .content_type(terms.content_type)
            .content_length(length)
            .customize()
            .config_override(self.seen_from(host))
            .presigned(PresigningConfig::expires_in(terms.expires_in)?)
            .await
            .context("signing an upload")?;
        let headers = request
            .headers()
            .filter(|(name, _)| !name.eq_ignore_ascii_case("content-length"))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        Ok(PresignedUpload {
            url: request.uri().to_owned(),
            headers,
        })
    }

    /// Signs a GET. With `save_as`, the answer tells the browser to save the file under that name.
    ///
    /// # Errors
    /// The address cannot be signed.
    pub async fn presign_download(
        &self,
        key: &str,
        save_as: Option<&str>,
        expires_in: Duration,
        host: &Authority,
    ) -> anyhow::Result<String> {
        let disposition = save_as.map(|name| format!("attachment; filename=\"{name}\""));
        let request = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .set_response_content_disposition(disposition)
            .customize()
            .config_override(self.seen_from(host))
            .presigned(PresigningConfig::expires_in(expires_in)?)
            .await
            .context("signing a download")?;
        Ok(request.uri().to_owned())
    }

    /// Where browsers reach a storage that is not this process, as a content security policy names it.
    ///
    /// # Errors
    /// An address cannot be signed: there are no keys.
    pub async fn external_origin(&self) -> anyhow::Result<Option<String>> {
        if self.embedded().is_some() {
            return Ok(None);
        }
        let nowhere = Authority::from_static("localhost");
        let address = self
            .presign_download("origin", None, Duration::from_secs(1), &nowhere)
            .await?;
        let address: Uri = address.parse().context("a signed address")?;
        let scheme = address.scheme_str().context("a signed address's scheme")?;
        let authority = address.authority().context("a signed address's host")?;
        Ok(Some(format!("{scheme}://{authority}")))
    }

    /// The endpoint as a guest sees it: the embedded one under the guest's own idea of our address, a service under the
    /// address that the settings give for guests.
    fn seen_from(&self, host: &Authority) -> Builder {
        match &self.place {
            Place::Embedded { scheme, .. } => {
                Builder::new().endpoint_url(format!("{scheme}://{host}"))
            }
            Place::External {
                public: Some(address),
            } => Builder::new().endpoint_url(address),
            Place::External { public: None } => Builder::new(),
        }
    }
}
