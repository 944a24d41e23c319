//! One running task of a service: a process of the backend, or a server of the page.

use super::page::Server;
use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsString;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// After which ECS kills what was asked to end.
const STOP_PATIENCE: Duration = Duration::from_secs(30);

/// A task, and where it answers.
#[derive(Debug)]
pub struct Task {
    pub address: SocketAddr,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Process(Child),
    Page(Server),
}

/// Both colours, their guests and Artillery share one machine, and what is rehearsed is the release: small portraits
/// take a quarter of the time.
const PORTRAIT_SIZE: &str = "600x800";

/// How a process is started.
pub struct Program<'a> {
    pub path: &'a Path,
    /// Besides where it listens.
    pub arguments: Vec<OsString>,
    pub environment: Vec<(&'static str, String)>,
    /// Gets both of its outputs.
    pub log: &'a Path,
}

impl Task {
    /// The backend, whole, on a free port.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn backend(program: Program) -> Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(program.path);
        command
            .args(["all", "--listen", &address.to_string()])
            .args(["--portrait-size", PORTRAIT_SIZE])
            .args(program.arguments)
            .envs(program.environment);
        start(command, address, program.log)
    }

    /// A process that runs and never listens.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn sleeper(log: &Path) -> Result<Self> {
        let mut command = Command::new("sleep");
        command.arg("1d");
        start(command, free_address()?, log)
    }

    #[must_use]
    pub fn page(server: Server) -> Self {
        Self {
            address: server.address,
            kind: Kind::Page(server),
        }
    }

    /// Asks it to end as ECS does, and waits until it has.
    ///
    /// # Errors
    /// It cannot be ended.
    pub async fn end(self) -> Result<()> {
        match self.kind {
            Kind::Page(server) => server.end().await,
            Kind::Process(mut process) => {
                let id = process.id().and_then(|id| Pid::from_raw(id.cast_signed()));
                if let Some(id) = id {
                    kill_process(id, Signal::TERM)?;
                }
                if timeout(STOP_PATIENCE, process.wait()).await.is_err() {
                    process.kill().await?;
                }
            }
        }
        Ok(())
    }

    /// How its process ended, if it has by itself.
    ///
    /// # Errors
    /// The system does not tell.
    pub fn has_ended(&mut self) -> Result<Option<ExitStatus>> {
        match &mut self.kind {
            Kind::Process(process) => Ok(process.try_wait()?),
            Kind::Page(_) => Ok(None),
        }
    }

    /// Ends it in the middle of everything, as a crash would.
    ///
    /// # Errors
    /// It cannot be ended.
    pub async fn crash(&mut self) -> Result<()> {
        if let Kind::Process(process) = &mut self.kind {
            process.kill().await?;
        }
        Ok(())
    }
}

fn start(mut command: Command, address: SocketAddr, log: &Path) -> Result<Task> {
    let log = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let process = command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot start {command:?}"))?;
    Ok(Task {
        address,
        kind: Kind::Process(process),
    })
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
