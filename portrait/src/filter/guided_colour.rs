//! The guided filter with a colour guide, which also sees edges between colours that are equally light.

use super::blur::box_blur;
use super::resize::{resize_mask, resize_rgb};
use crate::{Mask, Raster, Rgb, RgbRaster};

/// Long side from which the filter works on a smaller picture.
const WORKING_SIDE: usize = 1100;

/// Sums over a window: colour, colour times colour (upper triangle), value, colour times value.
type Moments = [f32; 13];
/// Per-pixel straight line: value = slope of red, green and blue times the colour, plus an offset.
type Line = [f32; 4];

/// Smooths `input`, of any size, so that at the guide's size its edges lie where the guide has edges.
///
/// In every square of `2 * radius + 1` pixels of the guide the result is a straight-line function of
/// colour. `epsilon` is the variance of colour (of values 0 to 1) below which an area counts as flat.
/// The lines are fitted on a smaller picture where the guide is large, and applied to the guide
/// itself. The result may leave 0 to 1 slightly.
///
/// He, Sun, Tang: "Guided Image Filtering" (2010); He, Sun: "Fast Guided Filter" (2015).
pub(crate) fn colour_guided_filter(
    guide: &RgbRaster,
    input: &Mask,
    radius: usize,
    epsilon: f32,
) -> Mask {
    let (width, height) = (guide.width(), guide.height());
    let scale = width.max(height).div_ceil(WORKING_SIDE);
    let (small_width, small_height) = (width.div_ceil(scale), height.div_ceil(scale));
    let input = resize_mask(input, small_width, small_height);
    let radius = (radius / scale).max(1);
    let lines = if scale == 1 {
        fit_lines(guide, &input, radius, epsilon)
    } else {
        fit_lines(
            &resize_rgb(guide, small_width, small_height),
            &input,
            radius,
            epsilon,
        )
    };
    let (across, down) = (
        small_width as f32 / width as f32,
        small_height as f32 / height as f32,
    );
    Mask::from_fn(width, height, |x, y| {
        let (line_x, line_y) = (
            (x as f32 + 0.5) * across - 0.5,
            (y as f32 + 0.5) * down - 0.5,
        );
        let [red_slope, green_slope, blue_slope, offset] = lines.sample(line_x, line_y);
        let [red, green, blue] = guide.row(y)[x];
        red * red_slope + green * green_slope + blue * blue_slope + offset
    })
}

fn fit_lines(guide: &RgbRaster, input: &Mask, radius: usize, epsilon: f32) -> Raster<Line> {
    let moments = Raster::from_fn(guide.width(), guide.height(), |x, y| {
        moments(guide.row(y)[x], input.row(y)[x])
    });
    let lines = box_blur(&moments, radius).map(|moments| fit_line(&moments, epsilon));
    box_blur(&lines, radius)
}

fn moments([r, g, b]: Rgb, value: f32) -> Moments {
    [
        r,
        g,
        b,
        r * r,
        r * g,
        r * b,
        g * g,
        g * b,
        b * b,
        value,
        r * value,
        g * value,
        b * value,
    ]
}

/// Solves (covariance + epsilon) x slope = covariance with the value, by the matrix's cofactors.
fn fit_line(&[r, g, b, rr, rg, rb, gg, gb, bb, value, rv, gv, bv]: &Moments, epsilon: f32) -> Line {
    let (rr, gg, bb) = (
        rr - r * r + epsilon,
        gg - g * g + epsilon,
        bb - b * b + epsilon,
    );
    let (rg, rb, gb) = (rg - r * g, rb - r * b, gb - g * b);
    let (rv, gv, bv) = (rv - r * value, gv - g * value, bv - b * value);
    let (c_rr, c_rg, c_rb) = (gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg);
    let (c_gg, c_gb, c_bb) = (rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg);
    // Rounding can make a flat area's determinant vanish, though epsilon keeps the true one positive.
    let determinant = (rr * c_rr + rg * c_rg + rb * c_rb).max(epsilon * epsilon * epsilon);
    let slopes = [
        (c_rr * rv + c_rg * gv + c_rb * bv) / determinant,
        (c_rg * rv + c_gg * gv + c_gb * bv) / determinant,
        (c_rb * rv + c_gb * gv + c_bb * bv) / determinant,
    ];
    let offset = value - slopes[0] * r - slopes[1] * g - slopes[2] * b;
    [slopes[0], slopes[1], slopes[2], offset]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vague_edge_snaps_to_an_edge_of_colour_alone() {
        // Both colours are equally light.
        let (red, green): (Rgb, Rgb) = ([0.8, 0.2, 0.3], [0.2, 0.38, 0.3]);
        let guide = RgbRaster::from_fn(64, 64, |x, _| if x < 32 { green } else { red });
        let vague = Mask::from_fn(64, 64, |x, _| ((x as f32 - 22.0) / 20.0).clamp(0.0, 1.0));
        let sharp = colour_guided_filter(&guide, &vague, 10, 1e-4);
        let (before, after) = (sharp.row(32)[31], sharp.row(32)[32]);
        assert!(after - before > 0.4, "{before} to {after}");
        assert!(vague.row(32)[32] - vague.row(32)[31] < 0.1);
    }

    #[test]
    fn a_flat_guide_only_smooths() {
        let guide = RgbRaster::filled(64, 64, [0.5; 3]);
        let edge = Mask::from_fn(64, 64, |x, _| if x < 32 { 0.0 } else { 1.0 });
        let smooth = colour_guided_filter(&guide, &edge, 6, 1e-4);
        assert!((smooth.row(32)[32] - 0.5).abs() < 0.1);
        assert!(smooth.row(32)[26] > 0.01 && smooth.row(32)[16] < 1e-3);
    }

    #[test]
    fn a_large_guide_keeps_its_own_sharp_edge() {
        let guide = RgbRaster::from_fn(2400, 40, |x, _| [if x < 1201 { 0.3 } else { 0.7 }; 3]);
        let rough = Mask::from_fn(240, 4, |x, _| if x < 120 { 0.0 } else { 1.0 });
        let sharp = colour_guided_filter(&guide, &rough, 45, 1e-4);
        let (before, after) = (sharp.row(20)[1200], sharp.row(20)[1201]);
        assert!(before < 0.15 && after > 0.85, "{before} to {after}");
    }
}
