//! The build tools, each at one version and in a folder of its own in the cache.

use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

const TRUNK_VERSION: &str = "0.21.14";
/// Optimises WebAssembly; only npm has it prebuilt at a version one can pin.
const BINARYEN_VERSION: &str = "132.0.0";
/// The newest that compiles with the toolchain's Rust.
const CARGO_DENY_VERSION: &str = "0.20.2";
const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Installs the tools that the cache does not hold yet.
pub fn take_step(steps: &mut Steps, workspace: &Workspace) -> Result<()> {
    let tools = Tools::of(workspace)?;
    steps.take_once(
        "the page's build tools",
        || tools.are_there(workspace),
        || tools.install(workspace),
    )
}

/// Installs what `cargo deny` runs where the cache does not hold it yet; returns the folder to put before the PATH.
pub fn install_cargo_deny(steps: &mut Steps, workspace: &Workspace) -> Result<PathBuf> {
    let root = workspace
        .cache
        .join(format!("tools/cargo-deny-{CARGO_DENY_VERSION}"));
    steps.take_once(
        "cargo-deny",
        || Ok(root.join("bin/cargo-deny").exists()),
        || {
            let package = format!("cargo-deny@{CARGO_DENY_VERSION}");
            let build = CargoBuild::of(workspace)?;
            build.install(&package, &root, &["--locked"])?;
            build.clear()
        },
    )?;
    Ok(root.join("bin"))
}

/// Compiles tools from the registry, in a build folder that they share and that goes afterwards.
struct CargoBuild {
    shell: Shell,
    folder: PathBuf,
}

impl CargoBuild {
    fn of(workspace: &Workspace) -> Result<Self> {
        Ok(Self {
            shell: workspace.shell(&[])?,
            folder: workspace.cache.join("tools/build"),
        })
    }

    fn install(&self, package: &str, root: &Path, options: &[&str]) -> Result<()> {
        let shell = &self.shell;
        cmd!(shell, "cargo install --root {root} {package} {options...}")
            .env("CARGO_TARGET_DIR", &self.folder)
            // They run for seconds a build and compile for minutes.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .run()?;
        Ok(())
    }

    fn clear(self) -> Result<()> {
        if self.folder.exists() {
            fs::remove_dir_all(self.folder)?;
        }
        Ok(())
    }
}

/// The tools that turn the frontend into a page.
pub struct Tools {
    trunk: PathBuf,
    /// Must be exactly the version that the page is compiled against.
    wasm_bindgen: PathBuf,
    wasm_bindgen_version: String,
    binaryen: PathBuf,
}

impl Tools {
    pub fn of(workspace: &Workspace) -> Result<Self> {
        let folder = workspace.cache.join("tools");
        let wasm_bindgen_version = workspace.locked_version("wasm-bindgen")?;
        Ok(Self {
            trunk: folder.join(format!("trunk-{TRUNK_VERSION}")),
            wasm_bindgen: folder.join(format!("wasm-bindgen-{wasm_bindgen_version}")),
            wasm_bindgen_version,
            binaryen: folder.join(format!("binaryen-{BINARYEN_VERSION}")),
        })
    }

    /// The folders to put before the PATH.
    pub fn programs(&self) -> Vec<PathBuf> {
        vec![
            self.trunk.join("bin"),
            self.wasm_bindgen.join("bin"),
            self.binaryen.join("node_modules/.bin"),
        ]
    }

    fn are_there(&self, workspace: &Workspace) -> Result<bool> {
        let programs = [
            self.trunk.join("bin/trunk"),
            self.wasm_bindgen.join("bin/wasm-bindgen"),
            self.binaryen.join("node_modules/.bin/wasm-opt"),
        ];
        Ok(programs.iter().all(|program| program.exists()) && has_wasm_target(workspace)?)
    }

    /// Installs what is missing.
    fn install(&self, workspace: &Workspace) -> Result<()> {
        let shell = workspace.shell(&[])?;
        if !has_wasm_target(workspace)? {
            cmd!(shell, "rustup target add {WASM_TARGET}").run()?;
        }
        let (binaryen, version) = (&self.binaryen, BINARYEN_VERSION);
        if !binaryen.join("node_modules/.bin/wasm-opt").exists() {
            cmd!(
                shell,
                "npm install --no-audit --no-fund --prefix {binaryen} binaryen@{version}"
            )
            .run()?;
        }
        let build = CargoBuild::of(workspace)?;
        if !self.wasm_bindgen.join("bin/wasm-bindgen").exists() {
            // Its lock file names a package that was withdrawn, and its default features are a test
            // runner with a web client that nobody here needs.
            build.install(
                &format!("wasm-bindgen-cli@{}", self.wasm_bindgen_version),
                &self.wasm_bindgen,
                &["--no-default-features", "--bin", "wasm-bindgen"],
            )?;
        }
        if !self.trunk.join("bin/trunk").exists() {
            build.install(
                &format!("trunk@{TRUNK_VERSION}"),
                &self.trunk,
                &["--locked"],
            )?;
        }
        build.clear()
    }
}

fn has_wasm_target(workspace: &Workspace) -> Result<bool> {
    let shell = workspace.shell(&[])?;
    let folder = cmd!(shell, "rustc --print target-libdir --target {WASM_TARGET}")
        .quiet()
        .read()?;
    Ok(PathBuf::from(folder).is_dir())
}
