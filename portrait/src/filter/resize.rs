//! Resizing with a filter that fits the direction.

use crate::{Mask, Raster, Rgb, RgbRaster};
use bytemuck::{cast_slice, cast_slice_mut};
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{F32, F32x3, U8x3};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;
use rayon::prelude::*;

/// Left, top, width and height of a part of a picture, in pixels of that picture.
pub(crate) type Region = [f64; 4];

/// The size at which a picture of `width` x `height` has this long side; no side is under 1.
pub(crate) fn fit_long_side(width: usize, height: usize, long_side: usize) -> (usize, usize) {
    let scale = long_side as f64 / width.max(height) as f64;
    let fit = |side: usize| ((side as f64 * scale).round() as usize).max(1);
    (fit(width), fit(height))
}

/// The whole picture at another size.
pub(crate) fn resize_rgb(picture: &RgbRaster, width: usize, height: usize) -> RgbRaster {
    resize_rgb_region(picture, whole(picture), width, height)
}

/// A part of the picture, cut at fractions of pixels, at another size.
///
/// # Panics
/// When the region reaches outside the picture.
pub(crate) fn resize_rgb_region(
    picture: &RgbRaster,
    region: Region,
    width: usize,
    height: usize,
) -> RgbRaster {
    let mut resized = RgbRaster::filled(width, height, Rgb::default());
    let bytes = cast_slice_mut(resized.pixels_mut());
    let overshoots = resample::<F32x3, _>(picture, region, bytes, width, height);
    if overshoots {
        resized
            .pixels_mut()
            .par_iter_mut()
            .for_each(|pixel| *pixel = pixel.map(|value| value.clamp(0.0, 1.0)));
    }
    resized
}

/// A part of a picture of bytes at another size, as a raster; its own size is only a change of type.
///
/// # Panics
/// When the region reaches outside the picture.
pub(crate) fn resize_photo_region(
    picture: &RgbImage,
    region: Region,
    width: usize,
    height: usize,
) -> RgbRaster {
    let (width, height) = (width as u32, height as u32);
    if region == whole_of(picture) && picture.dimensions() == (width, height) {
        return RgbRaster::from(picture);
    }
    RgbRaster::from(&resize_photo(picture, region, width, height))
}

/// A part of a picture of bytes at another size.
///
/// # Panics
/// When the region reaches outside the picture.
pub(crate) fn resize_photo(
    picture: &RgbImage,
    region: Region,
    width: u32,
    height: u32,
) -> RgbImage {
    let mut resized = RgbImage::new(width, height);
    let [left, top, region_width, region_height] = clamp_rounding(region, picture.dimensions());
    let enlarges = f64::from(width) > region_width || f64::from(height) > region_height;
    convolve::<U8x3>(
        picture.as_raw(),
        picture.dimensions(),
        &mut resized,
        (width, height),
        options(enlarges).crop(left, top, region_width, region_height),
    );
    resized
}

/// All of a picture of bytes, as a region of it.
pub(crate) fn whole_of(picture: &RgbImage) -> Region {
    let (width, height) = picture.dimensions();
    [0.0, 0.0, f64::from(width), f64::from(height)]
}

/// A picture of changes, which may be negative or large, at another size: nothing is cut off.
pub(crate) fn resize_change(change: &RgbRaster, width: usize, height: usize) -> RgbRaster {
    let mut resized = RgbRaster::filled(width, height, Rgb::default());
    let bytes = cast_slice_mut(resized.pixels_mut());
    resample::<F32x3, _>(change, whole(change), bytes, width, height);
    resized
}

/// The whole mask at another size.
pub(crate) fn resize_mask(mask: &Mask, width: usize, height: usize) -> Mask {
    resize_mask_region(mask, whole(mask), width, height)
}

/// A part of the mask, cut at fractions of pixels, at another size.
///
/// # Panics
/// When the region reaches outside the mask.
pub(crate) fn resize_mask_region(mask: &Mask, region: Region, width: usize, height: usize) -> Mask {
    let mut resized = Mask::filled(width, height, 0.0);
    let bytes = cast_slice_mut(resized.pixels_mut());
    let overshoots = resample::<F32, _>(mask, region, bytes, width, height);
    if overshoots {
        resized
            .pixels_mut()
            .par_iter_mut()
            .for_each(|value| *value = value.clamp(0.0, 1.0));
    }
    resized
}

/// All of a picture, as a region of it.
pub(crate) fn whole<T: Copy + Send + Sync>(raster: &Raster<T>) -> Region {
    [0.0, 0.0, raster.width() as f64, raster.height() as f64]
}

