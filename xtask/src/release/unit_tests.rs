//! The unit tests of a service, with a report that CodeBuild shows.

use super::service::Service;
use super::transcript::Transcript;
use crate::junit;
use crate::models;
use crate::packages;
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use std::io::{self, BufRead, BufReader};
use std::process::Command;

/// How many steps [`take_steps`] takes.
pub fn steps(service: Service) -> usize {
    match service {
        Service::Backend => 3,
        Service::Frontend => 2,
    }
}

/// Runs them and writes the report of the service's name, whether they pass or not.
pub fn take_steps(steps: &mut Steps, workspace: &Workspace, service: Service) -> Result<()> {
    let packages = match service {
        // Everything but the page: what is tested here is also what releases, measures and watches the backend.
        Service::Backend => {
            models::take_steps(steps, workspace, models::Scope::Tests)?;
            vec!["--workspace", "--exclude", "photobooth-frontend"]
        }
        Service::Frontend => {
            packages::take_step(steps, workspace, "system packages", packages::BUILD)?;
            vec![
                "--package",
                "photobooth-frontend",
                "--package",
                "photobooth-api",
            ]
        }
    };
    steps.take("unit tests", || run(workspace, service, &packages))
}

fn run(workspace: &Workspace, service: Service, packages: &[&str]) -> Result<()> {
    // One pipe for both, so that results stay below the name of the program they are of.
    let (reader, writer) = io::pipe()?;
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(&workspace.root)
        .envs(models::environment(workspace))
        .env("RUST_LIB_BACKTRACE", "0")
        .env("CARGO_TERM_COLOR", "never")
        .args(["test", "--no-fail-fast", "--lib", "--bins"])
        .args(packages)
        .stdout(writer.try_clone()?)
        .stderr(writer);
    let mut tests = cargo.spawn().context("cannot start cargo")?;
    // It holds the pipe's other end, which would never be closed.
    drop(cargo);
    let mut transcript = Transcript::default();
    for line in BufReader::new(reader).lines() {
        let line = line?;
        println!("{line}");
        transcript.read(&line);
    }
    let status = tests.wait()?;
    junit::write(workspace, service.name(), &transcript.into_suites())?;
    ensure!(status.success(), "unit tests failed");
    Ok(())
}
