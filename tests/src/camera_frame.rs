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
    Ok(frame_photo(&astronaut, width, height))
}

/// The upper part of a photo, filling a frame of `width` x `height` pixels.
pub fn frame_photo(photo: &RgbImage, width: u32, height: u32) -> RgbImage {
    let rows = (photo.width() * height / width).min(photo.height());
    let columns = (photo.height() * width / height).min(photo.width());
    let left = (photo.width() - columns) / 2;
    let upper = imageops::crop_imm(photo, left, 0, columns, rows).to_image();
    imageops::resize(&upper, width, height, FilterType::Lanczos3)
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

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    /// Red tells the column, green the row.
    fn ramp(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, 0]))
    }

    #[test]
    fn a_frame_shows_the_upper_part_of_high_photos_and_the_middle_of_wide_ones() {
        let high = frame_photo(&ramp(80, 200), 80, 40);
        assert_eq!(
            (high.get_pixel(0, 0).0, high.get_pixel(79, 39).0),
            ([0, 0, 0], [79, 39, 0])
        );
        let wide = frame_photo(&ramp(200, 40), 80, 40);
        assert_eq!(
            (wide.get_pixel(0, 0).0, wide.get_pixel(79, 39).0),
            ([60, 0, 0], [139, 39, 0])
        );
    }
}
