//! The guided filter: smooths a mask and lets its edges follow those of a picture.

use super::blur::box_blur;
use crate::{Mask, Raster};

/// Smooths `input` so that its edges lie where `guide` has edges.
///
/// In every square of `2 * radius + 1` pixels the result is a straight-line function of the guide;
/// `epsilon` is the variance of the guide (of values 0 to 1) below which an area counts as flat.
/// He, Sun, Tang: "Guided Image Filtering" (2010). The result may leave 0 to 1 slightly.
pub(crate) fn guided_filter(guide: &Mask, input: &Mask, radius: usize, epsilon: f32) -> Mask {
    let (width, height) = (guide.width(), guide.height());
    let products = Raster::from_fn(width, height, |x, y| {
        let (light, value) = (guide.row(y)[x], input.row(y)[x]);
        [light, value, light * light, light * value]
    });
    let lines = box_blur(&products, radius).map(|[light, value, light_square, product]| {
        let variance = (light_square - light * light).max(0.0);
        let slope = (product - light * value) / (variance + epsilon);
        [slope, value - slope * light]
    });
    let lines = box_blur(&lines, radius);
    Mask::from_fn(width, height, |x, y| {
        let [slope, offset] = lines.row(y)[x];
        slope * guide.row(y)[x] + offset
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blurred_edge_snaps_to_the_guides_edge() {
        let guide = Mask::from_fn(64, 64, |x, _| if x < 32 { 0.2 } else { 0.8 });
        let vague = Mask::from_fn(64, 64, |x, _| ((x as f32 - 22.0) / 20.0).clamp(0.0, 1.0));
        let sharp = guided_filter(&guide, &vague, 10, 1e-4);
        let (before, after) = (sharp.row(32)[30], sharp.row(32)[33]);
        assert!(after - before > 0.4, "{before} to {after}");
        assert!(vague.row(32)[33] - vague.row(32)[30] < 0.2);
    }

    #[test]
    fn a_flat_guide_only_smooths() {
        let guide = Mask::filled(64, 64, 0.5);
        let edge = Mask::from_fn(64, 64, |x, _| if x < 32 { 0.0 } else { 1.0 });
        let smooth = guided_filter(&guide, &edge, 6, 1e-4);
        assert!((smooth.row(32)[32] - 0.5).abs() < 0.1);
        assert!(smooth.row(32)[26] > 0.01 && smooth.row(32)[16] < 1e-3);
    }
}
