//! Carries colours on from where they are known to where they are not.

use super::gaussian;
use crate::{Mask, Raster, RgbRaster};

/// Colours carried on, and how much is known of each pixel, 0 to 1.
pub(crate) struct Extrapolated {
    pub colours: RgbRaster,
    pub known: Mask,
}

/// Normalised convolution, from the finest of `reaches` (in pixels) to the coarsest.
pub(crate) fn extrapolate(picture: &RgbRaster, known: &Mask, reaches: [f32; 3]) -> Extrapolated {
    let (width, height) = (picture.width(), picture.height());
    let weighted = Raster::from_fn(width, height, |x, y| {
        let weight = known.row(y)[x];
        let [red, green, blue] = picture.row(y)[x];
        [red * weight, green * weight, blue * weight, weight]
    });
    let mut sum = weighted.clone();
    for reach in reaches {
        let blurred = gaussian(&weighted, reach);
        sum.for_each_row(|y, row| {
            for (pixel, [red, green, blue, weight]) in row.iter_mut().zip(blurred.row(y)) {
                let taken = (weight * 6.0).clamp(0.0, 1.0) * (1.0 - pixel[3]);
                let scale = taken / (weight + 1e-5);
                for (value, blurred) in pixel.iter_mut().zip([red, green, blue]) {
                    *value += blurred * scale;
                }
                pixel[3] += taken;
            }
        });
    }
    Extrapolated {
        colours: sum.map(|[red, green, blue, weight]| {
            [red, green, blue].map(|value| value / (weight + 1e-5))
        }),
        known: sum.map(|[.., weight]| weight),
    }
}
