//! What tests share: the real models, the real runtime, and the one photograph in the repository.
//!
//! The photograph is NASA's portrait of Eileen Collins (public domain).

use crate::RgbRaster;
use crate::decode::decode;
use crate::runtime::{Device, Runtime};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The models, at `PHOTOBOOTH_MODELS_DIR` or where `cargo xtask models` puts them.
pub(crate) fn models_dir() -> PathBuf {
    let folder = env::var_os("PHOTOBOOTH_MODELS_DIR")
        .map_or_else(|| cache_dir().join("models"), PathBuf::from);
    assert!(
        folder.join("face_detector_full.onnx").is_file(),
        "these tests need the models, and {} has none: run `cargo xtask models` or set PHOTOBOOTH_MODELS_DIR",
        folder.display()
    );
    folder
}

/// ONNX Runtime's library, at `PHOTOBOOTH_ONNXRUNTIME` or where `cargo xtask models` puts it.
pub(crate) fn library() -> PathBuf {
    env::var_os("PHOTOBOOTH_ONNXRUNTIME")
        .map(PathBuf::from)
        .or_else(|| find_library(&cache_dir().join("onnxruntime")))
        .expect(
            "these tests need ONNX Runtime: run `cargo xtask models` or set PHOTOBOOTH_ONNXRUNTIME",
        )
}

/// ONNX Runtime on two cores.
pub(crate) fn runtime() -> Runtime {
    Runtime::load(Some(&library()), Device::Cpu, 2).unwrap()
}

/// 512 x 512 pixels, one face in front of a busy background.
pub(crate) fn astronaut_bytes() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/photos/astronaut.png");
    fs::read(path).unwrap()
}

/// [`astronaut_bytes`], decoded.
pub(crate) fn astronaut() -> RgbRaster {
    decode(&astronaut_bytes()).unwrap().picture
}

fn cache_dir() -> PathBuf {
    let folder = |name| env::var_os(name).map(PathBuf::from);
    folder("PHOTOBOOTH_CACHE_DIR")
        .or_else(|| folder("XDG_CACHE_HOME").map(|cache| cache.join("ai-photobooth")))
        .or_else(|| folder("HOME").map(|home| home.join(".cache/ai-photobooth")))
        .unwrap_or_default()
}

/// The newest library anywhere below a folder.
fn find_library(folder: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.path());
    entries
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?;
            let is_library = name.starts_with("libonnxruntime.") && path.is_file();
            if is_library {
                Some(path)
            } else {
                find_library(&path)
            }
        })
        .max()
}
