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
const FAR_SHARE: usize = 24;
const NEAR_SHARE: usize = 320;
/// Keeps a colour where nothing of it is near.
const TRACE: f32 = 1e-5;

/// Colours of people and of background, each going on beyond its own edge.
struct Layers {
    people: RgbRaster,
    background: RgbRaster,
}

/// The people's colours, the size of the photo.
pub(super) fn estimate(photo: &RgbRaster, alpha: &Mask) -> RgbRaster {
    let long_side = photo.width().max(photo.height());
    let (far, far_alpha) = shrink(photo, alpha, FAR_SCALE);
    let radius = (long_side / FAR_SHARE / FAR_SCALE).max(1);
    let smooth = spread(&far, &far, &far_alpha, radius);
    let far_people = solve(&far, &far_alpha, &smooth);

    let (near, near_alpha) = shrink(photo, alpha, NEAR_SCALE);
    let people = resize_rgb(&far_people, near.width(), near.height());
    let background = resize_rgb(&smooth.background, near.width(), near.height());
    let radius = (long_side / NEAR_SHARE / NEAR_SCALE).max(1);
    let smooth = spread(&people, &background, &near_alpha, radius);
    let smooth = Layers {
        people: resize_rgb(&smooth.people, photo.width(), photo.height()),
        background: resize_rgb(&smooth.background, photo.width(), photo.height()),
    };
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

/// Blurs each layer with its own share as weight, so that neither takes colour from the other.
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
        people: blurred(people, &|alpha| alpha),
        background: blurred(background, &|alpha| 1.0 - alpha),
    }
}

/// The people's colour that, mixed with the background by alpha, gives the photo's, as near as may
/// be to the people's colours around it.
fn solve(photo: &RgbRaster, alpha: &Mask, smooth: &Layers) -> RgbRaster {
    RgbRaster::from_fn(photo.width(), photo.height(), |x, y| {
        let alpha = alpha.row(y)[x];
        let (people, background) = (smooth.people.row(y)[x], smooth.background.row(y)[x]);
        let mixture = photo.row(y)[x];
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
        let alpha = Mask::from_fn(256, 256, |x, _| ((x as f32 - 118.0) / 20.0).clamp(0.0, 1.0));
        let photo = RgbRaster::from_fn(256, 256, |x, y| {
            let alpha = alpha.row(y)[x];
            std::array::from_fn(|channel| red[channel] * alpha + green[channel] * (1.0 - alpha))
        });
        let people = estimate(&photo, &alpha);
        for x in [114, 122, 128, 134, 200] {
            let colour = people.row(128)[x];
            let off = (0..3)
                .map(|c| (colour[c] - red[c]).abs())
                .fold(0.0, f32::max);
            assert!(off < 0.05, "at {x}: {colour:?}");
        }
    }
}
