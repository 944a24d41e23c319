//! What the portrait tests need of the machine: models, ONNX Runtime, the photo.

mod indiscreet;

pub use indiscreet::{SECRETS, indiscreet_photo};

use portrait::{Device, Studio, StudioConfig};
use std::path::{Path, PathBuf};

/// NASA's portrait of Eileen Collins, 512 x 512, public domain.
pub fn astronaut() -> Vec<u8> {
    std::fs::read(repository().join("tests/photos/astronaut.png")).expect("the photo is committed")
}

/// A studio on the real models.
pub fn open_studio() -> Studio {
    Studio::open(&StudioConfig {
        models_dir: named("PHOTOBOOTH_MODELS_DIR"),
        themes_dir: repository().join("themes"),
        onnxruntime: Some(named("PHOTOBOOTH_ONNXRUNTIME")),
        device: Device::Cpu,
        threads: 2,
        network_threads: 2,
    })
    .expect("the studio opens")
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn named(variable: &str) -> PathBuf {
    match std::env::var_os(variable) {
        Some(path) => path.into(),
        None => panic!("{variable} is not set: run the tests by `cargo xtask test`"),
    }
}
