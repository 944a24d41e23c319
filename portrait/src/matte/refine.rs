//! Carries the rough matte to the photo's size, its edge laid along the photo's own edges.

use crate::filter::{guided_filter, luma_mask, resize_mask};
use crate::{Mask, RgbRaster};

/// Radius of the guided filter as a share of the photo's width: how far off the rough edge may be.
const RADIUS_SHARE: usize = 160;
const MIN_RADIUS: usize = 4;
/// Variance of luma under which an area has no edge worth following.
const EPSILON: f32 = 1e-4;
/// What the filter leaves below and above these is noise of its own.
const BLACK: f32 = 0.1;
const WHITE: f32 = 0.9;

/// The matte at the photo's size.
pub(super) fn sharpen(coarse: &Mask, photo: &RgbRaster) -> Mask {
    let coarse = resize_mask(coarse, photo.width(), photo.height());
    let radius = (photo.width() / RADIUS_SHARE).max(MIN_RADIUS);
    guided_filter(&luma_mask(photo), &coarse, radius, EPSILON)
        .map(|value| ((value - BLACK) / (WHITE - BLACK)).clamp(0.0, 1.0))
}
