//! Pictures of our own results: the gallery's thumbnails and the README's contact sheet.

use crate::models;
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;
use xshell::{Shell, cmd};

#[derive(Args)]
pub struct ContactSheet {
    /// Photos, one row each; the astronaut alone when none is given.
    photos: Vec<PathBuf>,
    /// Where the sheet goes.
    #[arg(short, long, default_value = "docs/contact-sheet.jpg")]
    output: PathBuf,
}

pub fn render_thumbnails(workspace: &Workspace) -> Result<()> {
    render(workspace, &["thumbnails".into()])
}

pub fn render_contact_sheet(workspace: &Workspace, options: &ContactSheet) -> Result<()> {
    let mut arguments = vec!["contact-sheet".into(), "--output".into()];
    arguments.push(options.output.clone());
    arguments.extend(options.photos.iter().cloned());
    render(workspace, &arguments)
}

/// A shell in which the backend and `portrait` find the models.
pub fn shell(workspace: &Workspace) -> Result<Shell> {
    let shell = workspace.shell(&[])?;
    for (name, value) in models::environment(workspace) {
        shell.set_var(name, value);
    }
    Ok(shell)
}

fn render(workspace: &Workspace, arguments: &[PathBuf]) -> Result<()> {
    let mut steps = Steps::new(3);
    models::take_steps(&mut steps, workspace)?;
    steps.take("pictures", || {
        let shell = shell(workspace)?;
        cmd!(
            shell,
            "cargo run --release --package photobooth-tests --bin pictures -- {arguments...}"
        )
        .run()?;
        Ok(())
    })
}
