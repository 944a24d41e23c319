//! Whole-raster arithmetic that several steps need: resizing, blurring, edge-aware smoothing, luma.

mod blur;
mod guided;
mod guided_colour;
mod resize;

pub(crate) use blur::{box_blur, box_blur_mask, box_blur_rgb};
pub(crate) use guided::guided_filter;
pub(crate) use guided_colour::colour_guided_filter;
pub(crate) use resize::{
    Region, convolve, fit_long_side, resize_change, resize_mask, resize_mask_region, resize_rgb,
    resize_rgb_region, whole,
};

use crate::colour::luma;
use crate::{Mask, RgbRaster};

/// How light each pixel looks.
pub(crate) fn luma_mask(picture: &RgbRaster) -> Mask {
    picture.map(luma)
}
