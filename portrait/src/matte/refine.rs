//! Carries the rough matte to the photo's size, its edge laid along the photo's own edges.

use crate::filter::colour_guided_filter;
use crate::{Mask, RgbRaster};

/// Radius of the guided filter as a share of the photo's long side: about how far off the network's
/// edge may be, and how far hair reaches beyond it.
const RADIUS_SHARE: usize = 150;
const MIN_RADIUS: usize = 4;
/// Variance of colour under which an area has no edge worth following.
const EPSILON: f32 = 1e-4;
/// What the filter leaves below and above these is noise of its own. Uneven on purpose: a matte a
/// little too narrow looks clean on any backdrop, one a little too wide has a halo.
const BLACK: f32 = 0.18;
const WHITE: f32 = 0.92;

/// The matte at the photo's size.
pub(super) fn sharpen(rough: &Mask, photo: &RgbRaster) -> Mask {
    let radius = (photo.width().max(photo.height()) / RADIUS_SHARE).max(MIN_RADIUS);
    colour_guided_filter(photo, rough, radius, EPSILON)
        .map(|value| ((value - BLACK) / (WHITE - BLACK)).clamp(0.0, 1.0))
}
