//! What a drawn head is made of: flat colours laid by masks, tapered strokes, ellipses.

use crate::colour::from_lab;
use crate::drawing::{add_polygon, fill_polygon};
use crate::{Mask, Rgb, RgbRaster};

/// Points of a curve between the points that it is drawn through.
const CURVE_STEPS: usize = 60;

/// Lays one colour over a picture where a mask is.
pub(super) fn lay(picture: &mut RgbRaster, colour: Rgb, mask: &Mask, amount: f32) {
    picture.for_each_row(|y, row| {
        for (pixel, &covered) in row.iter_mut().zip(mask.row(y)) {
            let covered = covered * amount;
            if covered > 0.0 {
                *pixel = std::array::from_fn(|c| pixel[c] + (colour[c] - pixel[c]) * covered);
            }
        }
    });
}

/// A smooth curve through points (Catmull-Rom), evenly divided between them.
pub(super) fn curve(points: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let last = points.len() - 1;
    let at = |index: isize| points[index.clamp(0, last as isize) as usize];
    (0..CURVE_STEPS)
        .map(|step| {
            let place = step as f32 / (CURVE_STEPS - 1) as f32 * last as f32;
            let index = (place as usize).min(last.saturating_sub(1));
            let t = place - index as f32;
            let index = index as isize;
            let [a, b, c, d] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
            std::array::from_fn(|axis| {
                let (a, b, c, d) = (a[axis], b[axis], c[axis], d[axis]);
                b + 0.5
                    * t
                    * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)))
            })
        })
        .collect()
}

/// A stroke along a smooth curve. `width_at` gives its width in pixels from the start (0) to the end (1).
pub(super) fn stroke(
    width: usize,
    height: usize,
    points: &[[f32; 2]],
    width_at: impl Fn(f32) -> f32,
) -> Mask {
    let path = curve(points);
    let count = path.len();
    let (mut left, mut right) = (Vec::with_capacity(count), Vec::with_capacity(count));
    for (index, point) in path.iter().enumerate() {
        let (before, after) = (
            path[index.saturating_sub(1)],
            path[(index + 1).min(count - 1)],
        );
        let (dx, dy) = (after[0] - before[0], after[1] - before[1]);
        let length = dx.hypot(dy).max(1e-6);
        let half = width_at(index as f32 / (count - 1) as f32).max(0.0) / 2.0;
        let (nx, ny) = (-dy / length * half, dx / length * half);
        left.push([point[0] + nx, point[1] + ny]);
        right.push([point[0] - nx, point[1] - ny]);
    }
    left.extend(right.into_iter().rev());
    fill_polygon(width, height, &left)
}

/// An ellipse turned clockwise by some degrees.
pub(super) fn ellipse(
    width: usize,
    height: usize,
    centre: [f32; 2],
    radii: [f32; 2],
    degrees: f32,
) -> Mask {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let corners: Vec<[f32; 2]> = (0..48)
        .map(|step| {
            let angle = step as f32 / 48.0 * std::f32::consts::TAU;
            let (x, y) = (radii[0] * angle.cos(), radii[1] * angle.sin());
            [
                centre[0] + x * cosine - y * sine,
                centre[1] + x * sine + y * cosine,
            ]
        })
        .collect();
    let mut mask = Mask::filled(width, height, 0.0);
    add_polygon(&mut mask, &corners);
    mask
}

/// The product of two masks.
pub(super) fn both(a: &Mask, b: &Mask) -> Mask {
    Mask::from_fn(a.width(), a.height(), |x, y| a.row(y)[x] * b.row(y)[x])
}

/// What of the first mask the second leaves free.
pub(super) fn without(a: &Mask, b: &Mask) -> Mask {
    Mask::from_fn(a.width(), a.height(), |x, y| {
        a.row(y)[x] * (1.0 - b.row(y)[x])
    })
}

/// The larger of two masks.
pub(super) fn either(a: &Mask, b: &Mask) -> Mask {
    Mask::from_fn(a.width(), a.height(), |x, y| a.row(y)[x].max(b.row(y)[x]))
}

/// The mask moved right and down by whole pixels.
pub(super) fn shifted(mask: &Mask, right: f32, down: f32) -> Mask {
    let (right, down) = (right as isize, down as isize);
    Mask::from_fn(mask.width(), mask.height(), |x, y| {
        mask.at_clamped(x as isize - right, y as isize - down)
    })
}

/// A colour by lightness, hue (in radians) and distance from grey.
pub(super) fn polar(lightness: f32, hue: f32, chroma: f32) -> Rgb {
    from_lab([lightness, hue.cos() * chroma, hue.sin() * chroma])
}

/// The value below which a share of the numbers lies.
pub(super) fn percentile(values: &mut [f32], share: f32) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let index = (share * (values.len() - 1) as f32).round() as usize;
    *values.select_nth_unstable_by(index, f32::total_cmp).1
}
