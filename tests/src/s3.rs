//! An S3 service of the tests' own, on a port of this machine: what several processes share, and what counts how
//! often each object was stored.

use anyhow::{Context, Result};
use async_trait::async_trait;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use s3s::auth::SimpleAuth;
use s3s::dto::{
    DeleteObjectInput, DeleteObjectOutput, GetObjectInput, GetObjectOutput, HeadBucketInput,
    HeadBucketOutput, HeadObjectInput, HeadObjectOutput, ListObjectsV2Input, ListObjectsV2Output,
    PutBucketLifecycleConfigurationInput, PutBucketLifecycleConfigurationOutput, PutObjectInput,
    PutObjectOutput,
};
use s3s::service::S3ServiceBuilder;
use s3s::{S3, S3Request, S3Response, S3Result, s3_error};
use s3s_fs::FileSystem;
use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A running service; it ends when it is dropped.
#[derive(Debug)]
pub struct Service {
    address: SocketAddr,
    account: Account,
    stored: Stored,
    serving: JoinHandle<()>,
    folder: TempDir,
}

/// The bucket that a service has, and the keys that open it.
#[derive(Clone, Debug)]
pub struct Account {
    pub bucket: String,
    pub access_key_id: String,
    pub secret_access_key: String,
}

/// How often each key was stored with success.
type Stored = Arc<Mutex<BTreeMap<String, u32>>>;

impl Service {
    /// Serves an empty bucket on a free port.
    ///
    /// # Errors
    /// The folder cannot be made, or no port is free.
    pub async fn start() -> Result<Self> {
        let account = Account {
            bucket: "photobooth".to_owned(),
            access_key_id: "test-key".to_owned(),
            secret_access_key: "test-secret".to_owned(),
        };
        Self::start_at((Ipv4Addr::LOCALHOST, 0).into(), account).await
    }

    /// Serves an empty bucket at an address.
    ///
    /// # Errors
    /// The folder cannot be made, or the port is not free.
    pub async fn start_at(address: SocketAddr, account: Account) -> Result<Self> {
        let folder = TempDir::new()?;
        fs::create_dir(folder.path().join(&account.bucket))?;
        let files = FileSystem::new(folder.path())
            .map_err(|error| anyhow::anyhow!("{error:?}"))
            .context("opening the objects' folder")?;
        let stored = Stored::default();
        let mut builder = S3ServiceBuilder::new(Counting {
            files,
            stored: stored.clone(),
        });
        builder.set_auth(SimpleAuth::from_single(
            account.access_key_id.clone(),
            account.secret_access_key.clone(),
        ));
        let service = builder.build();
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let server = auto::Builder::new(TokioExecutor::new());
                    // A client that goes away is the client's business.
                    let _ = server.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Ok(Self {
            address,
            account,
            stored,
            serving,
            folder,
        })
    }

    /// What a backend is told to use it.
    pub fn flags(&self) -> Vec<String> {
        let endpoint = self.endpoint();
        let flags = [
            ["--storage", "s3"],
            ["--s3-endpoint", &endpoint],
            ["--s3-bucket", &self.account.bucket],
            ["--s3-access-key-id", &self.account.access_key_id],
            ["--s3-secret-access-key", &self.account.secret_access_key],
        ];
        flags.concat().into_iter().map(str::to_owned).collect()
    }

    /// Where it is: `http://host:port`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// An object, if it is there.
    pub fn read(&self, key: &str) -> Option<Vec<u8>> {
        let bucket = self.folder.path().join(&self.account.bucket);
        fs::read(bucket.join(key)).ok()
    }

    /// How often each key was stored with success.
    pub fn stored(&self) -> BTreeMap<String, u32> {
        lock(&self.stored).clone()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn lock(stored: &Stored) -> std::sync::MutexGuard<'_, BTreeMap<String, u32>> {
    stored.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug)]
struct Counting {
    files: FileSystem,
    stored: Stored,
}

#[async_trait]
impl S3 for Counting {
    async fn head_bucket(
        &self,
        request: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        self.files.head_bucket(request).await
    }

    /// Takes the rules and never carries them out: nothing here grows a day old.
    async fn put_bucket_lifecycle_configuration(
        &self,
        request: S3Request<PutBucketLifecycleConfigurationInput>,
    ) -> S3Result<S3Response<PutBucketLifecycleConfigurationOutput>> {
        let rules = request.input.lifecycle_configuration;
        if rules.is_none_or(|it| it.rules.is_empty()) {
            return Err(s3_error!(MalformedXML));
        }
        Ok(S3Response::new(
            PutBucketLifecycleConfigurationOutput::default(),
        ))
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

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.files.list_objects_v2(request).await
    }

    async fn put_object(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let key = request.input.key.clone();
        let response = self.files.put_object(request).await?;
        *lock(&self.stored).entry(key).or_default() += 1;
        Ok(response)
    }

    async fn delete_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        self.files.delete_object(request).await
    }
}
