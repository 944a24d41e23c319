//! The people's own colours at their edges, where the photo shows a mixture with the background.
//!
//! Blur fusion: Forte and Pitié, "Approximate Fast Foreground Colour Estimation" (2021), two passes,
//! the blurred colours at reduced size, the mixture solved at full size.

use crate::filter::{box_blur, resize_mask, resize_rgb};
use crate::{Mask, Raster, Rgb, RgbRaster};

/// How much smaller the photo is in the first pass, which looks far, and in the second, which looks near.
const FAR_SCALE: usize = 4;
const NEAR_SCALE: usize = 2;
/// How far the passes look, as a share of the photo's long side.
const FAR_SHARE: usize = 16;
const NEAR_SHARE: usize = 320;
/// Keeps a colour where nothing of it is near.
const TRACE: f32 = 1e-5;

/// Colours of people and of background, each going on beyond its own edge.
struct Layers {
    people: RgbRaster,
    background: RgbRaster,
}

/// The people's colours, the size of the photo.
pub(crate) fn estimate(photo: &RgbRaster, alpha: &Mask) -> RgbRaster {
    let long_side = photo.width().max(photo.height());
    let (near, near_alpha) = shrink(photo, alpha, NEAR_SCALE);
    let (far, far_alpha) = shrink(&near, &near_alpha, FAR_SCALE / NEAR_SCALE);
    let radius = (long_side / FAR_SHARE / FAR_SCALE).max(1);
    let smooth = spread(&far, &far, &far_alpha, radius);
    let far_people = solve(&far, &far_alpha, &smooth);

    let people = resize_rgb(&far_people, near.width(), near.height());
    let background = resize_rgb(&smooth.background, near.width(), near.height());
    let radius = (long_side / NEAR_SHARE / NEAR_SCALE).max(1);
    let smooth = spread(&people, &background, &near_alpha, radius);
    solve(photo, alpha, &smooth)
}

fn shrink(photo: &RgbRaster, alpha: &Mask, scale: usize) -> (RgbRaster, Mask) {
    let (width, height) = (
        photo.width().div_ceil(scale),
        photo.height().div_ceil(scale),
    );
    (
        resize_rgb(photo, width, height),
        resize_mask(alpha, width, height),
    )
}

/// Blurs each layer with its own share as weight, so that neither takes colour from the other. The
/// share is squared: a pixel that is half the other layer says little about this one.
fn spread(people: &RgbRaster, background: &RgbRaster, alpha: &Mask, radius: usize) -> Layers {
    let blurred = |layer: &RgbRaster, share: &(dyn Fn(f32) -> f32 + Sync)| {
        let weighted = Raster::from_fn(layer.width(), layer.height(), |x, y| {
            let weight = share(alpha.row(y)[x]) + TRACE;
            let [red, green, blue] = layer.row(y)[x];
            [red * weight, green * weight, blue * weight, weight]
        });
        box_blur(&weighted, radius).map(|[red, green, blue, weight]| -> Rgb {
            [red, green, blue].map(|value| (value / weight).clamp(0.0, 1.0))
        })
    };
    Layers {
        people: blurred(people, &|alpha| alpha * alpha),
        background: blurred(background, &|alpha| (1.0 - alpha) * (1.0 - alpha)),
    }
}

/// The people's colour that, mixed with the background by alpha, gives the photo's, as near as may
/// be to the people's colours around it. The layers may be smaller than the photo.
fn solve(photo: &RgbRaster, alpha: &Mask, smooth: &Layers) -> RgbRaster {
    let (width, height) = (photo.width(), photo.height());
    let across = smooth.people.width() as f32 / width as f32;
    let down = smooth.people.height() as f32 / height as f32;
    RgbRaster::from_fn(width, height, |x, y| {
        let (alpha, mixture) = (alpha.row(y)[x], photo.row(y)[x]);
        if alpha >= 1.0 {
            return mixture;
        }
        let (x, y) = (
            (x as f32 + 0.5) * across - 0.5,
            (y as f32 + 0.5) * down - 0.5,
        );
        let people = smooth.people.sample(x, y);
        if alpha <= 0.0 {
            return people;
        }
        let background = smooth.background.sample(x, y);
        std::array::from_fn(|channel| {
            let expected = people[channel] * alpha + background[channel] * (1.0 - alpha);
            (people[channel] + alpha * (mixture[channel] - expected)).clamp(0.0, 1.0)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_soft_edge_loses_the_background_colour() {
        let (red, green) = ([0.8, 0.2, 0.1], [0.1, 0.7, 0.2]);
        let alpha = Mask::from_fn(256, 256, |x, _| ((x as f32 - 124.0) / 8.0).clamp(0.0, 1.0));
        let photo = RgbRaster::from_fn(256, 256, |x, y| {
            let alpha = alpha.row(y)[x];
            std::array::from_fn(|channel| red[channel] * alpha + green[channel] * (1.0 - alpha))
        });
        let people = estimate(&photo, &alpha);
        for x in [121, 126, 128, 130, 200] {
            let colour = people.row(128)[x];
            let off = (0..3)
                .map(|c| (colour[c] - red[c]).abs())
                .fold(0.0, f32::max);
            assert!(off < 0.08, "at {x}: {colour:?}");
        }
    }
}
