//! The guests cut out of the photo and brought to the portrait's size and place.

use super::extent::Extent;
use super::placement::Placement;
use crate::colour::smoothstep;
use crate::filter::{resize_mask_region, resize_rgb_region};
use crate::{Mask, PortraitSize, Raster, RgbRaster};

/// How much of the portrait's width a guest fades out over where the photo's edge would show.
const CUT_FADE: f32 = 0.06;

/// Guests alone, at the portrait's full size; colours outside the photo are black with alpha 0.
pub(super) struct Layer {
    pub picture: RgbRaster,
    pub alpha: Mask,
}

/// The part of one axis on which photo and portrait overlap.
struct Span {
    /// First portrait pixel and how many.
    start: usize,
    length: usize,
    /// The same stretch in photo pixels.
    source_start: f64,
    source_length: f64,
}

impl Layer {
    /// Cuts and scales in one go; only what the portrait shows of the photo is ever enlarged.
    pub(super) fn cut(
        foreground: &RgbRaster,
        alpha: &Mask,
        placement: &Placement,
        extent: &Extent,
        size: PortraitSize,
    ) -> Self {
        let across = overlap(
            placement.left,
            placement.scale,
            foreground.width(),
            size.width(),
        );
        let down = overlap(
            placement.top,
            placement.scale,
            foreground.height(),
            size.height(),
        );
        let region = [
            across.source_start,
            down.source_start,
            across.source_length,
            down.source_length,
        ];
        let colours = resize_rgb_region(foreground, region, across.length, down.length);
        let coverage = resize_mask_region(alpha, region, across.length, down.length);
        let mut layer = Self {
            picture: paste(&colours, across.start, down.start, size, [0.0; 3]),
            alpha: paste(&coverage, across.start, down.start, size, 0.0),
        };
        layer.fade_cut_edges(placement, extent, foreground.width() as f32);
        layer
    }

    /// Where the layout could not move a cut edge out of the portrait, the guest fades instead of ending.
    fn fade_cut_edges(&mut self, placement: &Placement, extent: &Extent, photo_width: f32) {
        let left = placement.left;
        let right = placement.left + photo_width * placement.scale;
        let width = self.alpha.width() as f32;
        let fade_left = extent.cut_left && left > 0.5;
        let fade_right = extent.cut_right && right < width - 0.5;
        let fade_top = extent.cut_top && placement.top > 0.5;
        if !fade_left && !fade_right && !fade_top {
            return;
        }
        let top = placement.top;
        self.alpha.for_each_row(|y, row| {
            let from_top = if fade_top {
                smoothstep(top, top + width * CUT_FADE, y as f32)
            } else {
                1.0
            };
            for (x, alpha) in row.iter_mut().enumerate() {
                let x = x as f32;
                *alpha *= from_top;
                if fade_left {
                    *alpha *= smoothstep(left, left + width * CUT_FADE, x);
                }
                if fade_right {
                    *alpha *= 1.0 - smoothstep(right - width * CUT_FADE, right, x);
                }
            }
        });
    }
}

fn overlap(offset: f32, scale: f32, source_size: usize, target_size: usize) -> Span {
    let end = (offset + source_size as f32 * scale).min(target_size as f32);
    let start = offset.max(0.0).ceil().min(target_size as f32 - 1.0);
    let length = (end.floor() - start).max(1.0);
    let source_start = f64::from((start - offset) / scale).max(0.0);
    let source_length = f64::from(length / scale).min(source_size as f64 - source_start);
    Span {
        start: start as usize,
        length: length as usize,
        source_start,
        source_length,
    }
}

fn paste<T: Copy + Send + Sync>(
    piece: &Raster<T>,
    left: usize,
    top: usize,
    size: PortraitSize,
    empty: T,
) -> Raster<T> {
    let mut whole = Raster::filled(size.width(), size.height(), empty);
    whole.for_each_row(|y, row| {
        if (top..top + piece.height()).contains(&y) {
            row[left..left + piece.width()].copy_from_slice(piece.row(y - top));
        }
    });
    whole
}
