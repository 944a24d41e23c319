//! The part of a portrait that the cel network redraws, and how large it draws it.

use crate::{Mask, Window};

/// Sides of a drawing are multiples of this, so that a GPU meets few sizes.
pub(super) const STEP: usize = 32;
/// Shortest side of a drawing.
pub(super) const SHORTEST: usize = 64;
/// Larger drawings cost seconds.
const MOST_PIXELS: f32 = 300.0 * 300.0;
/// The network enlarges four times: more than twice the portrait's own pixels would be lost again.
const MOST_SCALE: f32 = 0.5;
/// How much of the surroundings the network sees, in pixels of the drawing.
const MARGIN: f32 = 8.0;
/// Pixels that are less covered stay as they are.
pub(super) const LEAST_COVER: f32 = 0.01;

/// A part of the portrait and the size of its drawing before the network enlarges it.
pub(super) struct Region {
    pub window: Window,
    pub width: usize,
    pub height: usize,
}

impl Region {
    /// Around everything that `mask` covers, such that a face of `face_height` portrait pixels has `face_pixels` of the
    /// drawing, fewer where that would be too large. `None` where nothing is covered.
    pub(super) fn around(mask: &Mask, face_height: f32, face_pixels: f32) -> Option<Self> {
        let [columns, rows] = bounds(mask)?;
        let area = (columns[1] - columns[0]) as f32 * (rows[1] - rows[0]) as f32;
        let scale = (face_pixels / face_height.max(1.0))
            .min((MOST_PIXELS / area).sqrt())
            .min(MOST_SCALE);
        let (left, across, width) = fit(columns, mask.width(), scale);
        let (top, down, height) = fit(rows, mask.height(), scale);
        Some(Self {
            window: Window {
                left,
                top,
                width: across,
                height: down,
            },
            width,
            height,
        })
    }
}

/// Along one axis: where the window begins, how long it is, and the drawing's side.
fn fit([from, to]: [usize; 2], full: usize, scale: f32) -> (usize, usize, usize) {
    let wanted = (to - from) as f32 * scale + 2.0 * MARGIN;
    let most = ((full as f32 * scale / STEP as f32).ceil() as usize).max(1) * STEP;
    let side = ((wanted / STEP as f32).ceil() as usize * STEP)
        .min(most)
        .max(SHORTEST);
    let length = ((side as f32 / scale).round() as usize).min(full);
    let start = ((from + to) / 2).saturating_sub(length / 2);
    (start.min(full - length), length, side)
}

/// First and last column, and row, that a mask covers; ends lie behind the last.
fn bounds(mask: &Mask) -> Option<[[usize; 2]; 2]> {
    let (mut columns, mut rows) = ([usize::MAX, 0], [usize::MAX, 0]);
    for y in 0..mask.height() {
        let row = mask.row(y);
        let is_covered = |value: &f32| *value >= LEAST_COVER;
        let (Some(first), Some(last)) = (
            row.iter().position(is_covered),
            row.iter().rposition(is_covered),
        ) else {
            continue;
        };
        columns = [columns[0].min(first), columns[1].max(last + 1)];
        rows = [rows[0].min(y), y + 1];
    }
    (rows[1] > 0).then_some([columns, rows])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(left: usize, top: usize, width: usize, height: usize) -> Region {
        let mask = Mask::from_fn(2400, 3200, |x, y| {
            let is_inside = (left..left + width).contains(&x) && (top..top + height).contains(&y);
            f32::from(u8::from(is_inside))
        });
        Region::around(&mask, 700.0, 60.0).unwrap()
    }

    #[test]
    fn it_holds_what_is_covered_at_the_drawings_scale() {
        let corners = [
            (900, 600, 800, 1000),
            (0, 0, 300, 200),
            (2300, 3100, 100, 100),
        ];
        for (left, top, width, height) in corners {
            let region = around(left, top, width, height);
            let window = region.window;
            assert!(window.left <= left && window.left + window.width >= left + width);
            assert!(window.top <= top && window.top + window.height >= top + height);
            assert!(window.left + window.width <= 2400 && window.top + window.height <= 3200);
            let scales = [
                region.width as f32 / window.width as f32,
                region.height as f32 / window.height as f32,
            ];
            for scale in scales {
                assert!((scale - 60.0 / 700.0).abs() < 0.002, "{scales:?}");
            }
        }
    }

    #[test]
    fn the_whole_portrait_is_drawn_no_larger_than_the_network_is_fast() {
        let mask = Mask::filled(2400, 3200, 1.0);
        let region = Region::around(&mask, 100.0, 60.0).unwrap();
        assert!(region.width * region.height < 330 * 350);
        let window = region.window;
        assert_eq!(
            [window.left, window.top, window.width, window.height],
            [0, 0, 2400, 3200]
        );
    }

    #[test]
    fn nothing_covered_is_no_region() {
        assert!(Region::around(&Mask::filled(90, 120, 0.0), 20.0, 60.0).is_none());
    }
}
