//! The program `delivery`, which asks AWS: for task definitions, and whether a deployment is well.

use super::service::Service;
use crate::infra::Environment;
use crate::junit::{self, Case, Suite};
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use serde::Deserialize;
use std::process::{Command, ExitStatus, Stdio};
use std::{env, fs};

/// The hooks' scripts know it, too: where a program lies that was built before.
const PROGRAM: &str = "DELIVERY_BIN";

/// The test report of a validation.
pub const VALIDATION: &str = "validate";

/// Of a validator that did not get to tell.
const UNKNOWN: i32 = 2;

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

/// What the validator writes down of a booth.
#[derive(Deserialize)]
struct Report {
    subject: String,
    checks: Vec<Check>,
    seconds: f64,
}

#[derive(Deserialize)]
struct Check {
    name: String,
    outcome: Outcome,
    detail: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Passed,
    Unknown,
    Failed,
}

/// `cargo xtask validate-deployment`: the validator's exit status, which is to be the command's: 0 passed, 1 failed, 2
/// could not be told. Its checks become a test report.
///
/// # Errors
/// It cannot be started, or the report cannot be written.
pub fn validate(workspace: &Workspace, validation: &Validation) -> Result<i32> {
    let format = match validation.format {
        Format::Table => "table",
        Format::Json => "json",
    };
    let environment = validation.environment.name();
    let folder = workspace.root.join("target/ci-output");
    fs::create_dir_all(&folder)?;
    let file = folder.join("validation.json");
    // A validator that ends early must not be reported with what an earlier one saw.
    fs::write(&file, "")?;
    let status = program(workspace)
        .args(["validate", "--environment", environment])
        .args(["--format", format])
        .args(validation.excuse_quiet.then_some("--excuse-quiet"))
        .arg("--report")
        .arg(&file)
        .status()
        .context("cannot start the validator")?;
    let suite = match fs::read_to_string(&file)? {
        nothing if nothing.is_empty() => suite_of_none(status),
        report => suite_of(&report)?,
    };
    junit::write(workspace, VALIDATION, &[suite])?;
    Ok(status.code().unwrap_or(UNKNOWN))
}

fn suite_of_none(status: ExitStatus) -> Suite {
    let ended = Case {
        name: "validator".to_owned(),
        outcome: junit::Outcome::Unknown(format!("it ended without a report: {status}")),
    };
    Suite {
        name: "the booth".to_owned(),
        cases: vec![ended],
        ..Suite::default()
    }
}

fn suite_of(report: &str) -> Result<Suite> {
    let report: Report = serde_json::from_str(report).context("no report of the validator")?;
    let checks = report.checks.into_iter();
    Ok(Suite {
        name: report.subject,
        seconds: report.seconds,
        cases: checks.map(case_of).collect(),
    })
}

fn case_of(check: Check) -> Case {
    Case {
        name: check.name,
        outcome: match check.outcome {
            Outcome::Passed => junit::Outcome::Passed,
            Outcome::Unknown => junit::Outcome::Unknown(check.detail),
            Outcome::Failed => junit::Outcome::Failed(check.detail),
        },
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_validator_saw_becomes_test_cases() {
        let report = r#"{
            "subject": "the booth in staging", "outcome": "failed", "seconds": 1.5,
            "checks": [
                { "name": "backend tasks", "outcome": "passed", "detail": "1 of 1", "seconds": 0.1 },
                { "name": "requests", "outcome": "failed", "detail": "10 % failed", "seconds": 0.1 },
                { "name": "alarms", "outcome": "unknown", "detail": "AccessDenied", "seconds": 0.1 }
            ]
        }"#;
        let Suite {
            name,
            seconds,
            cases,
        } = suite_of(report).unwrap();
        assert_eq!((name.as_str(), seconds), ("the booth in staging", 1.5));
        let outcomes: Vec<_> = cases.into_iter().map(|case| case.outcome).collect();
        let failed = junit::Outcome::Failed("10 % failed".to_owned());
        let unknown = junit::Outcome::Unknown("AccessDenied".to_owned());
        assert_eq!(outcomes, [junit::Outcome::Passed, failed, unknown]);
    }
}
