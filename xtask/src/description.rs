//! Holds the running backend to its own description: `schemathesis` sends what `/api/openapi.json` allows, and much
//! that it does not, and compares every answer with what is promised.

use crate::packages;
use crate::python;
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use xshell::cmd;

/// A backend without workers is there at once.
const PATIENCE: Duration = Duration::from_secs(30);

/// `cargo xtask description`.
pub fn run(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::new(2);
    packages::take_step(&mut steps, workspace, "system packages", packages::BUILD)?;
    take_step(&mut steps, workspace)
}

pub fn take_step(steps: &mut Steps, workspace: &Workspace) -> Result<()> {
    steps.take("the API against its description", || check(workspace))
}

fn check(workspace: &Workspace) -> Result<()> {
    let shell = workspace.shell(&[])?;
    let requirements = workspace.root.join("tests/description/requirements.txt");
    let python = python::environment(workspace, &shell, "description", &requirements)?;
    // The backend of the tests: a plain build has other features and takes the large dependencies a second time.
    cmd!(shell, "cargo test --workspace --no-run").run()?;
    let data = shell.create_temp_dir()?;
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port();
    let mut backend = Backend(
        Command::new(workspace.target.join("debug/backend"))
            .args(["all", "--workers", "0"])
            // All clients are one here.
            .args(["--reads-per-second", "0"])
            .args(["--presigned-per-second", "0"])
            .args(["--process-per-minute", "0"])
            .arg("--listen")
            .arg(format!("127.0.0.1:{port}"))
            .arg("--data-dir")
            .arg(data.path())
            .current_dir(&workspace.root)
            .stdout(Stdio::null())
            .spawn()
            .context("cannot start the backend")?,
    );
    backend.wait_until_up(port)?;
    let description = format!("http://127.0.0.1:{port}/api/openapi.json");
    let schemathesis = python.with_file_name("schemathesis");
    let settings = workspace.root.join("tests/description/schemathesis.toml");
    // It leaves a folder of its own where it is started.
    shell.change_dir(&workspace.target);
    cmd!(
        shell,
        "{schemathesis} --config-file {settings} run {description}"
    )
    .run()?;
    Ok(())
}

/// Ends with the check, however that ends.
struct Backend(Child);

impl Backend {
    fn wait_until_up(&mut self, port: u16) -> Result<()> {
        let begun = Instant::now();
        while std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            ensure!(
                self.0.try_wait()?.is_none() && begun.elapsed() < PATIENCE,
                "the backend does not start"
            );
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        // One that ended by itself cannot be killed, and need not be.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
