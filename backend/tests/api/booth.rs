//! The booth under test: the real server on a free port, with its data in a folder of its own.

use super::database;
use api::{ErrorBody, ErrorCode, Job, SubmittedJob, UploadTicket};
use backend::app::{AppState, Application};
use backend::config::{Cli, Command, Config, Role};
use clap::Parser;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A booth that is silent for longer than this has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running server and a guest's browser.
pub struct Booth {
    pub client: Client,
    pub address: SocketAddr,
    pub internal: Option<SocketAddr>,
    pub app: AppState,
    shutdown: oneshot::Sender<()>,
    running: JoinHandle<anyhow::Result<()>>,
    data: Option<TempDir>,
}

/// What a booth in this folder is started with, with no page unless `flags` name one.
pub fn command_line(data_dir: &Path, flags: &[&str]) -> Vec<String> {
    let database = database::flags(data_dir);
    let data_dir = data_dir.to_str().unwrap();
    let themes = repository("themes");
    let themes = themes.to_str().unwrap();
    let mut line = vec!["backend", "all", "--listen", "127.0.0.1:0"];
    line.extend(["--data-dir", data_dir, "--themes-dir", themes]);
    if !flags.contains(&"--frontend-dir") {
        line.extend(["--frontend-dir", "nowhere"]);
    }
    // One address sends what many guests would.
    for rate in [
        "--reads-per-second",
        "--presigned-per-second",
        "--process-per-minute",
    ] {
        if !flags.contains(&rate) {
            line.extend([rate, "0"]);
        }
    }
    // Few of these tests have somebody who comes for a portrait at the end.
    line.extend(["--drain-seconds", "1"]);
    line.extend(database.iter().map(String::as_str));
    line.extend(flags);
    line.into_iter().map(str::to_owned).collect()
}

/// The settings of that booth.
pub fn settings(data_dir: &Path, flags: &[&str]) -> Config {
    let line = command_line(data_dir, flags);
    let Command::All(config) = Cli::parse_from(line).command else {
        unreachable!("the line says all");
    };
    *config
}

/// A file of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

impl Booth {
    /// A booth that queues and renders nothing.
    pub async fn without_workers(flags: &[&str]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let flags = [&["--workers", "0"], flags].concat();
        let mut booth = Self::start(data.path(), &flags).await;
        booth.data = Some(data);
        booth
    }

    /// A booth whose data outlives it.
    pub async fn start(data_dir: &Path, flags: &[&str]) -> Self {
        Self::start_as(Role::All, data_dir, flags).await
    }

    pub async fn start_as(role: Role, data_dir: &Path, flags: &[&str]) -> Self {
        let application = Application::build(settings(data_dir, flags), role)
            .await
            .unwrap();
        let (shutdown, told) = oneshot::channel::<()>();
        Self {
            client: Client::builder().timeout(PATIENCE).build().unwrap(),
            address: application.address().unwrap(),
            internal: application.internal_address(),
            app: application.state().clone(),
            shutdown,
            running: tokio::spawn(application.run_until(async {
                let _ = told.await;
            })),
            data: None,
        }
    }

    /// Tells the booth to stop and waits until it has.
    pub async fn stop(self) {
        // Kept alive until the server has let go of its files.
        let _data = self.data;
        drop(self.client);
        let _ = self.shutdown.send(());
        self.running.await.unwrap().unwrap();
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: &Value) -> Response {
        let request = self.client.post(self.url(path)).json(body);
        request.send().await.unwrap()
    }

    /// Sends a request for exactly this path, dots and all, which HTTP clients would tidy up; gives the status.
    pub async fn status_of_raw(&self, method: &str, path: &str) -> u16 {
        let mut line = TcpStream::connect(self.address).await.unwrap();
        let host = self.address;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
        line.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        line.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer);
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// A ticket for a photo of this size.
    pub async fn ticket(&self, media_type: &str, bytes: usize) -> UploadTicket {
        let body = json!({ "fileName": "photo", "fileType": media_type, "fileSize": bytes });
        let answer = self.post("/api/upload/presigned", &body).await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.unwrap()
    }

