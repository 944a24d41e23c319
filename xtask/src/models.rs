//! The ONNX models and ONNX Runtime: fetched, converted and checked by models/*.py, once a machine.

use crate::packages;
use crate::python;
use crate::stamp::Stamp;
use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::Result;
use serde::Deserialize;
use std::fs;
use std::path::PathBuf;
use xshell::{Shell, cmd};

/// Which of the manifest's models are made.
#[derive(Clone, Copy, PartialEq)]
pub enum Scope {
    /// Those that the themes of this repository use.
    Themes,
    /// The optional ones too, which tests run.
    Tests,
}

/// `cargo xtask models`.
pub fn run(workspace: &Workspace) -> Result<()> {
    take_steps(&mut Steps::new(2), workspace, Scope::Tests)
}

/// Two steps: the system's packages, then what the cache does not hold yet.
pub fn take_steps(steps: &mut Steps, workspace: &Workspace, scope: Scope) -> Result<()> {
    packages::take_step(steps, workspace, "system packages", packages::BUILD)?;
    steps.take_once(
        "models and ONNX Runtime",
        || are_there(workspace, scope),
        || make(workspace, scope),
    )
}

/// Whether the cache holds what this checkout's models/ makes.
fn are_there(workspace: &Workspace, scope: Scope) -> Result<bool> {
    Ok(stamp(workspace)?.is_current()
        && runtime_library(workspace).exists()
        && named_in_manifest(workspace, scope)?
            .iter()
            .all(|model| model.exists()))
}

/// The models that models/manifest.toml names, as they lie in the cache.
fn named_in_manifest(workspace: &Workspace, scope: Scope) -> Result<Vec<PathBuf>> {
    #[derive(Deserialize)]
    struct Manifest {
        models: Vec<Model>,
    }
    #[derive(Deserialize)]
    struct Model {
        file: String,
        #[serde(default)]
        optional: bool,
    }
    let text = fs::read_to_string(workspace.root.join("models/manifest.toml"))?;
    let manifest: Manifest = toml::from_str(&text)?;
    let folder = models_dir(workspace);
    Ok(manifest
        .models
        .iter()
        .filter(|model| scope == Scope::Tests || !model.optional)
        .map(|model| folder.join(&model.file))
        .collect())
}

/// Converts the models and fetches the runtime, in a Python environment of their own.
fn make(workspace: &Workspace, scope: Scope) -> Result<()> {
    let stamp = stamp(workspace)?;
    stamp.clear()?;
    let shell = workspace.shell(&[])?;
    let python = python(workspace, &shell)?;
    let (models, runtime) = (models_dir(workspace), runtime_dir(workspace));
    let optional = (scope == Scope::Tests).then_some("--optional");
    cmd!(
        shell,
        "{python} models/build.py --out {models} {optional...}"
    )
    .run()?;
    cmd!(
        shell,
        "{python} models/fetch_onnxruntime.py --out {runtime}"
    )
    .run()?;
    stamp.write()
}

/// In what surroundings portraits are made: where `--models-dir` and `--onnxruntime` look, and how glibc keeps memory.
pub fn environment(workspace: &Workspace) -> [(&'static str, PathBuf); 3] {
    [
        // Each network has a thread of its own, and each thread would keep freed memory of its own: up to 200 MiB.
        ("MALLOC_ARENA_MAX", PathBuf::from("2")),
        ("PHOTOBOOTH_MODELS_DIR", models_dir(workspace)),
        ("PHOTOBOOTH_ONNXRUNTIME", runtime_library(workspace)),
    ]
}

/// The Python of the converters' environment.
pub fn python(workspace: &Workspace, shell: &Shell) -> Result<PathBuf> {
    let requirements = workspace.root.join("models/requirements.txt");
    python::environment(workspace, shell, "models", &requirements)
}

fn stamp(workspace: &Workspace) -> Result<Stamp> {
    Stamp::of(
        models_dir(workspace).join(".made-from"),
        &[workspace.root.join("models")],
        &["__pycache__", "README.md", "tests"],
    )
}

fn models_dir(workspace: &Workspace) -> PathBuf {
    workspace.cache.join("models")
}

fn runtime_dir(workspace: &Workspace) -> PathBuf {
    workspace.cache.join("onnxruntime")
}

fn runtime_library(workspace: &Workspace) -> PathBuf {
    runtime_dir(workspace).join("libonnxruntime.so")
}
