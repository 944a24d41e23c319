//! Pictures on disk.

use anyhow::{Context, Result};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageReader, RgbImage};
use std::fs::{self, File};
use std::path::Path;

/// Reads a photo and turns it as its EXIF data says.
pub fn open_upright(path: &Path) -> Result<RgbImage> {
    let reader = ImageReader::open(path)
        .with_context(|| format!("cannot open {}", path.display()))?
        .with_guessed_format()?;
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut photo = DynamicImage::from_decoder(decoder)?;
    photo.apply_orientation(orientation);
    Ok(photo.into_rgb8())
}

pub fn save_jpeg(picture: &RgbImage, quality: u8, path: &Path) -> Result<()> {
    create_folder_of(path)?;
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    JpegEncoder::new_with_quality(file, quality).encode_image(picture)?;
    Ok(())
}

pub fn write(bytes: &[u8], path: &Path) -> Result<()> {
    create_folder_of(path)?;
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

pub fn create_folder_of(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(())
}
