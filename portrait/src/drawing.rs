//! Outlines filled into masks, with soft edges a pixel wide.

use crate::Mask;
use tiny_skia::{FillRule, Mask as Coverage, PathBuilder, Transform};

/// The inside of a closed polygon, in pixels of a mask of this size; nothing where it lies outside.
pub(crate) fn fill_polygon(width: usize, height: usize, corners: &[[f32; 2]]) -> Mask {
    let mut mask = Mask::filled(width, height, 0.0);
    add_polygon(&mut mask, corners);
    mask
}

/// Fills a polygon into a mask that may hold others: the larger value stays.
pub(crate) fn add_polygon(mask: &mut Mask, corners: &[[f32; 2]]) {
    let Some(bounds) = pixel_bounds(mask, corners) else {
        return;
    };
    let [left, top, right, bottom] = bounds;
    let mut path = PathBuilder::new();
    for (index, [x, y]) in corners.iter().enumerate() {
        // Pixel centres are whole numbers here and halves there.
        let (x, y) = (x + 0.5 - left as f32, y + 0.5 - top as f32);
        if index == 0 {
            path.move_to(x, y);
        } else {
            path.line_to(x, y);
        }
    }
    path.close();
    let size = Coverage::new((right - left) as u32, (bottom - top) as u32);
    let (Some(path), Some(mut coverage)) = (path.finish(), size) else {
        return;
    };
    coverage.fill_path(&path, FillRule::Winding, true, Transform::identity());
    let width = right - left;
    for (row, values) in coverage.data().chunks_exact(width).enumerate() {
        let start = (top + row) * mask.width() + left;
        let target = &mut mask.pixels_mut()[start..start + width];
        for (value, &covered) in target.iter_mut().zip(values) {
            *value = value.max(f32::from(covered) / 255.0);
        }
    }
}

/// A polygon grown or shrunk about its own middle.
pub(crate) fn grow(corners: &[[f32; 2]], by: f32) -> Vec<[f32; 2]> {
    let centre = middle(corners);
    corners
        .iter()
        .map(|corner| [0, 1].map(|axis| centre[axis] + (corner[axis] - centre[axis]) * (1.0 + by)))
        .collect()
}

/// The mean of some points.
pub(crate) fn middle(points: &[[f32; 2]]) -> [f32; 2] {
    let count = points.len().max(1) as f32;
    [0, 1].map(|axis| points.iter().map(|point| point[axis]).sum::<f32>() / count)
}

/// Left, top, right and bottom of the pixels that a polygon may touch.
fn pixel_bounds(mask: &Mask, corners: &[[f32; 2]]) -> Option<[usize; 4]> {
    let (mut low, mut high) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
    for corner in corners {
        for axis in 0..2 {
            if !corner[axis].is_finite() {
                return None;
            }
            low[axis] = low[axis].min(corner[axis]);
            high[axis] = high[axis].max(corner[axis]);
        }
    }
    let sides = [mask.width(), mask.height()];
    let [left, top] = [0, 1].map(|axis| (low[axis] - 1.0).max(0.0) as usize);
    let [right, bottom] =
        [0, 1].map(|axis| ((high[axis] + 2.0).max(0.0) as usize).min(sides[axis]));
    (left < right && top < bottom).then_some([left, top, right, bottom])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_covers_its_pixels_and_cuts_those_on_its_edge() {
        let square = [[2.0, 2.0], [6.5, 2.0], [6.5, 5.0], [2.0, 5.0]];
        let mask = fill_polygon(12, 10, &square);
        assert!((mask.row(3)[4] - 1.0).abs() < 0.01);
        assert!((mask.row(3)[2] - 0.5).abs() < 0.02, "{}", mask.row(3)[2]);
        assert!(mask.row(3)[7] < 0.01 && mask.row(7)[4] < 0.01);
        let area: f32 = mask.pixels().iter().sum();
        assert!((area - 13.5).abs() < 0.2, "{area}");
    }

    #[test]
    fn what_lies_outside_or_nowhere_draws_nothing() {
        for corners in [
            vec![[-9.0, -9.0], [-5.0, -9.0], [-5.0, -5.0]],
            vec![[f32::NAN, 1.0], [2.0, 2.0], [3.0, 1.0]],
            vec![],
        ] {
            let mask = fill_polygon(8, 8, &corners);
            assert!(
                mask.pixels().iter().all(|&value| value == 0.0),
                "{corners:?}"
            );
        }
    }
}
