//! Where things are: the checkout, the cache outside it, and what Cargo builds.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use xshell::Shell;

/// The folders that commands work in.
pub struct Workspace {
    /// The checkout.
    pub root: PathBuf,
    /// Shared between runs and checkouts: `models/`, `onnxruntime/`, `tools/`.
    pub cache: PathBuf,
    /// Cargo's build folder.
    pub target: PathBuf,
}

impl Workspace {
    pub fn open(cache: Option<PathBuf>) -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask lies in the workspace")?
            .to_owned();
        let cache = match cache {
            Some(folder) => folder,
            None => default_cache()?,
        };
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
        Ok(Self {
            target: root.join(target),
            cache: std::path::absolute(cache)?,
            root,
        })
    }

    /// A shell that stands in the checkout and finds `tools` before anything else of that name.
    pub fn shell(&self, tools: &[PathBuf]) -> Result<Shell> {
        let shell = Shell::new()?;
        shell.change_dir(&self.root);
        let inherited = env::var_os("PATH").unwrap_or_default();
        let folders = tools.iter().cloned().chain(env::split_paths(&inherited));
        shell.set_var("PATH", env::join_paths(folders)?);
        Ok(shell)
    }

    /// The ids of the themes: the names of their folders, in alphabetical order.
    pub fn themes(&self) -> Result<Vec<String>> {
        let mut ids = Vec::new();
        for entry in fs::read_dir(self.root.join("themes"))? {
            let folder = entry?;
            if folder.path().join("theme.toml").is_file() {
                ids.push(folder.file_name().to_string_lossy().into_owned());
            }
        }
        ids.sort_unstable();
        Ok(ids)
    }

    /// The version of `package` that Cargo.lock fixes.
    pub fn locked_version(&self, package: &str) -> Result<String> {
        #[derive(Deserialize)]
        struct Lock {
            package: Vec<Package>,
        }
        #[derive(Deserialize)]
        struct Package {
            name: String,
            version: String,
        }
        let lock: Lock = toml::from_str(&fs::read_to_string(self.root.join("Cargo.lock"))?)?;
        let mut versions = lock.package.into_iter().filter(|it| it.name == package);
        let version = versions
            .next()
            .with_context(|| format!("Cargo.lock has no {package}"))?
            .version;
        ensure!(
            versions.next().is_none(),
            "Cargo.lock has more than one {package}"
        );
        Ok(version)
    }
}

/// Where Cargo keeps what it fetched, and its settings.
pub fn cargo_home() -> Result<PathBuf> {
    match env::var_os("CARGO_HOME") {
        Some(folder) => Ok(PathBuf::from(folder)),
        None => Ok(env::home_dir()
            .context("no home folder: set CARGO_HOME")?
            .join(".cargo")),
    }
}

fn default_cache() -> Result<PathBuf> {
    let folder = match env::var_os("XDG_CACHE_HOME") {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => env::home_dir()
            .context("no home folder: set PHOTOBOOTH_CACHE_DIR")?
            .join(".cache"),
    };
    Ok(folder.join("ai-photobooth"))
}
