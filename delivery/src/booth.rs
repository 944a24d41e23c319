//! The booth as its guests know it, through either listener: health, a portrait from photo to picture, files.

use crate::deadline::Deadline;
use anyhow::{Context, Result, ensure};
use api::{
    Component, HealthStatus, Job, JobStatus, ProcessRequest, QueueState, SubmittedJob,
    UploadRequest, UploadTicket,
};
use reqwest::{Client, RequestBuilder, Response, Url};
use serde::Deserialize;
use std::time::Duration;

/// What opens the test listener.
const TEST_HEADER: &str = "x-photobooth-test";

/// Without one the firewall lets no request through.
const USER_AGENT: &str = concat!("photobooth-delivery/", env!("CARGO_PKG_VERSION"));

/// Between two looks at a portrait that is being made.
const LOOK: Duration = Duration::from_secs(1);

/// A booth behind one address.
#[derive(Clone, Debug)]
pub struct Booth {
    client: Client,
    origin: Url,
    test_secret: Option<String>,
    look: Duration,
}

/// What is read of a health report: no more than is asked for, since hooks meet releases that are older than themselves.
#[derive(Debug, Deserialize)]
pub struct Health {
    pub status: HealthStatus,
    /// Empty where the release is too old to tell.
    #[serde(default)]
    pub release: String,
    pub database: Component,
    pub storage: Component,
    pub models: Component,
    pub queue: QueueState,
}

/// A portrait, and which release made it.
#[derive(Debug)]
pub struct Portrait {
    pub release: Option<String>,
    pub picture: Vec<u8>,
}

impl Booth {
    /// As guests reach it.
    ///
    /// # Errors
    /// No address.
    pub fn at(address: &str, deadline: &Deadline) -> Result<Self> {
        let client = Client::builder()
            .timeout(deadline.reporting())
            .user_agent(USER_AGENT)
            .build()?;
        Ok(Self {
            client,
            origin: address
                .parse()
                .with_context(|| format!("no address: {address:?}"))?,
            test_secret: None,
            look: LOOK.min(deadline.pace()),
        })
    }

    /// Through the test listener.
    #[must_use]
    pub fn opened_by(self, test_secret: String) -> Self {
        Self {
            test_secret: Some(test_secret),
            ..self
        }
    }

    /// How it is. What is ill answers with an error's status, and says here what it is.
    ///
    /// # Errors
    /// It does not answer, or with something else.
    pub async fn health(&self) -> Result<Health> {
        let answer = self
            .send(self.client.get(self.address("/api/health")?))
            .await?;
        let status = answer.status();
        answer
            .json()
            .await
            .with_context(|| format!("{status} instead of a health report"))
    }

    /// Has a portrait made of a photo: uploads, orders, waits, fetches, and deletes what it leaves.
    ///
    /// # Errors
    /// Any step fails, or no portrait is made.
    pub async fn make_portrait(&self, photo: &[u8], theme: &str) -> Result<Portrait> {
        let order = self.order(photo, theme).await?;
        let portrait = self.follow(&order.id).await;
        // Nobody's visit: what cannot be deleted now expires within the week.
        let address = self.address(&format!("/api/process/{}", order.id))?;
        let deletion = self.client.delete(address).bearer_auth(&order.owner_secret);
        if let Err(error) = self.send(deletion).await {
            tracing::warn!("the sample was not deleted: {error:#}");
        }
        portrait
    }

    async fn order(&self, photo: &[u8], theme: &str) -> Result<SubmittedJob> {
        let announced = UploadRequest {
            file_name: "sample.png".to_owned(),
            file_type: "image/png".to_owned(),
            file_size: photo.len() as u64,
        };
        let ticket = self.client.post(self.address("/api/upload/presigned")?);
        let ticket: UploadTicket = self.expect(ticket.json(&announced)).await?.json().await?;
        let mut upload = self.client.put(&ticket.upload_url).body(photo.to_vec());
        for (name, value) in &ticket.headers {
            upload = upload.header(name, value);
        }
        self.expect(upload).await?;
        let wish = ProcessRequest {
            photo_id: ticket.photo_id,
            theme_id: theme.to_owned(),
            variant_id: None,
            output_format: None,
        };
        let order = self.client.post(self.address("/api/process")?).json(&wish);
        Ok(self.expect(order).await?.json().await?)
    }

    async fn follow(&self, id: &str) -> Result<Portrait> {
        let address = self.address(&format!("/api/process/{id}"))?;
        let job = loop {
            let job: Job = self
                .expect(self.client.get(address.clone()))
                .await?
                .json()
                .await?;
            if job.status.is_final() {
                break job;
            }
            tokio::time::sleep(self.look).await;
        };
        let Job {
            status,
            error,
            result,
            release,
            ..
        } = job;
        ensure!(
            status == JobStatus::Completed,
            "no portrait was made: {error:?}"
        );
        let link = result.context("completed without a portrait")?;
        let picture = self.expect(self.client.get(link.url)).await?;
        let picture = picture.bytes().await?;
        Ok(Portrait {
            release,
            picture: picture.to_vec(),
        })
    }

    /// A file or an answer below the booth's address, with its media type.
    ///
    /// # Errors
    /// It is not there.
    pub async fn fetch(&self, path: &str) -> Result<(String, Vec<u8>)> {
        let answer = self.expect(self.client.get(self.address(path)?)).await?;
        let media_type = answer.headers().get("content-type");
        let media_type = media_type
            .and_then(|it| it.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        Ok((media_type, answer.bytes().await?.to_vec()))
    }

    fn address(&self, path: &str) -> Result<Url> {
        self.origin
            .join(path)
            .with_context(|| format!("no path: {path:?}"))
    }

    async fn expect(&self, request: RequestBuilder) -> Result<Response> {
        let answer = self.send(request).await?;
        let (status, path) = (answer.status(), answer.url().path().to_owned());
        if status.is_success() {
            return Ok(answer);
        }
        let said: String = answer
            .text()
            .await
            .unwrap_or_default()
            .chars()
            .take(200)
            .collect();
        anyhow::bail!("{path} answers {status}: {said}")
    }

    /// The storage's addresses are signed and lie elsewhere: what opens the test listener is not for them.
    async fn send(&self, request: RequestBuilder) -> Result<Response> {
        let mut request = request.build()?;
        if let Some(secret) = &self.test_secret
            && request.url().origin() == self.origin.origin()
        {
            request.headers_mut().insert(TEST_HEADER, secret.parse()?);
        }
        // Signed addresses are secrets.
        Ok(self
            .client
            .execute(request)
            .await
            .map_err(reqwest::Error::without_url)?)
    }
}
