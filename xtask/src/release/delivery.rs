//! The program `delivery`, which asks AWS: for task definitions, and whether a deployment is well.

use super::service::Service;
use crate::infra::Environment;
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use std::env;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

/// The hooks' scripts know it, too: where a program lies that was built before.
const PROGRAM: &str = "DELIVERY_BIN";

#[derive(Args)]
pub struct Validation {
    #[arg(long)]
    environment: Environment,

    /// A table for people, or JSON for programs.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// Too few guests to tell anything by are no objection.
    #[arg(long)]
    excuse_quiet: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Table,
    Json,
}

/// `cargo xtask validate-deployment` becomes the validator, so that its exit status is the command's: 0 passed, 1
/// failed, 2 could not be told.
///
/// # Errors
/// It cannot be started; otherwise it never returns.
pub fn validate(workspace: &Workspace, validation: &Validation) -> Result<()> {
    let format = match validation.format {
        Format::Table => "table",
        Format::Json => "json",
    };
    let environment = validation.environment.name();
    let error = program(workspace)
        .args(["validate", "--environment", environment])
        .args(["--format", format])
        .args(validation.excuse_quiet.then_some("--excuse-quiet"))
        .exec();
    Err(error).context("cannot start the validator")
}

/// The newest task definition of a service, as JSON.
pub fn task_definition(
    workspace: &Workspace,
    environment: Environment,
    service: Service,
) -> Result<String> {
    let output = program(workspace)
        .args(["task-definition", "--environment", environment.name()])
        .args(["--service", service.name()])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start `delivery`")?;
    ensure!(
        output.status.success(),
        "the task definition of {} cannot be had: {}",
        service.name(),
        output.status
    );
    Ok(String::from_utf8(output.stdout)?)
}

fn program(workspace: &Workspace) -> Command {
    if let Some(program) = env::var_os(PROGRAM) {
        return Command::new(program);
    }
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(&workspace.root)
        .args(["run", "--release", "--quiet"])
        .args([
            "--package",
            "photobooth-delivery",
            "--bin",
            "delivery",
            "--",
        ]);
    cargo
}
