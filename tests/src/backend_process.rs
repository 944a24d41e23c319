//! A backend in a process of its own, for benchmarks: one address may ask it for what a thousand guests would.

use anyhow::{Context, Result};
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::thread;
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// The whole booth on a free port of this machine alone. It ends, and its data goes, with this value.
#[derive(Debug)]
pub struct BackendProcess {
    process: Child,
    _data: TempDir,
    /// Where it answers: `http://host:port`.
    pub origin: String,
}

impl BackendProcess {
    /// Starts `program` with SQLite and the embedded storage in a new folder; `flags` are settings beyond those.
    ///
    /// # Errors
    /// There is no such program.
    pub fn start(program: &Path, flags: &[&str]) -> Result<Self> {
        let data = TempDir::new()?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let address = format!("127.0.0.1:{port}");
        let process = Command::new(program)
            .args(["all", "--listen", &address])
            .arg("--data-dir")
            .arg(data.path())
            .args(["--log", "warn,s3s=off,s3s_fs=off"])
            // One machine is all the clients here.
            .args(["--reads-per-second", "0"])
            .args(["--presigned-per-second", "0"])
            .args(["--process-per-minute", "0"])
            .args(flags)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        Ok(Self {
            process,
            _data: data,
            origin: format!("http://{address}"),
        })
    }

    /// The process's id.
    ///
    /// # Errors
    /// It has ended.
    pub fn id(&self) -> Result<u32> {
        self.process.id().context("the backend has ended")
    }

    /// Ends it, and waits until it is gone: its data folder goes afterwards.
    ///
    /// # Errors
    /// It cannot be ended.
    pub async fn stop(mut self) -> Result<()> {
        Ok(self.process.kill().await?)
    }
}

/// What figures were taken on.
#[must_use]
pub fn describe_machine() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("unknown processor", |it| {
        it.trim_start_matches([' ', '\t', ':'])
    });
    format!("{cores} cores, {model}")
}
