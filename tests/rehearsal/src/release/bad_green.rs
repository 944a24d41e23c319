//! The fault `bad-green`: themes of which one has the pictures of another, as a careless change might leave them.

use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Copies the checkout's themes into a folder, and spoils the copy.
///
/// # Errors
/// They cannot be copied.
pub fn spoil_themes(root: &Path, folder: &Path) -> Result<PathBuf> {
    let themes = folder.join("themes");
    copy(&root.join("themes"), &themes)?;
    let other = find_picture(&themes.join("mystic/backdrops"))?;
    for entry in fs::read_dir(themes.join("greek/backdrops"))? {
        fs::copy(&other, entry?.path())?;
    }
    Ok(themes)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

fn find_picture(folder: &Path) -> Result<PathBuf> {
    let entry = fs::read_dir(folder)?.next();
    let entry = entry.with_context(|| format!("{} is empty", folder.display()))??;
    Ok(entry.path())
}
