//! Decoded samples of every kind become three bytes a pixel, and fewer pixels.

use crate::filter::{convolve, fit_long_side};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions};
use image::error::{DecodingError, ImageFormatHint, LimitError, LimitErrorKind};
use image::{ColorType, ImageDecoder, ImageError, ImageResult, RgbImage};

/// What shows through transparent pixels.
const PAPER: u32 = 255;

/// Decodes the picture. Grey becomes three equal channels, transparency lies on white.
pub(super) fn read(decoder: Box<dyn ImageDecoder + '_>) -> ImageResult<RgbImage> {
    let (width, height) = decoder.dimensions();
    let colour = decoder.color_type();
    let size = usize::try_from(decoder.total_bytes()).map_err(|_| {
        ImageError::Limits(LimitError::from_kind(LimitErrorKind::InsufficientMemory))
    })?;
    let mut samples = vec![0; size];
    decoder.read_image_boxed(&mut samples)?;
    let pixels = match colour {
        ColorType::Rgb8 => samples,
        ColorType::L8 => samples.iter().flat_map(|&grey| [grey; 3]).collect(),
        ColorType::La8 => samples
            .as_chunks()
            .0
            .iter()
            .flat_map(|&[grey, alpha]| [flatten(grey, alpha); 3])
            .collect(),
        ColorType::Rgba8 => compact(samples, |&[red, green, blue, alpha]: &[u8; 4]| {
            [red, green, blue].map(|value| flatten(value, alpha))
        }),
        ColorType::L16 => samples
            .as_chunks()
            .0
            .iter()
            .flat_map(|&sample| [narrow(sample); 3])
            .collect(),
        ColorType::La16 => compact(samples, |&[g0, g1, a0, a1]: &[u8; 4]| {
            [flatten(narrow([g0, g1]), narrow([a0, a1])); 3]
        }),
        ColorType::Rgb16 => compact(samples, |&[r0, r1, g0, g1, b0, b1]: &[u8; 6]| {
            [[r0, r1], [g0, g1], [b0, b1]].map(narrow)
        }),
        ColorType::Rgba16 => compact(samples, |&[r0, r1, g0, g1, b0, b1, a0, a1]: &[u8; 8]| {
            let alpha = narrow([a0, a1]);
            [[r0, r1], [g0, g1], [b0, b1]].map(|sample| flatten(narrow(sample), alpha))
        }),
        other => {
            let problem = format!("samples of an unexpected kind: {other:?}");
            return Err(ImageError::Decoding(DecodingError::new(
                ImageFormatHint::Unknown,
                problem,
            )));
        }
    };
    RgbImage::from_raw(width, height, pixels).ok_or_else(|| {
        ImageError::Decoding(DecodingError::new(
            ImageFormatHint::Unknown,
            "too few samples",
        ))
    })
}

/// Sixteen bits, in the machine's byte order, to eight.
fn narrow(sample: [u8; 2]) -> u8 {
    ((u32::from(u16::from_ne_bytes(sample)) + 128) / 257) as u8
}

fn flatten(value: u8, alpha: u8) -> u8 {
    let alpha = u32::from(alpha);
    ((u32::from(value) * alpha + PAPER * (255 - alpha) + 127) / 255) as u8
}

/// Rewrites pixels of `N` bytes as pixels of three in the same memory: a large 16-bit picture with
/// alpha takes 400 MB, and a second copy of it none.
fn compact<const N: usize>(mut samples: Vec<u8>, change: impl Fn(&[u8; N]) -> [u8; 3]) -> Vec<u8> {
    let pixels = samples.len() / N;
    for pixel in 0..pixels {
        let source: [u8; N] = std::array::from_fn(|byte| samples[pixel * N + byte]);
        samples[pixel * 3..pixel * 3 + 3].copy_from_slice(&change(&source));
    }
    samples.truncate(pixels * 3);
    samples.shrink_to_fit();
    samples
}

/// The picture's first rows.
pub(super) fn keep_rows(picture: RgbImage, rows: u32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let mut samples = picture.into_raw();
    samples.truncate(width as usize * rows.min(height) as usize * 3);
    RgbImage::from_raw(width, rows.min(height), samples).unwrap_or_default()
}

/// Shrinks to a long side, still in bytes, so that a large photo never exists as numbers of four bytes.
pub(super) fn shrink(picture: RgbImage, long_side: u32) -> RgbImage {
    let (width, height) = picture.dimensions();
    if width.max(height) <= long_side {
        return picture;
    }
    let size = fit_long_side(width as usize, height as usize, long_side as usize);
    let size = (size.0 as u32, size.1 as u32);
    let mut small = RgbImage::new(size.0, size.1);
    let cubic = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    convolve::<U8x3>(picture.as_raw(), (width, height), &mut small, size, cubic);
    small
}
