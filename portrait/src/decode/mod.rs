//! Bytes that a guest sent become an upright sRGB picture, or a refusal. Nothing else of the file survives.

mod completeness;
mod container;
mod huffman;
mod jpeg_rows;
mod pixels;
mod profile;

use crate::side::Side;
use crate::{Photo, Refusal, RgbRaster};
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

/// Reads a JPEG, PNG or WebP file, whatever its name.
///
/// Limits are checked from the header before any pixel is allocated. Of an animation the first frame
/// is taken; the EXIF orientation is applied; colours of another profile become sRGB; transparent
/// pixels lie on white; 16 bits a channel become 8. Of a JPEG that lacks its end the rows that are there are taken,
/// where they make a photo.
///
/// # Errors
/// [`Refusal::FileTooLarge`], [`Refusal::NotAnImage`], [`Refusal::ImageTruncated`],
/// [`Refusal::ImageTooManyPixels`] or [`Refusal::ImageBadShape`].
pub(crate) fn decode(bytes: &[u8]) -> Result<Photo, Refusal> {
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
    let (width, height) = decoder.dimensions();
    check_size((width, height))?;
    let rows = match container {
        _ if is_complete => height,
        Container::Jpeg => height.min(jpeg_rows::count_rows(bytes) as u32),
        Container::Png | Container::WebP => 0,
    };
    check_size((width, rows)).map_err(|_| Refusal::ImageTruncated)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let icc_profile = decoder.icc_profile().unwrap_or_default();
    let picture = pixels::read(decoder).map_err(|_| stumbled)?;
    let picture = pixels::shrink(pixels::keep_rows(picture, rows), WORKING_SIDE);
    let mut picture = turn(picture, orientation);
    if let Some(icc_profile) = icc_profile {
        profile::convert_to_srgb(&mut picture, &icc_profile);
    }
    Ok(Photo {
        picture: RgbRaster::from(&picture),
        cut_side: (rows < height).then(|| Side::Bottom.oriented(orientation)),
        is_turned: false,
    })
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
