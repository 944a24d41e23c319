//! `cargo xtask rehearse`: builds what a release is made of and lets `tests/rehearsal` play one on this machine.

use crate::images::rehearsed::{self, Images};
use crate::load::Artillery;
use crate::steps::Steps;
use crate::up::build_backend;
use crate::workspace::Workspace;
use crate::{frontend, models, packages, pictures, tools};
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use xshell::cmd;

/// How many [`take_test_steps`] takes.
pub const TEST_STEPS: usize = 2;

#[derive(Args)]
pub struct Options {
    /// What goes wrong: bad-green, slow-start, crash-mid-shift, error-spike, hook-hang or throttle.
    #[arg(long)]
    fault: Option<String>,

    /// Plays the release without a fault, and then with each of them.
    #[arg(long, conflicts_with = "fault")]
    all: bool,

    /// `short` for continuous integration, `full` for people who watch.
    #[arg(long, default_value = "short")]
    profile: String,

    /// The backend that guests have before the release [default: this checkout's, under another name].
    #[arg(long, conflicts_with = "blue_from")]
    blue: Option<PathBuf>,

    /// Builds that backend from an earlier commit, once a machine.
    #[arg(long)]
    blue_from: Option<String>,

    /// Builds and tests both services' images as the pipeline does, on stand-ins of their bases, and pushes them to a
    /// registry on this machine: most of an hour longer.
    #[arg(long, conflicts_with = "all")]
    images: bool,
}

/// Fails where the release did not go through, or its fault was not caught by whom it must be.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let own_steps = usize::from(options.blue_from.is_some())
        + if options.images { rehearsed::STEPS } else { 0 };
    let mut steps = Steps::new(8 + own_steps);
    models::take_steps(&mut steps, workspace, models::Scope::Themes)?;
    packages::take_step(&mut steps, workspace, "the database", packages::DATABASE)?;
    tools::take_step(&mut steps, workspace)?;
    frontend::take_step(&mut steps, workspace)?;
    Artillery::install(&mut steps, workspace)?;
    let mut blue = options.blue.clone();
    if let Some(revision) = &options.blue_from {
        steps.take("an earlier backend", || {
            blue = Some(build_earlier(workspace, revision)?);
            Ok(())
        })?;
    }
    let images = match options.images {
        true => Some(Images::prepare(&mut steps, workspace)?),
        false => None,
    };
    steps.take("the programs", || {
        build_backend(workspace)?;
        let shell = workspace.shell(&[])?;
        // The whole workspace is named, as everywhere: a part of it has other features, and builds AWS's SDK again.
        // With an integration test come its package's programs.
        cmd!(
            shell,
            "cargo test --workspace --no-run --test delivery --test verdict"
        )
        .run()?;
        Ok(())
    })?;
    steps.take("the rehearsal", || {
        let mut rehearsal = rehearsal(workspace, "release/backend")?;
        rehearsal.args(["--profile", &options.profile]);
        if let Some(blue) = blue {
            rehearsal.arg("--blue").arg(blue);
        }
        if let Some(fault) = &options.fault {
            rehearsal.args(["--fault", fault]);
        }
        rehearsal.args(options.all.then_some("--all"));
        if let Some(images) = &images {
            rehearsal.args(["--registry", &images.registry()]);
            rehearsal.envs(Images::environment());
        }
        play(rehearsal)
    })?;
    steps.summarise();
    Ok(())
}

/// Every fault, and none, with the programs that the tests were built with. Blue is the backend of the last time that all
/// of it passed on this machine, if there was one: the previous version works on tables that the new one has migrated.
pub fn take_test_steps(steps: &mut Steps, workspace: &Workspace) -> Result<()> {
    Artillery::install(steps, workspace)?;
    steps.take("releases, rehearsed", || {
        let previous = workspace.cache.join("earlier/passed/backend");
        let mut rehearsal = rehearsal(workspace, "debug/backend")?;
        rehearsal.arg("--all");
        if previous.is_file() {
            rehearsal.arg("--blue").arg(&previous);
        }
        play(rehearsal)?;
        let themes = workspace.root.join("themes");
        keep(&workspace.target.join("debug/backend"), &themes, &previous)
    })
}

/// Copies a program, and the themes that it understands beside it, to where one may be running.
fn keep(program: &Path, themes: &Path, place: &Path) -> Result<()> {
    let folder = place.parent().unwrap_or(Path::new("/"));
    // Another run may do the same.
    let [copy, old] =
        ["new", "old"].map(|age| folder.with_extension(format!("{age}{}", process::id())));
    fs::create_dir_all(&copy)?;
    fs::copy(program, copy.join("backend"))
        .with_context(|| format!("cannot keep {}", program.display()))?;
    let shell = xshell::Shell::new()?;
    cmd!(shell, "cp -r {themes} {copy}/themes").quiet().run()?;
    if folder.exists() {
        fs::rename(folder, &old)?;
    }
    fs::rename(copy, folder)?;
    if old.exists() {
        fs::remove_dir_all(old)?;
    }
    Ok(())
}

fn rehearsal(workspace: &Workspace, backend: &str) -> Result<Command> {
    let programs = workspace.target.join("debug");
    let mut rehearsal = Command::new(programs.join("rehearse"));
    rehearsal
        .current_dir(&workspace.root)
        .envs(models::environment(workspace))
        // It calls xtask again, by buildspecs and for Artillery.
        .env("PHOTOBOOTH_CACHE_DIR", &workspace.cache)
        .arg("--backend")
        .arg(workspace.target.join(backend))
        .arg("--delivery")
        .arg(programs.join("delivery"))
        .arg("--xtask")
        .arg(env::current_exe()?)
        .arg("--out")
        .arg(workspace.target.join("rehearsal"));
    Ok(rehearsal)
}

fn play(mut rehearsal: Command) -> Result<()> {
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
    let program = folder.join(format!("{commit}/backend"));
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
    let kept = built.map_err(anyhow::Error::from).and_then(|()| {
        keep(
            &target.join("release/backend"),
            &source.join("themes"),
            &program,
        )
    });
    cmd!(shell, "git worktree remove --force {source}").run()?;
    kept?;
    Ok(program)
}
