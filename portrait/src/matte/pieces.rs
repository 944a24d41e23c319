//! Connected pieces of the rough matte: those without a face go, small holes inside people are filled.

use crate::faces::Face;
use crate::filter::{box_blur_mask, fit_long_side, resize_mask};
use crate::{Mask, RgbRaster};

/// Long side at which pieces are told apart, in pixels.
const SIDE: usize = 256;
/// From this coverage on a pixel belongs to a piece.
const PERSON: f32 = 0.35;
/// Below this it may belong to a hole.
const SOLID: f32 = 0.9;
/// Larger holes, as a share of the photo, are gaps that are really there: under an arm, between people.
const LARGEST_HOLE: f32 = 0.006;
/// How far, in pixels of the small matte, a piece's and a hole's soft edges reach.
const PIECE_REACH: usize = 4;
const HOLE_REACH: usize = 2;

/// Sets coverage to 0 where it hangs together with no face: bystanders, statues, coats on hooks.
pub(super) fn remove_strangers(coverage: &mut Mask, photo: &RgbRaster, faces: &[Face]) {
    let small = shrink(coverage);
    let mut kept = Mask::filled(small.width(), small.height(), 0.0);
    let scale = small.width() as f32 / photo.width() as f32;
    for face in faces {
        let [left, top, right, bottom] = face.bounds.map(|side| (side * scale).max(0.0) as usize);
        for y in top..(bottom + 1).min(small.height()) {
            for x in left..(right + 1).min(small.width()) {
                flood(&small, &mut kept, [x, y], |value| value >= PERSON);
            }
        }
    }
    if kept.pixels().iter().all(|&value| value == 0.0) {
        return;
    }
    let kept = resize_mask(
        &grow(&kept, PIECE_REACH),
        coverage.width(),
        coverage.height(),
    );
    coverage.for_each_row(|y, row| {
        for (value, kept) in row.iter_mut().zip(kept.row(y)) {
            *value *= kept;
        }
    });
}

/// Fills small holes: badges, buckles and dark folds that the network took for background.
///
/// A hole may touch the lower edge of the photo, which cuts people off, but no other.
pub(super) fn fill_holes(coverage: &mut Mask) {
    let small = shrink(coverage);
    let (width, height) = (small.width(), small.height());
    let largest = (LARGEST_HOLE * (width * height) as f32) as usize;
    let mut seen = Mask::filled(width, height, 0.0);
    let mut filled = Mask::filled(width, height, 0.0);
    for y in 0..height {
        for x in 0..width {
            let hole = flood(&small, &mut seen, [x, y], |value| value < SOLID);
            let is_inside = |&[x, y]: &[usize; 2]| x > 0 && x + 1 < width && y > 0;
            if hole.len() <= largest && hole.iter().all(is_inside) {
                for [x, y] in hole {
                    filled.pixels_mut()[y * width + x] = 1.0;
                }
            }
        }
    }
    let filled = resize_mask(
        &grow(&filled, HOLE_REACH),
        coverage.width(),
        coverage.height(),
    );
    coverage.for_each_row(|y, row| {
        for (value, filled) in row.iter_mut().zip(filled.row(y)) {
            *value = value.max(*filled);
        }
    });
}

fn shrink(coverage: &Mask) -> Mask {
    let (width, height) = (coverage.width(), coverage.height());
    let (width, height) = fit_long_side(width, height, width.max(height).min(SIDE));
    resize_mask(coverage, width, height)
}

/// Blurred, then sharpened again: whole to its own edge and soft beyond it.
fn grow(piece: &Mask, reach: usize) -> Mask {
    box_blur_mask(piece, reach).map(|value| (value * 4.0).min(1.0))
}

/// Marks the piece that a pixel belongs to and lists its pixels; none where it was marked already.
fn flood(
    coverage: &Mask,
    marked: &mut Mask,
    start: [usize; 2],
    belongs: impl Fn(f32) -> bool,
) -> Vec<[usize; 2]> {
    let (width, height) = (coverage.width(), coverage.height());
    let mut piece = Vec::new();
    let mut waiting = vec![start];
    while let Some([x, y]) = waiting.pop() {
        let index = y * width + x;
        if marked.pixels()[index] > 0.0 || !belongs(coverage.pixels()[index]) {
            continue;
        }
        marked.pixels_mut()[index] = 1.0;
        piece.push([x, y]);
        let neighbours = [
            [x.wrapping_sub(1), y],
            [x + 1, y],
            [x, y.wrapping_sub(1)],
            [x, y + 1],
        ];
        waiting.extend(
            neighbours
                .into_iter()
                .filter(|&[x, y]| x < width && y < height),
        );
    }
    piece
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
        let bounds = [70.0, 70.0, 120.0, 120.0];
        let face = Face {
            score: 0.9,
            bounds,
            key_points: [[0.0; 2]; 6],
        };
        remove_strangers(&mut coverage, &photo, &[face]);
        assert!(coverage.row(80)[50] > 0.99 && coverage.row(80)[22] > 0.95);
        assert!(coverage.row(80)[185] < 0.01);
    }

    #[test]
    fn a_badge_is_filled_and_the_gap_under_an_arm_is_not() {
        let is_badge = |x: usize, y: usize| (40..50).contains(&x) && (60..70).contains(&y);
        let is_gap = |x: usize, y: usize| (90..130).contains(&x) && (60..110).contains(&y);
        let is_buckle = |x: usize, y: usize| (60..66).contains(&x) && y > 185;
        let mut coverage = Mask::from_fn(200, 200, |x, y| {
            let is_body = x > 20 && x < 150 && y > 30;
            if !is_body || is_badge(x, y) || is_gap(x, y) || is_buckle(x, y) {
                0.0
            } else {
                1.0
            }
        });
        fill_holes(&mut coverage);
        assert!(coverage.row(65)[45] > 0.99, "badge");
        assert!(coverage.row(195)[63] > 0.99, "buckle at the lower edge");
        assert!(coverage.row(85)[110] < 0.01, "gap");
        assert!(coverage.row(10)[100] < 0.01, "outside");
    }
}
