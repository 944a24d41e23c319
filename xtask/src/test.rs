//! `cargo xtask test`: everything that must pass, from the first lint to a real browser.

use crate::steps::Steps;
use crate::workspace::Workspace;
use crate::{check, frontend, models, packages, tools};
use anyhow::Result;
use std::fs;
use xshell::cmd;

pub fn run(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::new(8 + check::STEPS);
    packages::take_step(&mut steps, workspace, "system packages", packages::BUILD)?;
    packages::take_step(&mut steps, workspace, "the browser", packages::BROWSER)?;
    models::take_step(&mut steps, workspace)?;
    tools::take_step(&mut steps, workspace)?;
    check::take_steps(&mut steps, workspace)?;

    let shell = workspace.shell(&[])?;
    for (name, value) in models::environment(workspace) {
        shell.set_var(name, value);
    }
    let screenshots = workspace.root.join("target/ci-output/screenshots");
    fs::create_dir_all(&screenshots)?;
    shell.set_var("PHOTOBOOTH_SCREENSHOTS_DIR", &screenshots);
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
    frontend::take_step(&mut steps, workspace)?;
    steps.take("browser tests", || {
        cmd!(
            shell,
            "cargo test --workspace --test browser -- --ignored --test-threads 1"
        )
        .run()?;
        Ok(())
    })?;
    steps.summarise();
    println!("Everything passed. Screenshots: {}", screenshots.display());
    Ok(())
}
