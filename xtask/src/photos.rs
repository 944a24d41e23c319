//! Photos of people to judge portraits by: tests/photos/people.toml, fetched into the cache by tests/quality/fetch.py.

use crate::python;
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::fs;
use std::path::PathBuf;
use xshell::{Shell, cmd};

/// One of the fetched photos.
#[derive(Deserialize)]
pub struct Photo {
    pub name: String,
    file: String,
    /// Whether it is on the contact sheet by default.
    pub sheet: bool,
}

/// The photos, and the Python that measures with them.
pub struct PhotoSet {
    /// Where they lie.
    pub folder: PathBuf,
    pub photos: Vec<Photo>,
}

impl PhotoSet {
    /// Brings the photos that the cache does not hold yet; with them the networks that recognise faces.
    pub fn fetch(workspace: &Workspace) -> Result<Self> {
        let shell = workspace.shell(&[])?;
        let python = python(workspace, &shell)?;
        let (folder, recogniser) = (workspace.cache.join("photos"), recogniser(workspace));
        cmd!(
            shell,
            "{python} tests/quality/fetch.py --photos {folder} --recogniser {recogniser}"
        )
        .run()?;
        let index = folder.join("photos.json");
        let text = fs::read_to_string(&index)
            .with_context(|| format!("cannot read {}", index.display()))?;
        Ok(Self {
            photos: serde_json::from_str(&text)?,
            folder,
        })
    }

    pub fn path(&self, photo: &Photo) -> PathBuf {
        self.folder.join(&photo.file)
    }

    /// The path of the photo of this name.
    pub fn named(&self, name: &str) -> Result<PathBuf> {
        let photo = self.photos.iter().find(|photo| photo.name == name);
        photo
            .map(|photo| self.path(photo))
            .with_context(|| format!("tests/photos/people.toml has no photo {name:?}"))
    }
}

/// The Python of tests/quality; `shell` is told where it finds what it imports.
pub fn python(workspace: &Workspace, shell: &Shell) -> Result<PathBuf> {
    shell.set_var("PYTHONPATH", workspace.root.join("models"));
    let requirements = workspace.root.join("tests/quality/requirements.txt");
    python::environment(workspace, shell, "quality", &requirements)
}

/// Folder of dlib's networks.
pub fn recogniser(workspace: &Workspace) -> PathBuf {
    workspace.cache.join("face-recognition")
}
