//! Python environments in the cache, each made from a file of pinned requirements.

use crate::stamp::Stamp;
use crate::workspace::Workspace;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::slice;
use xshell::{Shell, cmd};

/// The Python of an environment, made anew whenever its requirements or the system's Python change: packages are
/// installed for one version of it.
pub fn environment(
    workspace: &Workspace,
    shell: &Shell,
    name: &str,
    requirements: &Path,
) -> Result<PathBuf> {
    let version = cmd!(shell, "python3 --version").quiet().read()?;
    let version = version.trim().to_lowercase().replace(' ', "-");
    let folder = workspace
        .cache
        .join("tools")
        .join(format!("{name}-{version}"));
    let requirements = requirements.to_owned();
    let stamp = Stamp::of(
        folder.join(".made-from"),
        slice::from_ref(&requirements),
        &[],
    )?;
    let python = folder.join("bin/python");
    if !stamp.is_current() {
        cmd!(shell, "python3 -m venv --clear {folder}").run()?;
        cmd!(
            shell,
            "{python} -m pip install --quiet --disable-pip-version-check --requirement {requirements}"
        )
        .run()?;
        stamp.write()?;
    }
    Ok(python)
}
