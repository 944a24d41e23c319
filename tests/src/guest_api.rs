//! A guest without a browser: orders portraits through the API as the page does.

use anyhow::{Context, Result, ensure};
use api::{Job, JobStatus, ProcessRequest, ResultLink, SubmittedJob, UploadRequest, UploadTicket};
use reqwest::{Client, StatusCode};
use std::time::Duration;
use tokio::time::{interval, timeout};

const OPENING_PATIENCE: Duration = Duration::from_secs(120);

/// One of the requests that guests' browsers send most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    Health,
    Themes,
    Ticket,
    Status,
}

/// Someone who speaks to one booth.
#[derive(Clone, Debug)]
pub struct ApiGuest {
    client: Client,
    booth: String,
}

impl ApiGuest {
    /// `booth` is its origin, `http://host:port`.
    #[must_use]
    pub fn at(booth: &str) -> Self {
        Self {
            client: Client::new(),
            booth: booth.to_owned(),
        }
    }

    /// Uploads a JPEG and asks for a portrait of it.
    ///
    /// # Errors
    /// The booth or its storage refuses one of the three requests.
    pub async fn order_portrait(&self, photo: Vec<u8>, theme_id: &str) -> Result<SubmittedJob> {
        let request = UploadRequest {
            file_name: "photo.jpg".into(),
            file_type: "image/jpeg".into(),
            file_size: photo.len() as u64,
        };
        let ticket = self.client.post(self.address("/api/upload/presigned"));
        let ticket = ticket.json(&request).send().await?.error_for_status()?;
        let ticket: UploadTicket = ticket.json().await?;
        let mut upload = self.client.put(&ticket.upload_url).body(photo);
        for (name, value) in &ticket.headers {
            upload = upload.header(name, value);
        }
        upload.send().await?.error_for_status()?;
        let order = ProcessRequest {
            photo_id: ticket.photo_id,
            theme_id: theme_id.to_owned(),
            variant_id: None,
            output_format: None,
        };
        let submission = self.client.post(self.address("/api/process"));
        let submission = submission.json(&order).send().await?.error_for_status()?;
        Ok(submission.json().await?)
    }

    /// Follows a job's events to their end, and says where its portrait lies.
    ///
    /// # Errors
    /// The job did not end with a portrait.
    pub async fn wait_for_portrait(&self, job_id: &str) -> Result<ResultLink> {
        let address = self.address(&format!("/api/process/{job_id}"));
        // The stream of events ends with the job, and with it this answer.
        let events = self.client.get(format!("{address}/events")).send().await?;
        events.error_for_status()?.bytes().await?;
        let job: Job = self.client.get(address).send().await?.json().await?;
        ensure!(
            job.status == JobStatus::Completed,
            "{job_id} ended {:?}: {:?}",
            job.status,
            job.error
        );
        job.result.context("completed without a portrait")
    }

    /// Downloads a portrait.
    ///
    /// # Errors
    /// The storage refuses, or what comes is not as long as was promised.
    pub async fn fetch_portrait(&self, portrait: &ResultLink) -> Result<()> {
        let answer = self.client.get(&portrait.url).send().await?;
        let bytes = answer.error_for_status()?.bytes().await?.len() as u64;
        ensure!(
            bytes == portrait.bytes,
            "{bytes} bytes came of a portrait of {}",
            portrait.bytes
        );
        Ok(())
    }

    /// Deletes a visit by its owner's secret; afterwards nobody knows of it.
    ///
    /// # Errors
    /// The booth refuses, or still knows of it.
    pub async fn delete_visit(&self, visit: &SubmittedJob) -> Result<()> {
        let address = self.address(&format!("/api/process/{}", visit.id));
        let deletion = self.client.delete(&address);
        let deletion = deletion.bearer_auth(&visit.owner_secret).send().await?;
        deletion.error_for_status()?;
        let look = self.client.get(&address).send().await?.status();
        ensure!(
            look == StatusCode::NOT_FOUND,
            "{} was deleted, and still answers {look}",
            visit.id
        );
        Ok(())
    }

    /// Sends one request and reads the whole answer; status is asked of `job`.
    ///
    /// # Errors
    /// The booth does not answer, or with an error.
    pub async fn ask(&self, ask: Ask, job: &str) -> Result<()> {
        let request = match ask {
            Ask::Health => self.client.get(self.address("/api/health")),
            Ask::Themes => self.client.get(self.address("/api/themes")),
            Ask::Status => self
                .client
                .get(self.address(&format!("/api/process/{job}"))),
            Ask::Ticket => {
                let announced = UploadRequest {
                    file_name: "photo.jpg".into(),
                    file_type: "image/jpeg".into(),
                    file_size: 400_000,
                };
                let address = self.address("/api/upload/presigned");
                self.client.post(address).json(&announced)
            }
        };
        request.send().await?.error_for_status()?.bytes().await?;
        Ok(())
    }

    /// Waits until the booth is open: every model has been warmed up.
    ///
    /// # Errors
    /// It is not open after two minutes.
    pub async fn wait_for_opening(&self) -> Result<()> {
        let mut looks = interval(Duration::from_millis(100));
        let see_opening = async {
            while !self.sees_open_booth().await {
                looks.tick().await;
            }
        };
        timeout(OPENING_PATIENCE, see_opening)
            .await
            .context("the booth does not open")
    }

    async fn sees_open_booth(&self) -> bool {
        let answer = self.client.get(self.address("/api/health/ready")).send();
        answer.await.is_ok_and(|it| it.status().is_success())
    }

    /// How many portraits are being made at this moment.
    ///
    /// # Errors
    /// The booth does not answer.
    pub async fn count_renders(&self) -> Result<u64> {
        let answer = self.client.get(self.address("/api/health")).send().await?;
        let health: api::Health = answer.json().await.context("no health")?;
        health
            .queue
            .processing
            .context("the database does not answer")
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.booth)
    }
}
