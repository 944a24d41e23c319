//! The booth that a test visits: the real backend on a free port, with data of its own.

use crate::chromium::NETWORK_NAME;
use anyhow::{Context, Result, bail};
use backend::app::Application;
use backend::config::{Cli, Command, Role};
use clap::Parser;
use photobooth_tests::guest_api::ApiGuest;
use portrait::StudioConfig;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Open until it is closed; dropped without that, its port closes with the test's runtime.
pub struct Booth {
    address: SocketAddr,
    studio: StudioConfig,
    close: oneshot::Sender<()>,
    running: JoinHandle<Result<()>>,
    _data: TempDir,
}

impl Booth {
    /// Opens a booth with `flags` besides the defaults of `backend all`, and waits until its models are awake.
    pub async fn open(flags: &[&str]) -> Result<Self> {
        Self::open_at((Ipv4Addr::LOCALHOST, 0).into(), flags).await
    }

    /// The same at an address of the test's choice: where another booth was before.
    pub async fn open_at(address: SocketAddr, flags: &[&str]) -> Result<Self> {
        let data = TempDir::new()?;
        let listen = address.to_string();
        let data_dir = data.path().to_string_lossy().into_owned();
        let (themes, page) = (in_checkout("themes"), in_checkout("frontend/dist"));
        let arguments = [
            "backend",
            "all",
            "--listen",
            &listen,
            "--data-dir",
            &data_dir,
            "--themes-dir",
            &themes,
            "--frontend-dir",
            &page,
        ];
        let Command::All(config) = Cli::try_parse_from(arguments.iter().chain(flags))?.command
        else {
            bail!("the line says all");
        };
        let studio = config.rendering.studio()?;
        let application = Application::build(*config, Role::All).await?;
        // Browsers give the camera to localhost, and every name of it leads here.
        let address = application.address().context("guests come here")?;
        let address = (Ipv4Addr::LOCALHOST, address.port()).into();
        let (close, closed) = oneshot::channel();
        let running = tokio::spawn(application.run_until(async {
            // An error means that the booth was dropped, which closes it as well.
            let _ = closed.await;
        }));
        let booth = Self {
            address,
            studio,
            close,
            running,
            _data: data,
        };
        ApiGuest::at(&booth.url("")).wait_for_opening().await?;
        Ok(booth)
    }

    /// Where the guest's browser goes.
    pub fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.address.port())
    }

    /// Where guests' phones find it.
    pub fn network_url(&self, path: &str) -> String {
        format!("http://{NETWORK_NAME}:{}{path}", self.address.port())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What opens the same models as the booth's own.
    pub fn studio(&self) -> &StudioConfig {
        &self.studio
    }

    /// Closes as Ctrl-C does; fails if anything of the booth had failed.
    pub async fn close(self) -> Result<()> {
        // An error means that it ended by itself, which the next line reports.
        let _ = self.close.send(());
        self.running.await?.context("the booth failed")
    }
}

fn in_checkout(path: &str) -> String {
    checkout().join(path).to_string_lossy().into_owned()
}

/// The folder of the workspace.
pub fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
