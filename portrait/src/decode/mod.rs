//! Bytes that a guest sent become an upright sRGB picture, or a refusal. Nothing else of the file survives.

mod completeness;
mod container;
mod pixels;
mod profile;

use crate::{Refusal, RgbRaster};
use container::Container;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, RgbImage};

/// The largest file, in bytes.
const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The most pixels a picture may declare.
const MAX_PIXELS: u64 = 50_000_000;
/// How many times longer than wide a picture may be, or the other way round.
const MAX_ELONGATION: u32 = 4;
/// The shortest side, in pixels.
const MIN_SIDE: u32 = 320;
/// Larger pictures are shrunk to this long side: no step after this one gains from more.
const WORKING_SIDE: u32 = 2560;

/// Reads a JPEG, PNG or WebP file, whatever its name: upright, at most 2560 pixels on the long side.
///
/// Limits are checked from the header before any pixel is allocated. Of an animation the first frame
/// is taken; the EXIF orientation is applied; colours of another profile become sRGB; transparent
/// pixels lie on white; 16 bits a channel become 8.
///
/// # Errors
/// [`Refusal::FileTooLarge`], [`Refusal::NotAnImage`], [`Refusal::ImageTruncated`],
/// [`Refusal::ImageTooManyPixels`] or [`Refusal::ImageBadShape`].
pub(crate) fn decode(bytes: &[u8]) -> Result<RgbRaster, Refusal> {
    if bytes.len() > MAX_BYTES {
        return Err(Refusal::FileTooLarge);
    }
    let container = Container::recognise(bytes).ok_or(Refusal::NotAnImage)?;
    // A decoder that stumbles over a file which lacks its end stumbled because of that.
    let is_complete = completeness::is_complete(container, bytes);
    let stumbled = if is_complete {
        Refusal::NotAnImage
    } else {
        Refusal::ImageTruncated
    };

    let mut decoder = container.open(bytes).map_err(|_| stumbled)?;
    check_size(decoder.dimensions())?;
    if !is_complete {
        return Err(Refusal::ImageTruncated);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let icc_profile = decoder.icc_profile().unwrap_or_default();
    let picture = pixels::read(decoder).map_err(|_| stumbled)?;
    let mut picture = turn(pixels::shrink(picture, WORKING_SIDE), orientation);
    if let Some(icc_profile) = icc_profile {
        profile::convert_to_srgb(&mut picture, &icc_profile);
    }
    Ok(RgbRaster::from(&picture))
}

fn check_size((width, height): (u32, u32)) -> Result<(), Refusal> {
    let (short, long) = (width.min(height), width.max(height));
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        Err(Refusal::ImageTooManyPixels)
    } else if short < MIN_SIDE || long > short.saturating_mul(MAX_ELONGATION) {
        Err(Refusal::ImageBadShape)
    } else {
        Ok(())
    }
}

fn turn(picture: RgbImage, orientation: Orientation) -> RgbImage {
    let mut picture = DynamicImage::ImageRgb8(picture);
    picture.apply_orientation(orientation);
    picture.into_rgb8()
}

#[cfg(test)]
mod tests;
