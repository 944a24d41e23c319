//! What builds inside images get of this machine's Cargo: the toolchain, what was fetched, and where to fetch from.

use super::engine::Engine;
use crate::workspace::cargo_home;
use anyhow::Result;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::PathBuf;
use xshell::cmd;

/// What differs where [`toolchain`] does: the compiler's version, and a digest of the settings.
pub fn identity(engine: &Engine) -> Result<String> {
    let shell = &engine.shell;
    let version = cmd!(shell, "rustc --version").quiet().read()?;
    let settings = fs::read(settings()?).unwrap_or_default();
    let digest = Sha256::digest(settings);
    let digest: String = digest
        .iter()
        .take(4)
        .map(|it| format!("{it:02x}"))
        .collect();
    Ok(format!("{version}, settings {digest}"))
}

/// The toolchain and Cargo's settings, to be copied by tests/images/rust.Dockerfile.
pub fn toolchain(engine: &Engine) -> Result<Vec<String>> {
    let shell = &engine.shell;
    let root = cmd!(shell, "rustc --print sysroot").quiet().read()?;
    let root = fs::canonicalize(root)?;
    let mut volumes = vec![format!("{}:/host/rust:ro", root.display())];
    let settings = settings()?;
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

/// Cargo's own, which need not be there.
fn settings() -> Result<PathBuf> {
    Ok(cargo_home()?.join("config.toml"))
}
