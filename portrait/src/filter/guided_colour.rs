//! The guided filter with a colour guide, which also sees edges between colours that are equally light.

use super::blur::box_blur;
use super::resize::{resize_mask, resize_rgb};
use crate::{Mask, Raster, Rgb, RgbRaster};

/// Long side from which the filter works on a smaller picture.
const WORKING_SIDE: usize = 1100;

/// Lines fitted over windows of this radius on a smaller picture are as good as those over larger ones on a large one.
const LINE_RADIUS: usize = 5;

/// Means and products of a guide's colours over a window: colour, then red times red, green and blue, green
/// times green and blue, blue times blue.
type Moments = [f32; 9];
/// Mean colour over a window and the inverse of the colours' covariance, in the same order.
type Whitening = [f32; 9];
/// Per-pixel straight line: value = slope of red, green and blue times the colour, plus an offset.
type Line = [f32; 4];

/// A picture whose edges masks are to follow; ready for any number of masks.
///
/// In every square of `2 * radius + 1` pixels of the picture a filtered mask is a straight-line function of
/// colour. The lines are fitted on a smaller picture where the picture or the radius is large, and applied to
/// the picture itself.
///
/// He, Sun, Tang: "Guided Image Filtering" (2010); He, Sun: "Fast Guided Filter" (2015).
pub(crate) struct ColourGuide<'a> {
    picture: &'a RgbRaster,
    /// The smaller picture, where there is one.
    small: Option<RgbRaster>,
    radius: usize,
    whitening: Raster<Whitening>,
}

impl<'a> ColourGuide<'a> {
    /// `epsilon` is the variance of colour (of values 0 to 1) below which an area counts as flat.
    pub(crate) fn of(picture: &'a RgbRaster, radius: usize, epsilon: f32) -> Self {
        let (width, height) = (picture.width(), picture.height());
        let scale = width
            .max(height)
            .div_ceil(WORKING_SIDE)
            .max(radius.div_ceil(LINE_RADIUS));
        let small =
            (scale > 1).then(|| resize_rgb(picture, width.div_ceil(scale), height.div_ceil(scale)));
        let radius = (radius / scale).max(1);
        let moments = small.as_ref().unwrap_or(picture).map(moments);
        Self {
            whitening: box_blur(&moments, radius).map(|moments| whiten(&moments, epsilon)),
            picture,
            small,
            radius,
        }
    }

    /// Smooths a mask, of any size, so that at the picture's size its edges lie where the picture has edges. The
    /// result may leave 0 to 1 slightly.
    pub(crate) fn filter(&self, input: &Mask) -> Mask {
        let lines = self.fit_lines(input);
        let (width, height) = (self.picture.width(), self.picture.height());
        let (across, down) = (
            lines.width() as f32 / width as f32,
            lines.height() as f32 / height as f32,
        );
        Mask::from_fn(width, height, |x, y| {
            let line = if self.small.is_some() {
                let (line_x, line_y) = (
                    (x as f32 + 0.5) * across - 0.5,
                    (y as f32 + 0.5) * down - 0.5,
                );
                lines.sample(line_x, line_y)
            } else {
                lines.row(y)[x]
            };
            let [red_slope, green_slope, blue_slope, offset] = line;
            let [red, green, blue] = self.picture.row(y)[x];
            red * red_slope + green * green_slope + blue * blue_slope + offset
        })
    }

    fn fit_lines(&self, input: &Mask) -> Raster<Line> {
        let guide = self.small.as_ref().unwrap_or(self.picture);
        let (width, height) = (guide.width(), guide.height());
        let resized;
        let input = if (input.width(), input.height()) == (width, height) {
            input
        } else {
            resized = resize_mask(input, width, height);
            &resized
        };
        let products = Raster::from_fn(width, height, |x, y| {
            let value = input.row(y)[x];
            let [red, green, blue] = guide.row(y)[x];
            [value, red * value, green * value, blue * value]
        });
        let products = box_blur(&products, self.radius);
        let lines = Raster::from_fn(width, height, |x, y| {
            fit_line(&self.whitening.row(y)[x], products.row(y)[x])
        });
        box_blur(&lines, self.radius)
    }
}

/// [`ColourGuide::filter`] for one mask.
pub(crate) fn colour_guided_filter(
    guide: &RgbRaster,
    input: &Mask,
    radius: usize,
    epsilon: f32,
) -> Mask {
    ColourGuide::of(guide, radius, epsilon).filter(input)
}

fn moments([r, g, b]: Rgb) -> Moments {
    [r, g, b, r * r, r * g, r * b, g * g, g * b, b * b]
}

/// Inverts covariance + epsilon by the matrix's cofactors, in double precision: between black and white the
/// determinant is the small difference of large products.
fn whiten(moments: &Moments, epsilon: f32) -> Whitening {
    let [r, g, b, rr, rg, rb, gg, gb, bb] = moments.map(f64::from);
    let epsilon = f64::from(epsilon);
    let (rr, gg, bb) = (
        (rr - r * r).max(0.0) + epsilon,
        (gg - g * g).max(0.0) + epsilon,
        (bb - b * b).max(0.0) + epsilon,
    );
    let (rg, rb, gb) = (rg - r * g, rb - r * b, gb - g * b);
    let (c_rr, c_rg, c_rb) = (gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg);
    let (c_gg, c_gb, c_bb) = (rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg);
    // The means are rounded, too: epsilon keeps the true determinant positive.
    let determinant = (rr * c_rr + rg * c_rg + rb * c_rb).max(epsilon * epsilon * epsilon);
    let [c_rr, c_rg, c_rb, c_gg, c_gb, c_bb] =
        [c_rr, c_rg, c_rb, c_gg, c_gb, c_bb].map(|cofactor| (cofactor / determinant) as f32);
    let [r, g, b, ..] = *moments;
    [r, g, b, c_rr, c_rg, c_rb, c_gg, c_gb, c_bb]
}

/// The slopes are the inverse covariance times the colour's covariance with the value.
fn fit_line(
    &[r, g, b, i_rr, i_rg, i_rb, i_gg, i_gb, i_bb]: &Whitening,
    products: [f32; 4],
) -> Line {
    let [value, rv, gv, bv] = products;
    let (rv, gv, bv) = (rv - r * value, gv - g * value, bv - b * value);
    let slopes = [
        i_rr * rv + i_rg * gv + i_rb * bv,
        i_rg * rv + i_gg * gv + i_gb * bv,
        i_rb * rv + i_gb * gv + i_bb * bv,
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
    fn black_and_white_nearly_without_colour_do_not_break_the_line() {
        // Colours on one line but for noise far below epsilon's root: single precision loses the determinant.
        let noise = |x: usize, y: usize| ((x * 7 + y * 13) % 5) as f32 * 1e-4;
        let guide = RgbRaster::from_fn(96, 96, |x, y| {
            let light = if x + y < 96 { 0.06 } else { 0.97 };
            [light, light + noise(x, y), light - noise(y, x)]
        });
        let edge = Mask::from_fn(96, 96, |x, y| f32::from(u8::from(x + y < 90)));
        let filtered = colour_guided_filter(&guide, &edge, 4, 1e-5);
        let beyond = |value: &&f32| !(-0.1..=1.1).contains(*value);
        assert_eq!(filtered.pixels().iter().filter(beyond).count(), 0);
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
