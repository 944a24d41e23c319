//! Which files a buildspec's patterns mean: `*` within a name, `**` over any folders.

use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// The files below `base` that `pattern` names, relative to it and in order; none where `base` is not there.
///
/// # Errors
/// A folder cannot be read.
pub fn find(base: &Path, pattern: &str) -> Result<Vec<PathBuf>> {
    let parts: Vec<&str> = pattern.split('/').filter(|part| *part != ".").collect();
    let mut found = Vec::new();
    if base.is_dir() {
        find_below(base, Path::new(""), &parts, &mut found)?;
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn find_below(base: &Path, folder: &Path, parts: &[&str], found: &mut Vec<PathBuf>) -> Result<()> {
    let [part, rest @ ..] = parts else {
        return Ok(());
    };
    if *part == "**" {
        // None of the folders, or one more of them.
        find_below(base, folder, rest, found)?;
    }
    let here = base.join(folder);
    let entries = fs::read_dir(&here).with_context(|| format!("cannot read {}", here.display()))?;
    for entry in entries {
        let name = entry?.file_name();
        let path = folder.join(&name);
        let is_folder = base.join(&path).is_dir();
        if *part == "**" {
            if is_folder {
                find_below(base, &path, parts, found)?;
            } else if rest.is_empty() {
                found.push(path);
            }
        } else if fits(part, &name.to_string_lossy()) {
            if !rest.is_empty() && is_folder {
                find_below(base, &path, rest, found)?;
            } else if rest.is_empty() && !is_folder {
                found.push(path);
            }
        }
    }
    Ok(())
}

/// Whether a name is what a pattern without slashes means.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(name) = name.strip_prefix(start) else {
        return false;
    };
    let mut ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
    ends.any(|at| fits(rest, &name[at..]))
}
