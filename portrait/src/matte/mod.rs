//! Cuts the people out of the photo: how much of each pixel is a person, and in which colour.

mod coverage;
mod foreground;
mod pieces;
mod refine;

use crate::faces::Face;
use crate::models::Segmenter;
use crate::{Mask, RgbRaster};

/// People without their background, as large as the photo.
#[derive(Clone, Debug)]
pub(crate) struct Cutout {
    /// 1 inside people, 0 outside, between on hair and edges.
    pub alpha: Mask,
    /// The people's own colours, free of the background that shone through at their edges. Where
    /// alpha is 0 the people's colours go on for a little way, so that the cutout can be resized.
    pub foreground: RgbRaster,
}

/// Cuts out everyone whose face was found.
///
/// # Errors
/// When the network fails.
pub(crate) fn cut_out(
    segmenter: &Segmenter,
    photo: &RgbRaster,
    faces: &[Face],
) -> ort::Result<Cutout> {
    let mut rough = coverage::segment(segmenter, photo, faces)?;
    pieces::remove_strangers(&mut rough, photo, faces);
    pieces::fill_holes(&mut rough);
    let alpha = refine::sharpen(&rough, photo);
    let foreground = foreground::estimate(photo, &alpha);
    Ok(Cutout { alpha, foreground })
}

#[cfg(test)]
mod tests;