    /// The upload that a ticket allows, not sent yet.
    pub fn upload(&self, ticket: &UploadTicket) -> RequestBuilder {
        let request = self.client.put(&ticket.upload_url);
        ticket
            .headers
            .iter()
            .fold(request, |request, (name, value)| {
                request.header(name, value)
            })
    }

    /// A photo in storage; gives its id.
    pub async fn uploaded(&self, media_type: &str, photo: Vec<u8>) -> String {
        let ticket = self.ticket(media_type, photo.len()).await;
        let answer = self.upload(&ticket).body(photo).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        ticket.photo_id
    }

    pub async fn ask_for_portrait(&self, photo_id: &str, theme_id: &str) -> Response {
        let body = json!({ "photoId": photo_id, "themeId": theme_id });
        self.post("/api/process", &body).await
    }

    /// Asks for a portrait as a browser does that names its own span.
    pub async fn ask_within_trace(&self, photo_id: &str, traceparent: &str) {
        let body = json!({ "photoId": photo_id, "themeId": "greek" });
        let request = self.client.post(self.url("/api/process")).json(&body);
        let answer = request.header("traceparent", traceparent).send().await;
        assert_eq!(answer.unwrap().status(), StatusCode::CREATED);
    }

    /// A photo in the queue; gives its id.
    pub async fn queued(&self, media_type: &str, photo: Vec<u8>) -> String {
        self.submitted(media_type, photo).await.id
    }

    /// A photo in the queue, with the secret of its guest.
    pub async fn submitted(&self, media_type: &str, photo: Vec<u8>) -> SubmittedJob {
        let photo_id = self.uploaded(media_type, photo).await;
        let answer = self.ask_for_portrait(&photo_id, "greek").await;
        assert_eq!(answer.status(), StatusCode::CREATED);
        let job: SubmittedJob = answer.json().await.unwrap();
        assert_eq!(job.id, photo_id);
        job
    }

    pub async fn job(&self, photo_id: &str) -> Job {
        let answer = self.get(&format!("/api/process/{photo_id}")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.unwrap()
    }

    /// Every event of a job until its stream ends.
    pub async fn follow(&self, photo_id: &str) -> Vec<Job> {
        let answer = self.get(&format!("/api/process/{photo_id}/events")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        events_of(&answer.text().await.unwrap())
    }

    /// Until a wish would be granted: models are warm, and everybody has been told.
    pub async fn wait_for_workers(&self) {
        let at_work = async {
            while !self.app.takes_work().await.unwrap() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, at_work).await.unwrap();
    }

    /// Whether a guest's photo lies in storage.
    pub async fn has_original(&self, photo_id: &str) -> bool {
        let key = format!("uploads/{photo_id}");
        self.app.storage.head(&key).await.unwrap().is_some()
    }

    /// A job may be seen to be over a moment before its photo is gone; never longer than a moment.
    pub async fn expect_original_deleted(&self, photo_id: &str) {
        let gone = async {
            while self.has_original(photo_id).await {
                tokio::task::yield_now().await;
            }
        };
        let patience = Duration::from_secs(10);
        let outcome = tokio::time::timeout(patience, gone).await;
        assert!(outcome.is_ok(), "photo {photo_id} is still in the storage");
    }
}

/// The jobs in the text of an event stream.
pub fn events_of(text: &str) -> Vec<Job> {
    text.lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|json| serde_json::from_str(json).unwrap())
        .collect()
}

/// Checks status, code and shape of an error; gives the answer's `Retry-After` in seconds.
pub async fn expect_error(answer: Response, status: u16, code: ErrorCode) -> Option<u64> {
    let address = answer.url().path().to_owned();
    assert_eq!(answer.status().as_u16(), status, "{address}");
    assert_eq!(answer.headers()["content-type"], "application/json");
    let retry_after = answer
        .headers()
        .get("retry-after")
        .map(|seconds| seconds.to_str().unwrap().parse().unwrap());
    let body: ErrorBody = answer.json().await.unwrap();
    assert_eq!(body.code, code, "{address}: {}", body.message);
    assert!(!body.message.is_empty());
    assert!(
        body.hint.is_some_and(|hint| !hint.is_empty()),
        "{code} says no way on"
    );
    for internal in ["/", "sqlx", "rust", "Error("] {
        assert!(!body.message.contains(internal), "{}", body.message);
    }
    retry_after
}
