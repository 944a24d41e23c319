//! The themes with small backdrops: what a small portrait costs is then its own, not the decoding of a large picture.

use anyhow::{Context, Result};
use image::ImageReader;
use image::imageops::FilterType;
use std::fs;
use std::path::Path;

/// Pixels on the longer side of a backdrop: twice those of a portrait of 300 x 400.
const LONG_SIDE: u32 = 800;

/// Copies a folder of themes into another one, its backdrops made smaller.
///
/// # Errors
/// A file cannot be read, written or decoded.
pub fn copy_small(themes: &Path, copy: &Path) -> Result<()> {
    fs::create_dir_all(copy)?;
    let entries = fs::read_dir(themes);
    for entry in entries.with_context(|| format!("no themes in {}", themes.display()))? {
        let from = entry?.path();
        let to = copy.join(from.file_name().unwrap_or_default());
        if from.is_dir() {
            copy_small(&from, &to)?;
        } else if themes.ends_with("backdrops") {
            let backdrop = ImageReader::open(&from)?.decode()?;
            backdrop
                .resize(LONG_SIDE, LONG_SIDE, FilterType::Triangle)
                .save(&to)?;
        } else {
            fs::copy(&from, &to)?;
        }
    }
    Ok(())
}
