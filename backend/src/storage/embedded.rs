//! The embedded S3 endpoint: files in a folder behind the real protocol, so that one machine needs no
//! storage service and runs the very code that a large installation runs.

use super::credentials::EmbeddedCredentials;
use anyhow::Context;
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use s3s::dto::{
    DeleteObjectInput, DeleteObjectOutput, GetObjectInput, GetObjectOutput, HeadBucketInput,
    HeadBucketOutput, HeadObjectInput, HeadObjectOutput, ListObjectsV2Input, ListObjectsV2Output,
    PutObjectInput, PutObjectOutput,
};
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{HttpError, HttpRequest, HttpResponse, S3, S3Request, S3Response, S3Result, s3_error};
use s3s_fs::FileSystem;
use std::fs;
use std::path::{Path, PathBuf};

/// The largest object: a portrait as PNG is some 15 MB.
const MAX_OBJECT_BYTES: i64 = 64 * 1024 * 1024;

/// Who comes through an endpoint, and so what it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Browsers with a signed address: one upload, one download.
    Guests,
    /// This process.
    Own,
}

/// Answers S3 requests from a folder. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Endpoint {
    service: S3Service,
}

impl Endpoint {
    /// Opens the folder and makes the bucket when it is missing.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn open(
        root: &Path,
        bucket: &str,
        credentials: &EmbeddedCredentials,
        door: Door,
    ) -> anyhow::Result<Self> {
        fs::create_dir_all(root.join(bucket))
            .with_context(|| format!("making the storage folder {}", root.display()))?;
        let files = FileSystem::new(root)
            .map_err(|error| anyhow::anyhow!("opening the storage folder: {error:?}"))?;
        let mut builder = S3ServiceBuilder::new(Bucket {
            files,
            root: root.to_owned(),
            door,
        });
        builder.set_auth(credentials.for_endpoint());
        Ok(Self {
            service: builder.build(),
        })
    }

    /// Answers one request.
    ///
    /// # Errors
    /// The answer could not be written; refusals are answers.
    pub async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        self.service.call(request).await
    }
}

/// The few operations that the booth needs. Every other one (copying, multipart, policies) stays at the
/// trait's default, which refuses; guests are refused those that are not theirs whatever they signed.
#[derive(Debug)]
struct Bucket {
    files: FileSystem,
    root: PathBuf,
    door: Door,
}

impl Bucket {
    fn refuse_guests(&self) -> S3Result<()> {
        match self.door {
            Door::Own => Ok(()),
            Door::Guests => Err(s3_error!(AccessDenied)),
        }
    }
}

#[async_trait]
impl S3 for Bucket {
    async fn head_bucket(
        &self,
        request: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        self.refuse_guests()?;
        self.files.head_bucket(request).await
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.refuse_guests()?;
        self.files.list_objects_v2(request).await
    }

    async fn head_object(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        self.files.head_object(request).await
    }

    async fn get_object(
        &self,
        request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        self.files.get_object(request).await
    }

    async fn put_object(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        // The signature fixes the length only where there is one, and hyper stops a body at it.
        match request.input.content_length {
            None => return Err(s3_error!(MissingContentLength)),
            Some(length) if length > MAX_OBJECT_BYTES => return Err(s3_error!(EntityTooLarge)),
            Some(_) => {}
        }
        // Headers that the signature does not cover are the uploader's own idea: not kept.
        let request = request.map_input(|input| PutObjectInput {
            if_none_match: input.if_none_match,
            body: input.body,
            bucket: input.bucket,
            key: input.key,
            content_length: input.content_length,
            content_type: input.content_type,
            ..PutObjectInput::default()
        });
        self.files.put_object(request).await
    }

    async fn delete_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        self.refuse_guests()?;
        let notes = self.notes_of(&request.input.bucket, &request.input.key);
        let response = self.files.delete_object(request).await?;
        for note in notes {
            // An object that was never there has none.
            if let Err(error) = tokio::fs::remove_file(&note).await
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(%error, "an object's notes could not be deleted");
            }
        }
        Ok(response)
    }
}

impl Bucket {
    /// The two files in which `s3s-fs` notes an object's type and checksum, and which it forgets to delete
    /// with the object. A checksum of a guest's photo must not outlive the photo.
    fn notes_of(&self, bucket: &str, key: &str) -> [PathBuf; 2] {
        let bucket = URL_SAFE_NO_PAD.encode(bucket);
        let key = URL_SAFE_NO_PAD.encode(key);
        ["metadata", "internal"].map(|kind| {
            self.root
                .join(format!(".bucket-{bucket}.object-{key}.{kind}.json"))
        })
    }
}
