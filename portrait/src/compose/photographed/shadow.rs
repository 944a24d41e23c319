//! The shadow that the guests cast on the world, at the soft scale.

use super::placement::Placement;
use crate::Mask;
use crate::colour::smoothstep;
use crate::filter::{SOFT_SCALE, box_blur_mask};
use crate::theme::Light;

/// How far the shadow falls away from the light, over the raster's width.
const THROW: f32 = 0.05;
/// From which height on, over the raster's height, the world is near enough to be shadowed.
const NEAR_FROM: f32 = 0.35;
const NEAR_TO: f32 = 0.80;
/// Blur radius of the shadow, over the raster's width.
const SOFTNESS: f32 = 0.045;

/// 0 (none) to 1 (full shadow) for every pixel of the soft raster.
///
/// The guest's own outline, thrown away from the light and blurred; whole people also get a dark
/// contact patch under their feet, or they would float.
pub(super) fn cast(people: &Mask, light: &Light, placement: &Placement) -> Mask {
    let width = people.width() as f32;
    let from = light
        .lamps
        .first()
        .map_or(0.0, |lamp| lamp.direction[0].clamp(-1.0, 1.0));
    let sideways = -from * THROW * width;
    let thrown = Mask::from_fn(people.width(), people.height(), |x, y| {
        people.at_clamped(
            x as isize - sideways as isize,
            y as isize - (THROW * width * 0.4) as isize,
        )
    });
    let radius = (SOFTNESS * width) as usize;
    let mut shadow = box_blur_mask(&box_blur_mask(&thrown, radius), radius);
    // Behind heads lies the sky or a far wall, on which no shadow falls.
    let height = shadow.height() as f32;
    shadow.for_each_row(|y, row| {
        let near = smoothstep(NEAR_FROM, NEAR_TO, y as f32 / height);
        row.iter_mut().for_each(|value| *value *= near);
    });
    if let Some(ground) = placement.ground {
        add_contact(&mut shadow, people, ground / SOFT_SCALE as f32);
    }
    shadow
}

/// Darkens the ground below whoever is in a narrow band round the row on which whole people stand.
fn add_contact(shadow: &mut Mask, people: &Mask, ground: f32) {
    let band = people.height() as f32 * 0.03;
    let feet: Vec<f32> = (0..people.width())
        .map(|x| {
            (0..people.height())
                .filter(|&y| (ground - y as f32).abs() < band)
                .map(|y| people.row(y)[x])
                .fold(0.0, f32::max)
        })
        .collect();
    let patch = Mask::from_fn(people.width(), people.height(), |x, y| {
        let distance = (y as f32 - ground) / (band * 0.5);
        feet[x] * (-distance * distance).exp()
    });
    let soft = box_blur_mask(&patch, (people.width() / 60).max(1));
    shadow.for_each_row(|y, row| {
        for (value, extra) in row.iter_mut().zip(soft.row(y)) {
            *value = (*value + extra).min(1.0);
        }
    });
}
