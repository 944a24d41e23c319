//! Hair in the theme's light: a tint in its middle tones and a sheen where the head's dome faces the light.

use super::shape::Shape;
use crate::colour::{luma, mix_rgb, screen};
use crate::filter::{gaussian_mask, luma_mask};
use crate::heads::Head;
use crate::theme::HairLight;

/// How far up the dome's normal leans where the sheen lies, and how wide it is.
const SHEEN_AT: f32 = -0.42;
const SHEEN_WIDTH: f32 = 0.13;

/// Tints in place.
pub(super) fn light(head: &mut Head, shape: &Shape, recipe: &HairLight) {
    let lumas = luma_mask(&head.picture);
    let smooth = gaussian_mask(&lumas, head.axes.face_height * 0.05);
    let colour = recipe.colour.0;
    let weight = luma(colour).max(0.05);
    let (hair, skin) = (&head.hair, &head.skin_everywhere);
    head.picture.for_each_row(|y, row| {
        let small_y = shape.place(y);
        for (x, pixel) in row.iter_mut().enumerate() {
            let hair = hair.row(y)[x] * (1.0 - 0.7 * skin.row(y)[x]);
            if hair < 1e-3 {
                continue;
            }
            let light = lumas.row(y)[x];
            let tinted = colour.map(|value| (value * light / weight).min(1.0));
            let tinted = mix_rgb(*pixel, tinted, recipe.tint * hair);
            let [_, up, _] = shape.dome.sample(shape.place(x), small_y);
            let band = (-0.5 * ((up - SHEEN_AT) / SHEEN_WIDTH).powi(2)).exp() * hair;
            let strand = (light / (smooth.row(y)[x] + 0.03) - 0.75).clamp(0.0, 1.2);
            let shine = band * strand * recipe.sheen;
            *pixel = std::array::from_fn(|c| screen(tinted[c], (colour[c] * 1.3).min(1.0) * shine));
        }
    });
}
