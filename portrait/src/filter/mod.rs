//! Whole-raster arithmetic that several steps need: resizing, blurring, edge-aware smoothing, luma.

mod blur;
mod distance;
mod extrapolate;
mod flow;
mod gaussian;
mod guided;
mod guided_colour;
mod kuwahara;
mod morphology;
mod pieces;
mod resize;
mod soft;

pub(crate) use blur::{box_blur, box_blur_mask, box_blur_rgb};
pub(crate) use distance::distance_to;
pub(crate) use extrapolate::{Extrapolated, extrapolate};
pub(crate) use flow::{Flow, Lines, Reach};
pub(crate) use gaussian::{gaussian, gaussian_mask};
pub(crate) use guided::guided_filter;
pub(crate) use guided_colour::{ColourGuide, colour_guided_filter};
pub(crate) use kuwahara::kuwahara;
pub(crate) use morphology::{clean, close, grow, holes};
pub(crate) use pieces::Pieces;
pub(crate) use resize::{
    Region, convolve, fit_long_side, resize_change, resize_mask, resize_mask_region, resize_photo,
    resize_photo_region, resize_rgb, resize_rgb_region, whole, whole_of,
};
pub(crate) use soft::{SOFT_SCALE, soft, soft_radius};

use crate::colour::luma;
use crate::{Mask, RgbRaster};

/// How light each pixel looks.
pub(crate) fn luma_mask(picture: &RgbRaster) -> Mask {
    picture.map(luma)
}
