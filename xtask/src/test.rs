//! `cargo xtask test`: everything that must pass, from the first lint to a real browser.

use crate::steps::Steps;
use crate::workspace::Workspace;
use crate::{check, description, frontend, fuzz, images, infra, models, packages, rehearse, tools};
use anyhow::Result;
use clap::{Args, Subcommand};
use xshell::cmd;

/// Enough to find what a careless change broke; `cargo xtask fuzz --seconds 3600` looks deeper.
const FUZZ_SECONDS: u32 = 60;

#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    subject: Option<Subject>,
}

#[derive(Subcommand)]
enum Subject {
    /// Builds the container images on stand-ins of their bases, runs them, and visits the composed booth.
    Images(images::Options),
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    match &options.subject {
        Some(Subject::Images(options)) => images::test(workspace, options),
        None => run_all(workspace),
    }
}

fn run_all(workspace: &Workspace) -> Result<()> {
    let mut steps =
        Steps::new(10 + check::STEPS + infra::TEST_STEPS + fuzz::STEPS + rehearse::TEST_STEPS);
    models::take_steps(&mut steps, workspace, models::Scope::Tests)?;
    packages::take_step(&mut steps, workspace, "the browser", packages::BROWSER)?;
    packages::take_step(&mut steps, workspace, "the database", packages::DATABASE)?;
    tools::take_step(&mut steps, workspace)?;
    check::take_steps(&mut steps, workspace)?;
    infra::take_test_steps(&mut steps, workspace)?;

    let shell = workspace.shell(&[])?;
    for (name, value) in models::environment(workspace) {
        shell.set_var(name, value);
    }
    // A failed test says why in a sentence; the stack below it is the test harness's.
    shell.set_var("RUST_LIB_BACKTRACE", "0");
    // Every call names the whole workspace: with a part of it Cargo would choose
    // other features and build the large dependencies a second time.
    steps.take("build the tests", || {
        cmd!(shell, "cargo test --workspace --no-run").run()?;
        Ok(())
    })?;
    steps.take("unit and integration tests", || {
        cmd!(shell, "cargo test --workspace").run()?;
        Ok(())
    })?;
    description::take_step(&mut steps, workspace)?;
    fuzz::take_steps(&mut steps, workspace, FUZZ_SECONDS)?;
    frontend::take_step(&mut steps, workspace)?;
    steps.take("browser tests", || {
        cmd!(
            shell,
            "cargo test --workspace --test browser -- --ignored --test-threads 1"
        )
        .run()?;
        Ok(())
    })?;
    rehearse::take_test_steps(&mut steps, workspace)?;
    steps.summarise();
    println!("Everything passed. target/ci-output/screenshots shows every page.");
    Ok(())
}
