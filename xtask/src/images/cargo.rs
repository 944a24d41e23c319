//! What builds inside images get of this machine's Cargo: the toolchain, what was fetched, and where to fetch from.

use super::engine::Engine;
use anyhow::{Context, Result};
use std::env;
use std::fs;
use std::path::PathBuf;
use xshell::cmd;

/// Which toolchain it is.
pub fn version(engine: &Engine) -> Result<String> {
    let shell = &engine.shell;
    Ok(cmd!(shell, "rustc --version").quiet().read()?)
}

/// The toolchain and Cargo's settings, to be copied by tests/images/rust.Dockerfile.
pub fn toolchain(engine: &Engine) -> Result<Vec<String>> {
    let shell = &engine.shell;
    let root = cmd!(shell, "rustc --print sysroot").quiet().read()?;
    let root = fs::canonicalize(root)?;
    let mut volumes = vec![format!("{}:/host/rust:ro", root.display())];
    let settings = home()?.join("config.toml");
    if settings.exists() {
        volumes.push(format!("{}:/host/cargo.toml:ro", settings.display()));
    }
    Ok(volumes)
}

/// What was fetched already, and what will be.
pub fn registry() -> Result<String> {
    let registry = home()?.join("registry");
    fs::create_dir_all(&registry)?;
    Ok(format!("{}:/usr/local/cargo/registry", registry.display()))
}

fn home() -> Result<PathBuf> {
    match env::var_os("CARGO_HOME") {
        Some(folder) => Ok(PathBuf::from(folder)),
        None => Ok(env::home_dir()
            .context("no home folder: set CARGO_HOME")?
            .join(".cargo")),
    }
}
