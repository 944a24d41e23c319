//! What a booth's camera would see: the astronaut, framed as a guest in front of a laptop.

use anyhow::{Context, Result};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{ImageReader, RgbImage};
use std::path::{Path, PathBuf};

/// The public-domain portrait of NASA astronaut Eileen Collins, 512 x 512 pixels.
pub fn astronaut_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("photos/astronaut.png")
}

/// The upper part of the astronaut's portrait, filling a frame of `width` x `height` pixels.
///
/// The picture is as wide as the frame and cut below, at the chest, as a landscape camera does it.
///
/// # Errors
/// The photo is not there.
pub fn draw_camera_frame(width: u32, height: u32) -> Result<RgbImage> {
    let path = astronaut_path();
    let astronaut = ImageReader::open(&path)
        .with_context(|| format!("cannot open {}", path.display()))?
        .decode()?
        .into_rgb8();
    let (side, rows) = (astronaut.width(), astronaut.width() * height / width);
    let upper = imageops::crop_imm(&astronaut, 0, 0, side, rows).to_image();
    Ok(imageops::resize(
        &upper,
        width,
        height,
        FilterType::Lanczos3,
    ))
}

/// [`draw_camera_frame`] as the JPEG that a guest's page uploads.
///
/// # Errors
/// The photo is not there.
pub fn take_photo(width: u32, height: u32) -> Result<Vec<u8>> {
    let mut photo = Vec::new();
    let frame = draw_camera_frame(width, height)?;
    JpegEncoder::new_with_quality(&mut photo, 92).encode_image(&frame)?;
    Ok(photo)
}
