//! Node.js for tools that need a newer one than many systems have.

use crate::workspace::Workspace;
use anyhow::{Context, Result};
use std::path::PathBuf;
use xshell::{Shell, cmd};

/// What Artillery needs at least.
const MINIMUM: (u32, u32) = (22, 18);
/// Taken from npm's registry where the system's is older.
const VERSION: &str = "22.23.3";

/// The folder of a `node` that is new enough, to put before the PATH; `None` where the system's is. It is installed
/// where the cache does not hold it yet.
pub fn install(workspace: &Workspace) -> Result<Option<PathBuf>> {
    let shell = workspace.shell(&[])?;
    if is_new_enough(&shell) {
        return Ok(None);
    }
    let folder = workspace.cache.join(format!("tools/node-{VERSION}"));
    let package = format!("node-linux-{}", architecture());
    let programs = folder.join("node_modules").join(&package).join("bin");
    if !programs.join("node").exists() {
        // Other packages than this one have a script that fetches it; it is all in here.
        cmd!(
            shell,
            "npm install --ignore-scripts --no-audit --no-fund --prefix {folder} {package}@{VERSION}"
        )
        .run()
        .context("Node.js cannot be installed")?;
    }
    Ok(Some(programs))
}

fn is_new_enough(shell: &Shell) -> bool {
    let version = cmd!(shell, "node --version").quiet().ignore_stderr().read();
    version.is_ok_and(|version| parse(&version).is_some_and(|it| it >= MINIMUM))
}

/// Major and minor of `v22.18.0`.
fn parse(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim().strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "aarch64" => "arm64",
        _ => "x64",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        let is_enough = |version| parse(version).is_some_and(|it| it >= MINIMUM);
        assert!(is_enough("v22.18.0") && is_enough("v22.20.1\n") && is_enough("v24.0.0"));
        assert!(!is_enough("v22.9.0") && !is_enough("v20.20.2") && !is_enough("22.18.0"));
        assert!(is_enough(&format!("v{VERSION}")));
    }
}
