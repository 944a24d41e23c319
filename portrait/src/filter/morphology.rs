//! Growing, closing and cleaning masks, and the holes in them.

use super::{Pieces, distance_to, gaussian_mask};
use crate::Mask;
use crate::colour::smoothstep;

/// What is above a half grown by so many pixels, or shrunk where negative; with an edge a pixel wide.
pub(crate) fn grow(mask: &Mask, by: f32) -> Mask {
    if by >= 0.0 {
        distance_to(mask, |value| value > 0.5).map(|d| (by + 0.5 - d).clamp(0.0, 1.0))
    } else {
        distance_to(mask, |value| value <= 0.5).map(|d| (d + by + 0.5).clamp(0.0, 1.0))
    }
}

/// The mask with dark places narrower than a square of `2 * radius + 1` pixels filled up: a grey closing.
pub(crate) fn close(mask: &Mask, radius: usize) -> Mask {
    let highest = extreme(mask, radius, f32::max);
    extreme(&highest, radius, f32::min)
}

fn extreme(mask: &Mask, radius: usize, pick: fn(f32, f32) -> f32) -> Mask {
    let (width, height) = (mask.width(), mask.height());
    let reach = radius as isize;
    let of_row = |line: &[f32], at: usize| {
        let (from, to) = (at.saturating_sub(radius), (at + radius).min(line.len() - 1));
        line[from..=to]
            .iter()
            .copied()
            .reduce(pick)
            .unwrap_or_default()
    };
    let across = Mask::from_fn(width, height, |x, y| of_row(mask.row(y), x));
    Mask::from_fn(width, height, |x, y| {
        (-reach..=reach)
            .map(|step| across.at_clamped(x as isize, y as isize + step))
            .reduce(pick)
            .unwrap_or_default()
    })
}

/// A mask as clean shapes: islands and holes narrower than `size` pixels are gone, edges are smooth and narrow.
pub(crate) fn clean(mask: &Mask, size: f32) -> Mask {
    let least = (size * size) as usize;
    let mut shapes = mask.map(|value| f32::from(u8::from(value > 0.5)));
    for is_hole in [false, true] {
        let wanted = |value: f32| (value > 0.5) != is_hole;
        let pieces = Pieces::find(&shapes, wanted);
        shapes.for_each_row(|y, row| {
            for (x, value) in row.iter_mut().enumerate() {
                let label = pieces.label(x, y);
                if label > 0 && pieces.size(label) < least {
                    *value = 1.0 - *value;
                }
            }
        });
    }
    gaussian_mask(&shapes, (size * 0.10).max(0.8)).map(|value| smoothstep(0.38, 0.62, value))
}

/// 1 where a mask's shapes enclose a gap of fewer pixels than `least_open`.
pub(crate) fn holes(mask: &Mask, least_open: usize) -> Mask {
    let (width, height) = (mask.width(), mask.height());
    let open = Pieces::find(mask, |value| value < 0.5);
    let at_border = open.touching(|x, y| x == 0 || y == 0 || x + 1 == width || y + 1 == height);
    Mask::from_fn(width, height, |x, y| {
        let label = open.label(x, y);
        let is_hole = label > 0 && !at_border[label as usize] && open.size(label) < least_open;
        f32::from(u8::from(is_hole))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(from: usize, to: usize) -> Mask {
        Mask::from_fn(60, 60, |x, y| {
            f32::from(u8::from((from..to).contains(&x) && (from..to).contains(&y)))
        })
    }

    #[test]
    fn small_gaps_inside_are_holes_and_bays_are_not() {
        let ring = Mask::from_fn(60, 60, |x, y| {
            let is_gap = (25..30).contains(&x) && (25..30).contains(&y);
            let is_bay = x < 20 && (35..38).contains(&y);
            square(10, 50).row(y)[x] * f32::from(u8::from(!is_gap && !is_bay))
        });
        let filled = holes(&ring, 30);
        assert_eq!(filled.pixels().iter().sum::<f32>(), 25.0);
        assert_eq!(filled.row(27)[27], 1.0);
        assert_eq!(holes(&ring, 20).pixels().iter().sum::<f32>(), 0.0);
    }

    #[test]
    fn grown_and_shrunk_squares_have_their_sides() {
        let width = |mask: &Mask| mask.row(30).iter().sum::<f32>();
        let mask = square(20, 40);
        assert!((width(&grow(&mask, 4.0)) - 28.0).abs() < 1.1);
        assert!((width(&grow(&mask, -4.0)) - 12.0).abs() < 1.1);
    }

    #[test]
    fn closing_fills_a_dark_line_and_leaves_a_wide_gap() {
        let mask = Mask::from_fn(60, 60, |x, _| {
            f32::from(u8::from(x != 20 && !(35..50).contains(&x)))
        });
        let closed = close(&mask, 3);
        assert_eq!(closed.row(30)[20], 1.0);
        assert_eq!(closed.row(30)[42], 0.0);
    }

    #[test]
    fn cleaning_drops_specks_and_pinholes() {
        let mut mask = square(10, 50);
        mask.pixels_mut()[30 * 60 + 30] = 0.0;
        mask.pixels_mut()[3 * 60 + 3] = 1.0;
        let cleaned = clean(&mask, 5.0);
        assert!(cleaned.row(30)[30] > 0.99 && cleaned.row(3)[3] < 0.01);
        assert!(cleaned.row(30)[20] > 0.99);
    }
}
