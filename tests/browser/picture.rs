//! The pictures that go into the booth, and what is measured on those that come out.

use anyhow::{Context, Result};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};
use photobooth_tests::camera_frame::draw_camera_frame;
use std::fs;
use std::path::{Path, PathBuf};

/// Writes what the fake camera shows: Motion JPEG of one frame, which Chromium repeats.
pub fn write_camera_video(folder: &Path) -> Result<PathBuf> {
    let path = folder.join("camera.mjpeg");
    let frame = draw_camera_frame(1280, 720)?;
    fs::write(&path, encode_photo(&frame)?)?;
    Ok(path)
}

/// Encodes a picture as a camera does: JPEG.
pub fn encode_photo(picture: &RgbImage) -> Result<Vec<u8>> {
    let mut photo = Vec::new();
    JpegEncoder::new_with_quality(&mut photo, 95).encode_image(picture)?;
    Ok(photo)
}

/// Writes a well-lit, sharp photo of a wall with tiles and nobody in front of it.
pub fn write_empty_room(folder: &Path) -> Result<PathBuf> {
    let path = folder.join("wall.png");
    RgbImage::from_fn(1280, 960, |x, y| {
        let shade = 150 + (x * 60 / 1280) as u8;
        let in_joint = x % 160 < 4 || y % 120 < 4;
        if in_joint {
            Rgb([90, 85, 80])
        } else {
            Rgb([shade, shade - 10, shade - 30])
        }
    })
    .save(&path)?;
    Ok(path)
}

/// Writes the photo that compresses worst: noise, 16 megapixels and 48 MB of it. Even as a JPEG in the quality of
/// the other photos it is larger than the 10 MB that may be sent.
pub fn write_noise(folder: &Path) -> Result<PathBuf> {
    let path = folder.join("noise.png");
    // xorshift: any sequence without a pattern will do.
    let mut state = 0x2545_f491_u32;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 24) as u8
    };
    RgbImage::from_fn(4000, 4000, |_, _| Rgb([noise(), noise(), noise()])).save(&path)?;
    Ok(path)
}

/// Opens a picture that the booth made.
pub fn open(path: &Path) -> Result<RgbImage> {
    let picture = image::ImageReader::open(path)?
        .with_guessed_format()?
        .decode();
    Ok(picture
        .with_context(|| format!("{} is no picture", path.display()))?
        .into_rgb8())
}

/// How different two pictures are: the mean difference of a channel, 0 to 255, after cutting both
/// to a portrait's shape and making them small enough that only what they show counts.
pub fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
    let (a, b) = (shrink(a), shrink(b));
    let sum: u64 = a
        .iter()
        .zip(b.iter())
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / a.len() as f64
}

fn shrink(picture: &RgbImage) -> RgbImage {
    let (width, height) = picture.dimensions();
    let cut_width = width.min(height * 3 / 4);
    let cut_height = height.min(width * 4 / 3);
    let (left, top) = ((width - cut_width) / 2, (height - cut_height) / 2);
    let cut = imageops::crop_imm(picture, left, top, cut_width, cut_height).to_image();
    imageops::resize(&cut, 150, 200, FilterType::Triangle)
}
