//! Pictures of our own results: the gallery's thumbnails, and contact sheets to look at.

use crate::models;
use crate::photos::PhotoSet;
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::Result;
use clap::Args;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// Which portraits, and how large.
#[derive(Args)]
pub struct Selection {
    /// Only this theme; may be given several times.
    #[arg(long)]
    theme: Vec<String>,
    /// Only variants of this id; may be given several times.
    #[arg(long)]
    variant: Vec<String>,
    /// Width and height of a portrait in pixels, three to four.
    #[arg(long, default_value = "600x800")]
    size: String,
}

impl Selection {
    /// As the arguments of `pictures`.
    pub fn arguments(&self) -> Vec<OsString> {
        let named = |name, values: &[String]| -> Vec<OsString> {
            values
                .iter()
                .flat_map(|value| [OsString::from(name), value.into()])
                .collect()
        };
        let mut arguments = named("--theme", &self.theme);
        arguments.extend(named("--variant", &self.variant));
        arguments.extend(["--size".into(), OsString::from(&self.size)]);
        arguments
    }
}

#[derive(Args)]
pub struct ContactSheet {
    /// Photos, a row each; those that tests/photos/people.toml marks for the sheet when none is given.
    #[arg(long, num_args = 1..)]
    photos: Vec<PathBuf>,
    #[command(flatten)]
    selection: Selection,
    /// Folder of the portraits, of index.html and of sheet.png.
    #[arg(long, default_value = "target/contact-sheet")]
    out: PathBuf,
    /// Renews the README's picture instead: the astronaut in every variant, in docs/contact-sheet.jpg.
    #[arg(long, exclusive = true)]
    readme: bool,
}

pub fn render_thumbnails(workspace: &Workspace) -> Result<()> {
    render_after_models(workspace, "thumbnails", &[])
}

pub fn render_contact_sheet(workspace: &Workspace, options: &ContactSheet) -> Result<()> {
    if options.readme {
        let output = ["--output".into(), "docs/contact-sheet.jpg".into()];
        return render_after_models(workspace, "readme-sheet", &output);
    }
    let mut steps = Steps::new(4);
    models::take_steps(&mut steps, workspace, models::Scope::Themes)?;
    let mut chosen = options.photos.clone();
    steps.take("photos of people", || {
        if chosen.is_empty() {
            let set = PhotoSet::fetch(workspace)?;
            let marked = set.photos.iter().filter(|photo| photo.sheet);
            chosen = marked.map(|photo| set.path(photo)).collect();
        }
        Ok(())
    })?;
    steps.take("contact sheet", || {
        let mut arguments = options.selection.arguments();
        arguments.extend(["--output".into(), options.out.clone().into()]);
        render(workspace, "contact-sheet", &arguments, &chosen)
    })
}

/// A shell in which the backend and `portrait` find the models.
pub fn shell(workspace: &Workspace) -> Result<Shell> {
    let shell = workspace.shell(&[])?;
    for (name, value) in models::environment(workspace) {
        shell.set_var(name, value);
    }
    Ok(shell)
}

/// Runs `pictures` of `tests`; the models are there already.
pub fn render(
    workspace: &Workspace,
    picture: &str,
    arguments: &[OsString],
    photos: &[impl AsRef<Path>],
) -> Result<()> {
    let shell = shell(workspace)?;
    let photos = photos.iter().map(AsRef::as_ref);
    cmd!(
        shell,
        "cargo run --release --quiet --package photobooth-tests --bin pictures -- {picture} {arguments...} {photos...}"
    )
    .quiet()
    .run()?;
    Ok(())
}

fn render_after_models(workspace: &Workspace, picture: &str, arguments: &[OsString]) -> Result<()> {
    let mut steps = Steps::new(3);
    models::take_steps(&mut steps, workspace, models::Scope::Themes)?;
    steps.take("pictures", || {
        render(workspace, picture, arguments, &[] as &[PathBuf])
    })
}
