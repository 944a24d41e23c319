//! The page: built by trunk, then compressed once with brotli, so that the backend only hands files out.

use crate::packages;
use crate::stamp::Stamp;
use crate::steps::Steps;
use crate::tools::{self, Tools};
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use xshell::cmd;

/// Endings of files that shrink: pictures and fonts are compressed already.
const COMPRESSIBLE: [&str; 7] = ["html", "js", "css", "wasm", "svg", "json", "txt"];

/// `cargo xtask frontend`.
pub fn run(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::new(3);
    packages::take_step(&mut steps, workspace, "system packages", packages::BUILD)?;
    tools::take_step(&mut steps, workspace)?;
    take_step(&mut steps, workspace)
}

/// Builds the page where frontend/dist is not already built from these sources.
pub fn take_step(steps: &mut Steps, workspace: &Workspace) -> Result<()> {
    let page = Page::of(workspace)?;
    steps.take_once(
        "the page",
        || Ok(page.is_current()),
        || page.build(workspace),
    )
}

/// frontend/dist, and what it was made from.
struct Page {
    folder: PathBuf,
    stamp: Stamp,
}

impl Page {
    fn of(workspace: &Workspace) -> Result<Self> {
        let sources = [
            "frontend",
            "api",
            "Cargo.toml",
            "Cargo.lock",
            "rust-toolchain.toml",
        ];
        Ok(Self {
            folder: workspace.root.join("frontend/dist"),
            // Not in dist itself: whatever lies there is served.
            stamp: Stamp::of(
                workspace.root.join("target/page.made-from"),
                &sources.map(|source| workspace.root.join(source)),
                &["dist", "target", "node_modules"],
            )?,
        })
    }

    fn is_current(&self) -> bool {
        self.stamp.is_current() && self.folder.join("index.html.br").exists()
    }

    fn build(&self, workspace: &Workspace) -> Result<()> {
        self.stamp.clear()?;
        let shell = workspace.shell(&Tools::of(workspace)?.programs())?;
        // trunk works offline so that it takes the tools it is given; the crates must be there before.
        cmd!(shell, "cargo fetch").run()?;
        shell.change_dir(workspace.root.join("frontend"));
        // trunk reads NO_COLOR as a flag of its own and refuses the usual "1".
        shell.set_var("NO_COLOR", "true");
        cmd!(shell, "trunk build --release --offline").run()?;
        compress_folder(&self.folder)?;
        self.stamp.write()
    }
}

fn compress_folder(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            compress_folder(&path)?;
        } else if COMPRESSIBLE.contains(&ending.as_ref()) {
            compress(&path).with_context(|| format!("cannot compress {}", path.display()))?;
        }
    }
    Ok(())
}

/// Writes `path` compressed as hard as brotli can, beside it, with `.br` after its name.
fn compress(path: &Path) -> Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".br");
    let mut output = BufWriter::new(File::create(name)?);
    let parameters = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: fs::metadata(path)?.len().try_into()?,
        ..BrotliEncoderParams::default()
    };
    brotli::BrotliCompress(
        &mut BufReader::new(File::open(path)?),
        &mut output,
        &parameters,
    )?;
    output.flush()?;
    Ok(())
}
