//! Where people are, roughly: the network over the whole photo, then once more round every face.

use crate::colour::smoothstep;
use crate::faces::Face;
use crate::filter::{resize_mask, resize_rgb, resize_rgb_region};
use crate::models::Segmenter;
use crate::{Mask, RgbRaster};

/// Long side of the rough matte, in pixels: the network's own detail round a face, not more.
const ROUGH_SIDE: usize = 1024;
/// The network looks at the whole photo shrunk to this, so that no pass resizes all of a large one.
const WHOLE_SIDE: usize = 512;
/// Side of the square round a face, in face sizes, and how much of it lies above the face's centre:
/// head, shoulders and chest, as in the selfies that the network was trained with.
const SQUARE_SCALE: f32 = 4.2;
const SQUARE_ABOVE: f32 = 0.38;
/// Share of the square over which its pass fades in: the network is unsure at its own borders.
const SQUARE_FADE: f32 = 0.12;

/// Between these the network is undecided. Over the whole photo it half believes in flags, curtains
/// and chairs, so there it must be surer than round a face.
const UNSURE_WHOLE: [f32; 2] = [0.6, 0.85];
const UNSURE_SQUARE: [f32; 2] = [0.4, 0.75];

/// A part of the photo in pixels: left, top, right, bottom.
type Bounds = [usize; 4];

/// How much of each pixel is a person, as far as the network can tell; at most 1024 pixels on the long side.
pub(super) fn segment(
    segmenter: &mut Segmenter,
    photo: &RgbRaster,
    faces: &[Face],
) -> ort::Result<Mask> {
    let (width, height) = fit(photo, ROUGH_SIDE);
    let (whole_width, whole_height) = fit(photo, WHOLE_SIDE);
    let whole = segmenter.run(&resize_rgb(photo, whole_width, whole_height))?;
    let [low, high] = UNSURE_WHOLE;
    let mut coverage = resize_mask(&whole, width, height).map(|sure| smoothstep(low, high, sure));
    for face in faces {
        let square = square_round(face, photo);
        let [left, top, right, bottom] = square.map(|side| side as f64);
        let region = [left, top, right - left, bottom - top];
        let part = resize_rgb_region(photo, region, WHOLE_SIDE / 2, WHOLE_SIDE / 2);
        merge(&mut coverage, &segmenter.run(&part)?, square, photo);
    }
    Ok(coverage)
}

fn fit(photo: &RgbRaster, long_side: usize) -> (usize, usize) {
    let scale = (long_side as f32 / photo.width().max(photo.height()) as f32).min(1.0);
    let fit = |side: usize| ((side as f32 * scale).round() as usize).max(1);
    (fit(photo.width()), fit(photo.height()))
}

/// The square round a face, cut off where the photo ends.
fn square_round(face: &Face, photo: &RgbRaster) -> Bounds {
    let side = face.size() * SQUARE_SCALE;
    let [x, y] = face.centre();
    let (left, top) = (x - side / 2.0, y - side * SQUARE_ABOVE);
    let within = |position: f32, size: usize| position.clamp(0.0, size as f32).round() as usize;
    let [left, right] = [left, left + side].map(|x| within(x, photo.width()));
    let [top, bottom] = [top, top + side].map(|y| within(y, photo.height()));
    [
        left.min(photo.width() - 1),
        top.min(photo.height() - 1),
        right.max(left + 1),
        bottom.max(top + 1),
    ]
}

/// Takes the larger value of both inside the square, fading towards those of its sides that are not the photo's.
fn merge(coverage: &mut Mask, pass: &Mask, square: Bounds, photo: &RgbRaster) {
    let [left, top, right, bottom] = square.map(|side| side as f32);
    let scale = photo.width() as f32 / coverage.width() as f32;
    let fade = (right - left).max(bottom - top) * SQUARE_FADE;
    let [low, high] = UNSURE_SQUARE;
    let (photo_width, photo_height) = (photo.width() as f32, photo.height() as f32);
    // How far inside a stretch a position lies; sides that are the photo's own do not count.
    let depth = |position: f32, low: f32, high: f32, size: f32| {
        let from_low = if low > 0.0 {
            position - low
        } else {
            f32::INFINITY
        };
        let to_high = if high < size {
            high - position
        } else {
            f32::INFINITY
        };
        from_low.min(to_high)
    };
    coverage.for_each_row(|row_index, row| {
        let y = (row_index as f32 + 0.5) * scale;
        if y < top || y > bottom {
            return;
        }
        let pass_y = (y - top) / (bottom - top) * pass.height() as f32 - 0.5;
        for (column, value) in row.iter_mut().enumerate() {
            let x = (column as f32 + 0.5) * scale;
            if x < left || x > right {
                continue;
            }
            let inside =
                depth(x, left, right, photo_width).min(depth(y, top, bottom, photo_height));
            let pass_x = (x - left) / (right - left) * pass.width() as f32 - 0.5;
            let seen = smoothstep(low, high, pass.sample(pass_x, pass_y));
            *value = value.max(seen * (inside / fade).clamp(0.0, 1.0));
        }
    });
}
