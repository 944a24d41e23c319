//! `cargo xtask check`: what a change must pass before anything is run.

use crate::steps::Steps;
use crate::workspace::Workspace;
use crate::{models, packages, photos};
use anyhow::Result;
use xshell::cmd;

/// How many steps [`take_steps`] takes.
pub const STEPS: usize = 3;

pub fn run(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::new(1 + STEPS);
    packages::take_step(&mut steps, workspace, "system packages", packages::BUILD)?;
    take_steps(&mut steps, workspace)?;
    steps.summarise();
    Ok(())
}

pub fn take_steps(steps: &mut Steps, workspace: &Workspace) -> Result<()> {
    let shell = workspace.shell(&[])?;
    steps.take("format", || {
        cmd!(shell, "cargo fmt --all --check").run()?;
        Ok(())
    })?;
    steps.take("lints", || {
        cmd!(
            shell,
            "cargo clippy --workspace --all-targets -- -D warnings"
        )
        .run()?;
        Ok(())
    })?;
    steps.take("Python: art, model converters and measurements", || {
        let python = models::python(workspace, &shell)?;
        cmd!(
            shell,
            "{python} -m compileall -q art models tests/quality tests/peers"
        )
        .run()?;
        cmd!(
            shell,
            "{python} -m unittest discover -s models/tests -t models"
        )
        .run()?;
        let python = photos::python(workspace, &shell)?;
        cmd!(
            shell,
            "{python} -m unittest discover -s tests/quality/tests -t tests/quality"
        )
        .run()?;
        Ok(())
    })
}
