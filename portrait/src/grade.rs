//! The finish: contrast, colour grade, bloom, vignette and grain over the whole picture.

use crate::colour::{luma, mix, saturate, screen, smoothstep};
use crate::filter::{SOFT_SCALE, box_blur_rgb, resize_rgb, soft, soft_radius};
use crate::theme::Grade;
use crate::{Mask, Rgb, RgbRaster};

/// Luma above which a place glows.
const BLOOM_THRESHOLD: f32 = 0.62;
/// How far the glow spreads, over the portrait's width.
const BLOOM_SHARE: f32 = 0.03;

/// How much of the glow is kept off faces: coloured light from the world behind would change their skin.
const FACES_SPARED: f32 = 0.85;

/// Grades in place. The same seed gives the same grain. `faces` is how much of each pixel is a face, at the soft
/// scale.
pub(crate) fn grade(picture: &mut RgbRaster, faces: &Mask, recipe: &Grade, seed: u64) {
    let glow = glow_of(picture, faces);
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let tones = Tones::of(recipe);
    picture.for_each_row(|y, row| {
        let down = y as f32 / height - 0.5;
        let lights = glow.sample_row((0..row.len()).map(soft), soft(y));
        for (x, (pixel, light)) in row.iter_mut().zip(lights).enumerate() {
            let across = x as f32 / width - 0.5;
            let bloomed: Rgb = std::array::from_fn(|c| screen(pixel[c], light[c] * recipe.bloom));
            let toned = tones.apply(bloomed);
            let corner = smoothstep(0.35, 0.80, (across * across * 1.2 + down * down).sqrt());
            let shade = 1.0 - recipe.vignette * corner;
            let noise = grain(x, y, seed) * recipe.grain;
            // Grain sits in the middle tones: it would only dirty white and black.
            let amount = noise * (1.0 - (2.0 * luma(toned) - 1.0).powi(2)).max(0.15);
            *pixel = toned.map(|value| (value * shade + amount).clamp(0.0, 1.0));
        }
    });
}

/// A grade's tones made ready for arithmetic.
pub(crate) struct Tones<'a> {
    recipe: &'a Grade,
    shadows: Rgb,
    /// What the lightest pixels are multiplied by.
    highlights: Rgb,
}

impl<'a> Tones<'a> {
    pub(crate) fn of(recipe: &'a Grade) -> Self {
        Self {
            recipe,
            shadows: recipe.shadows.0.map(|value| value * recipe.tint_strength),
            highlights: recipe
                .highlights
                .tint()
                .map(|value| recipe.tint_strength * (value.sqrt() - 1.0)),
        }
    }

    /// What the grade makes of a colour in the middle of the picture, away from bright places.
    pub(crate) fn apply(&self, pixel: Rgb) -> Rgb {
        let light = luma(pixel).clamp(0.0, 1.0);
        let dark = (1.0 - light) * (1.0 - light);
        let saturated = saturate(pixel, self.recipe.saturation);
        std::array::from_fn(|c| {
            let value = saturated[c].clamp(0.0, 1.0);
            let curve = value * value * (3.0 - 2.0 * value);
            let curved = mix(value, curve, self.recipe.contrast);
            (curved + self.shadows[c] * dark) * (1.0 + self.highlights[c] * light)
        })
    }
}

/// The bright places, blurred wide, at the soft scale.
fn glow_of(picture: &RgbRaster, faces: &Mask) -> RgbRaster {
    let small = resize_rgb(
        picture,
        picture.width() / SOFT_SCALE,
        picture.height() / SOFT_SCALE,
    );
    let bright = small.map(|pixel| {
        let weight = smoothstep(BLOOM_THRESHOLD, 1.0, luma(pixel));
        pixel.map(|value| value * weight)
    });
    let radius = soft_radius(BLOOM_SHARE, bright.width());
    let mut glow = box_blur_rgb(&box_blur_rgb(&bright, radius), radius);
    glow.for_each_row(|y, row| {
        for (light, face) in row.iter_mut().zip(faces.row(y)) {
            let spared = 1.0 - FACES_SPARED * face;
            *light = light.map(|value| value * spared);
        }
    });
    glow
}

/// A hash of place and seed, -1 to 1, triangular: two uniform values added.
fn grain(x: usize, y: usize, seed: u64) -> f32 {
    let mut state = seed
        ^ (x as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ (y as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
    state ^= state >> 31;
    state = state.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state ^= state >> 29;
    let low = (state & 0xFFFF) as f32 / 65_535.0;
    let high = ((state >> 32) & 0xFFFF) as f32 / 65_535.0;
    low + high - 1.0
}
