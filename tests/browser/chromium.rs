//! Chromium behind `ChromeDriver`: started for one test, with a camera or with the camera forbidden.

use anyhow::{Context, Result, bail};
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// A name that every test's browser takes for this machine's, as a venue's network names a booth.
pub const NETWORK_NAME: &str = "booth.test";

const START_PATIENCE: Duration = Duration::from_secs(60);

/// What the guest's browser finds when the page asks for a camera.
pub enum Camera {
    /// A camera that shows this Motion JPEG file, and a guest who allows it.
    Showing(PathBuf),
    /// A guest, or a browser's setting, that says no.
    Forbidden,
}

/// One browser with a profile of its own.
pub struct Chromium {
    pub client: Client,
    downloads: TempDir,
    driver: Child,
}

impl Chromium {
    pub async fn start(camera: &Camera) -> Result<Self> {
        let (driver, port) = start_driver().await?;
        let downloads = TempDir::new()?;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(describe_browser(camera, downloads.path()))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .context("ChromeDriver cannot start Chromium")?;
        Ok(Self {
            client,
            downloads,
            driver,
        })
    }

    /// Where downloads land.
    pub fn downloads(&self) -> &Path {
        self.downloads.path()
    }

    /// Sends a command of the Chrome `DevTools` protocol.
    pub async fn command(&self, method: &'static str, parameters: Value) -> Result<Value> {
        let command = DevToolsCommand { method, parameters };
        self.client
            .issue_cmd(command)
            .await
            .with_context(|| format!("{method} failed"))
    }

    pub async fn quit(mut self) -> Result<()> {
        self.client.close().await?;
        self.driver.kill().await?;
        Ok(())
    }
}

async fn start_driver() -> Result<(Child, u16)> {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("cannot start chromedriver; `cargo xtask test` installs it")?;
    let output = driver.stdout.take().context("chromedriver has an output")?;
    let mut lines = BufReader::new(output).lines();
    let read_port = async {
        while let Some(line) = lines.next_line().await? {
            // "ChromeDriver was started successfully on port 12345."
            if let Some((_, port)) = line.split_once("successfully on port ") {
                return Ok(port.trim_end_matches('.').parse()?);
            }
        }
        bail!("chromedriver ended before it named its port")
    };
    let port = timeout(START_PATIENCE, read_port).await??;
    Ok((driver, port))
}

fn describe_browser(camera: &Camera, downloads: &Path) -> Capabilities {
    // Root, as in a container, has no sandbox; the rest keeps a machine without display and network quiet.
    let mut arguments = vec![
        "--headless".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--disable-background-networking".to_owned(),
        format!("--host-resolver-rules=MAP {NETWORK_NAME} 127.0.0.1"),
        "--use-fake-device-for-media-stream".to_owned(),
    ];
    let mut preferences = json!({ "download.default_directory": downloads });
    match camera {
        Camera::Showing(video) => arguments.extend([
            "--use-fake-ui-for-media-stream".to_owned(),
            format!("--use-file-for-fake-video-capture={}", video.display()),
        ]),
        // 2 is "block" in Chromium's settings.
        Camera::Forbidden => {
            preferences["profile.default_content_setting_values.media_stream_camera"] = json!(2);
        }
    }
    let options = json!({ "args": arguments, "prefs": preferences });
    Capabilities::from_iter([("goog:chromeOptions".to_owned(), options)])
}

#[derive(Debug)]
struct DevToolsCommand {
    method: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for DevToolsCommand {
    fn endpoint(
        &self,
        base_url: &url::Url,
        session_id: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        let session = session_id.unwrap_or_default();
        base_url.join(&format!("session/{session}/goog/cdp/execute"))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        let body = json!({ "cmd": self.method, "params": self.parameters });
        (http::Method::POST, Some(body.to_string()))
    }
}
