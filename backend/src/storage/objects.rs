//! What the booth does with objects: looks, fetches, publishes once, deletes, lists.

use super::Storage;
use anyhow::Context;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::{ByteStream, DateTime, SdkBody};
use bytes::Bytes;

/// What is known of an object without fetching it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectHead {
    pub bytes: u64,
    pub content_type: Option<String>,
}

/// An object that is being fetched.
#[derive(Debug)]
pub struct Opened {
    pub bytes: u64,
    pub body: SdkBody,
}

/// An object as a listing names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub key: String,
    /// When it was stored, in milliseconds since 1970 (UTC).
    pub stored_at_ms: i64,
}

/// Which of those who stored an object under one key was first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// This call.
    Now,
    /// An earlier one; its object lies there unchanged.
    Before,
}

impl Storage {
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
            // HEAD has no body that could name the error, so the status says it.
            Err(error) if status_of(&error) == Some(404) => Ok(None),
            Err(error) => Err(error).context("asking the storage for an object"),
        }
    }

    /// A whole object; `None` when there is none. Uploads are at most 10 MB, so it fits in memory.
    ///
    /// # Errors
    /// The storage does not answer, or the bucket itself is missing.
    pub async fn get(&self, key: &str) -> anyhow::Result<Option<Bytes>> {
        let Some(object) = self.open_object(key).await? else {
            return Ok(None);
        };
        let body = ByteStream::new(object.body).collect().await;
        Ok(Some(body.context("reading an object")?.into_bytes()))
    }

    /// An object piece by piece, as whoever it is for takes it in; `None` when there is none.
    ///
    /// # Errors
    /// The storage does not answer, or the bucket itself is missing.
    pub async fn open_object(&self, key: &str) -> anyhow::Result<Option<Opened>> {
        let outcome = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await;
        match outcome {
            Ok(object) => Ok(Some(Opened {
                bytes: u64::try_from(object.content_length().unwrap_or_default())?,
                body: object.body.into_inner(),
            })),
            Err(error) if error.code() == Some("NoSuchKey") => Ok(None),
            Err(error) => Err(error).context("fetching an object"),
        }
    }

    /// Stores an object unless one lies there: whoever is first, is first for good.
    ///
    /// # Errors
    /// The storage does not answer or refuses.
    pub async fn publish(
        &self,
        key: &str,
        content_type: &str,
        bytes: Bytes,
    ) -> anyhow::Result<Published> {
        let outcome = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .if_none_match("*")
            .body(ByteStream::from(bytes))
            .send()
            .await;
        match outcome {
            Ok(_) => Ok(Published::Now),
            Err(error) if status_of(&error) == Some(412) => Ok(Published::Before),
            Err(error) => Err(error).context("storing an object"),
        }
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

    /// Up to a thousand objects under a prefix, by key, behind `after`; an empty answer is the end.
    ///
    /// # Errors
    /// The storage does not answer or refuses.
    pub async fn list(&self, prefix: &str, after: Option<&str>) -> anyhow::Result<Vec<Listed>> {
        let page = self
            .client
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(prefix)
            .set_start_after(after.map(str::to_owned))
            .send()
            .await
            .context("listing objects")?;
        let listed = page.contents().iter().filter_map(|object| {
            Some(Listed {
                key: object.key()?.to_owned(),
                stored_at_ms: object.last_modified().and_then(milliseconds)?,
            })
        });
        Ok(listed.collect())
    }
}

fn status_of<E>(error: &SdkError<E>) -> Option<u16> {
    Some(error.raw_response()?.status().as_u16())
}

fn milliseconds(time: &DateTime) -> Option<i64> {
    time.to_millis().ok()
}
