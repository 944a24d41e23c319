//! What builds inside images get of this machine's Cargo: the toolchain, what was fetched, and where to fetch from.

use super::engine::Engine;
use crate::workspace::cargo_home;
use anyhow::Result;
use std::fs;
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
    let settings = cargo_home()?.join("config.toml");
    if settings.exists() {
        volumes.push(format!("{}:/host/cargo.toml:ro", settings.display()));
    }
    Ok(volumes)
}

/// What was fetched already, and what will be.
pub fn registry() -> Result<String> {
    let registry = cargo_home()?.join("registry");
    fs::create_dir_all(&registry)?;
    Ok(format!("{}:/usr/local/cargo/registry", registry.display()))
}