/// Says whether the filter that was used can leave the range of its input.
fn resample<P: PixelTrait, T: bytemuck::Pod + Send + Sync>(
    source: &Raster<T>,
    [left, top, region_width, region_height]: Region,
    target: &mut [u8],
    width: usize,
    height: usize,
) -> bool {
    let enlarges = width as f64 > region_width || height as f64 > region_height;
    let source_size = (source.width() as u32, source.height() as u32);
    let [left, top, region_width, region_height] =
        clamp_rounding([left, top, region_width, region_height], source_size);
    let options = options(enlarges).crop(left, top, region_width, region_height);
    let bytes = cast_slice(source.pixels());
    convolve::<P>(
        bytes,
        source_size,
        target,
        (width as u32, height as u32),
        options,
    );
    enlarges
}

/// Clamps a region that rounding has put beyond the picture by less than a thousandth of a pixel.
fn clamp_rounding([left, top, width, height]: Region, (right, bottom): (u32, u32)) -> Region {
    const ROUNDING: f64 = 1e-3;
    let fit = |start: f64, length: f64, end: u32| {
        let beyond = start + length - f64::from(end);
        if beyond > 0.0 && beyond < ROUNDING {
            length - beyond - f64::EPSILON * f64::from(end)
        } else {
            length
        }
    };
    [left, top, fit(left, width, right), fit(top, height, bottom)]
}

/// Hamming shrinks as sharply as a cubic, never rings and costs half as much; enlarged with it, pixels would show,
/// so there a cubic is used.
fn options(enlarges: bool) -> ResizeOptions {
    let filter = if enlarges {
        FilterType::CatmullRom
    } else {
        FilterType::Hamming
    };
    ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter))
}

/// Resizes pixels of kind `P`, given and taken as bytes.
///
/// The kind is named by the caller because the library's own choice at run time compiles its code
/// for every kind there is, which takes minutes.
///
/// # Panics
/// When the bytes do not fill the sizes, or the options' region lies outside the source.
pub(crate) fn convolve<P: PixelTrait>(
    source: &[u8],
    (source_width, source_height): (u32, u32),
    target: &mut [u8],
    (width, height): (u32, u32),
    options: ResizeOptions,
) {
    let source = TypedImageRef::<P>::from_buffer(source_width, source_height, source)
        .expect("the source's pixels fill it");
    let mut target =
        TypedImage::<P>::from_buffer(width, height, target).expect("the target's pixels fill it");
    Resizer::new()
        .resize_typed(&source, &mut target, &options.use_alpha(false))
        .expect("the region lies inside the source");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(width: usize, height: usize) -> Mask {
        Mask::from_fn(width, height, |x, _| (x as f32 + 0.5) / width as f32)
    }

    #[test]
    fn a_ramp_stays_a_ramp_both_ways() {
        for (width, height) in [(40, 30), (400, 300)] {
            let resized = resize_mask(&ramp(100, 75), width, height);
            let wanted = ramp(width, height);
            // The outermost pixels see the edge repeated, so they are left out.
            for x in width / 20..width - width / 20 {
                let difference = (resized.row(height / 2)[x] - wanted.row(height / 2)[x]).abs();
                assert!(
                    difference < 0.004,
                    "{width} wide, at {x}: off by {difference}"
                );
            }
        }
    }

    #[test]
    fn a_region_may_begin_between_pixels() {
        let piece = resize_mask_region(&ramp(100, 10), [10.5, 0.0, 50.0, 10.0], 50, 10);
        assert!(
            (piece.row(5)[20] - 0.31).abs() < 0.002,
            "{}",
            piece.row(5)[20]
        );
    }

    #[test]
    fn a_region_may_end_beyond_the_picture_by_rounding() {
        let third = 100.0 / 3.0;
        for start in [third * 2.0, 100.0 - third + 1e-13] {
            let region = [start, 0.0, third + 1e-12, 10.0];
            let piece = resize_mask_region(&ramp(100, 10), region, 20, 10);
            assert!(piece.row(5)[19] > 0.97, "{}", piece.row(5)[19]);
        }
    }

    #[test]
    fn a_change_keeps_its_sign_and_size() {
        let change = RgbRaster::filled(20, 20, [-0.5, 0.25, 1.5]);
        let large = resize_change(&change, 97, 97);
        let [red, green, blue] = large.row(40)[40];
        assert!((red + 0.5).abs() < 1e-4 && (green - 0.25).abs() < 1e-4);
        assert!((blue - 1.5).abs() < 1e-4);
    }

    #[test]
    fn enlarging_an_edge_does_not_ring() {
        let edge = RgbRaster::from_fn(20, 20, |x, _| [if x < 10 { 0.0 } else { 1.0 }; 3]);
        let large = resize_rgb(&edge, 97, 97);
        assert!(
            large
                .pixels()
                .iter()
                .flatten()
                .all(|value| (0.0..=1.0).contains(value))
        );
    }
}
