//! The Lambdas' program: a release build of `delivery` under the name that Lambda starts.

use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::Result;
use std::fs;
use std::path::{self, Path};
use xshell::cmd;

/// Builds it into `folder`.
pub fn build(workspace: &Workspace, folder: &Path) -> Result<()> {
    let folder = path::absolute(folder)?;
    let mut steps = Steps::new(1);
    steps.take("the Lambdas' program", || {
        let shell = workspace.shell(&[])?;
        cmd!(
            shell,
            "cargo build --release --locked --package photobooth-delivery --bin delivery"
        )
        .run()?;
        fs::create_dir_all(&folder)?;
        let (program, bootstrap) = (
            workspace.target.join("release/delivery"),
            folder.join("bootstrap"),
        );
        // Without symbols it does not say where it was built, and an unchanged program is an unchanged asset.
        cmd!(shell, "strip --strip-all -o {bootstrap} {program}").run()?;
        println!(
            "{}: {:.1} MB",
            bootstrap.display(),
            fs::metadata(&bootstrap)?.len() as f64 / 1e6
        );
        Ok(())
    })
}
