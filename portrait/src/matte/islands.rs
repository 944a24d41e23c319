//! Drops what hangs together with no face: bystanders, statues, coats on hooks.

use crate::faces::Face;
use crate::filter::{box_blur_mask, resize_mask};
use crate::{Mask, RgbRaster};

/// Long side at which pieces are told apart, in pixels.
const SIDE: usize = 256;
/// From this coverage on a pixel belongs to a piece.
const SOLID: f32 = 0.35;
/// How far, in those pixels, a piece's soft edge reaches.
const REACH: usize = 4;

/// Sets coverage to 0 where a piece touches no face, softly.
pub(super) fn remove_strangers(coverage: &mut Mask, photo: &RgbRaster, faces: &[Face]) {
    let scale = (SIDE as f32 / photo.width().max(photo.height()) as f32).min(1.0);
    let fit = |side: usize| ((side as f32 * scale).round() as usize).max(1);
    let small = resize_mask(coverage, fit(photo.width()), fit(photo.height()));
    let mut kept = Mask::filled(small.width(), small.height(), 0.0);
    for face in faces {
        let [left, top, right, bottom] = face.bounds.map(|side| (side * scale).max(0.0) as usize);
        for y in top..(bottom + 1).min(small.height()) {
            for x in left..(right + 1).min(small.width()) {
                flood(&small, &mut kept, x, y);
            }
        }
    }
    if kept.pixels().iter().all(|&value| value == 0.0) {
        return;
    }
    // Grown by the blur, then sharpened, so that soft edges of people stay whole.
    let grown = box_blur_mask(&kept, REACH).map(|value| (value * 4.0).min(1.0));
    let keep = resize_mask(&grown, coverage.width(), coverage.height());
    coverage.for_each_row(|y, row| {
        for (value, keep) in row.iter_mut().zip(keep.row(y)) {
            *value *= keep;
        }
    });
}

/// Marks the piece that a pixel belongs to.
fn flood(coverage: &Mask, kept: &mut Mask, x: usize, y: usize) {
    let (width, height) = (coverage.width(), coverage.height());
    let mut waiting = vec![(x, y)];
    while let Some((x, y)) = waiting.pop() {
        let index = y * width + x;
        if coverage.pixels()[index] < SOLID || kept.pixels()[index] > 0.0 {
            continue;
        }
        kept.pixels_mut()[index] = 1.0;
        if x > 0 {
            waiting.push((x - 1, y));
        }
        if x + 1 < width {
            waiting.push((x + 1, y));
        }
        if y > 0 {
            waiting.push((x, y - 1));
        }
        if y + 1 < height {
            waiting.push((x, y + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_without_a_face_goes_and_one_with_a_face_stays() {
        let photo = RgbRaster::filled(512, 256, [0.5; 3]);
        let is_person = |x: usize| (20..80).contains(&x) || (150..220).contains(&x);
        let mut coverage = Mask::from_fn(
            256,
            128,
            |x, y| if is_person(x) && y > 30 { 1.0 } else { 0.0 },
        );
        let face = Face {
            score: 0.9,
            bounds: [70.0, 70.0, 120.0, 120.0],
            key_points: [[0.0; 2]; 6],
        };
        remove_strangers(&mut coverage, &photo, &[face]);
        assert!(coverage.row(80)[50] > 0.99 && coverage.row(80)[22] > 0.95);
        assert!(coverage.row(80)[185] < 0.01);
    }
}
