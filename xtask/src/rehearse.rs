//! `cargo xtask rehearse`: builds what a release is made of and lets `tests/rehearsal` play one on this machine.

use crate::steps::Steps;
use crate::up::build_backend;
use crate::workspace::Workspace;
use crate::{frontend, models, packages, pictures, tools};
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use xshell::cmd;

#[derive(Args)]
pub struct Options {
    /// What goes wrong: bad-green, slow-start, crash-mid-shift, error-spike, hook-hang or throttle.
    #[arg(long)]
    fault: Option<String>,

    /// `short` for continuous integration, `full` for people who watch.
    #[arg(long, default_value = "short")]
    profile: String,

    /// The backend that guests have before the release [default: this checkout's, under another name].
    #[arg(long, conflicts_with = "blue_from")]
    blue: Option<PathBuf>,

    /// Builds that backend from an earlier commit, once a machine.
    #[arg(long)]
    blue_from: Option<String>,
}

/// Fails where the release did not go through, or its fault was not caught by whom it must be.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut steps = Steps::new(7 + usize::from(options.blue_from.is_some()));
    models::take_steps(&mut steps, workspace)?;
    packages::take_step(&mut steps, workspace, "the database", packages::DATABASE)?;
    tools::take_step(&mut steps, workspace)?;
    frontend::take_step(&mut steps, workspace)?;
    let mut blue = options.blue.clone();
    if let Some(revision) = &options.blue_from {
        steps.take("an earlier backend", || {
            blue = Some(build_earlier(workspace, revision)?);
            Ok(())
        })?;
    }
    steps.take("the programs", || {
        build_backend(workspace)?;
        let shell = workspace.shell(&[])?;
        let packages = ["--package", "photobooth-delivery"];
        let rehearsal = ["--package", "photobooth-rehearsal"];
        cmd!(shell, "cargo build {packages...} {rehearsal...} --bins").run()?;
        Ok(())
    })?;
    steps.take("the rehearsal", || play(workspace, options, blue))?;
    steps.summarise();
    Ok(())
}

fn play(workspace: &Workspace, options: &Options, blue: Option<PathBuf>) -> Result<()> {
    let programs = workspace.target.join("debug");
    let mut rehearsal = Command::new(programs.join("rehearse"));
    rehearsal
        .current_dir(&workspace.root)
        .envs(models::environment(workspace))
        .arg("--backend")
        .arg(workspace.target.join("release/backend"))
        .arg("--delivery")
        .arg(programs.join("delivery"))
        .arg("--out")
        .arg(workspace.target.join("rehearsal"))
        .args(["--profile", &options.profile]);
    if let Some(blue) = blue {
        rehearsal.arg("--blue").arg(blue);
    }
    if let Some(fault) = &options.fault {
        rehearsal.args(["--fault", fault]);
    }
    let status = rehearsal.status().context("cannot start the rehearsal")?;
    ensure!(
        status.success(),
        "the rehearsal did not come out as it must"
    );
    Ok(())
}

/// The backend as a commit had it; kept in the cache by the commit's id.
fn build_earlier(workspace: &Workspace, revision: &str) -> Result<PathBuf> {
    let shell = workspace.shell(&[])?;
    let name = format!("{revision}^{{commit}}");
    let commit = cmd!(shell, "git rev-parse --verify {name}")
        .quiet()
        .read()?;
    let folder = workspace.cache.join("earlier");
    let program = folder.join(format!("backend-{commit}"));
    if program.is_file() {
        return Ok(program);
    }
    let source = folder.join("source");
    fs::create_dir_all(&folder)?;
    cmd!(shell, "git worktree add --force --detach {source} {commit}").run()?;
    let shell = pictures::shell(workspace)?;
    shell.change_dir(&source);
    let target = folder.join("target");
    shell.set_var("CARGO_TARGET_DIR", &target);
    let built = cmd!(shell, "cargo build --release --package photobooth-backend").run();
    shell.change_dir(&workspace.root);
    cmd!(shell, "git worktree remove --force {source}").run()?;
    built?;
    fs::copy(target.join("release/backend"), &program)?;
    Ok(program)
}
