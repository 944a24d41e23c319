//! Removes background that the matting network mistook for a person, where the segmenter sees nobody.
//!
//! The network takes some walls for foreground; without this a band of wall stays round the head.

use super::coloured_wall;
use crate::colour::smoothstep;
use crate::filter::{
    Extrapolated, box_blur_mask, distance_to, extrapolate, resize_mask, resize_rgb,
};
use crate::{Mask, Rgb, RgbRaster};

/// Height of a face at which the background's colours are carried on, in pixels.
const FACE_PIXELS: f32 = 40.0;
/// The background is known from this distance to the segmenter's people on, in face heights.
const KNOWN_FROM: f32 = 0.34;
/// How far its colours are carried on, in face heights.
const REACHES: [f32; 3] = [0.15, 0.4, 0.9];
/// From the first on the segmenter may be seeing a person, from the second on it is trusted.
const SEGMENTED: [f32; 2] = [0.25, 0.6];
/// Colours nearer than the first to the background's are background, those beyond the second are not: in
/// multiples of how far the background's own colours lie from their mean, and of [`LEAST_SPREAD`] at least.
const DIFFERENCE: [f32; 2] = [1.4, 2.8];
const LEAST_SPREAD: f32 = 0.07;
/// Radius of a rough wall's grains, in face heights.
const GRAIN: f32 = 0.04;

/// The matte without background; `segmented` has its size, `face_height` is in its pixels.
pub(super) fn remove(
    mut matte: Mask,
    photo: &RgbRaster,
    segmented: &Mask,
    face_height: f32,
) -> Mask {
    let picture = resize_rgb(photo, matte.width(), matte.height());
    let background = Background::of(&picture, segmented, face_height);
    let is_background = Mask::from_fn(matte.width(), matte.height(), |x, y| {
        if segmented.row(y)[x] < SEGMENTED[1] {
            background.likeness(picture.row(y)[x], [x, y])
        } else {
            0.0
        }
    });
    // Grains of a rough wall go with what surrounds them.
    let around = box_blur_mask(&is_background, (face_height * GRAIN).ceil() as usize);
    matte.for_each_row(|y, row| {
        for (x, value) in row.iter_mut().enumerate() {
            let nobody = 1.0 - smoothstep(SEGMENTED[0], SEGMENTED[1], segmented.row(y)[x]);
            let grain = smoothstep(0.45, 0.75, around.row(y)[x]);
            *value *= 1.0 - nobody * is_background.row(y)[x].max(grain);
        }
    });
    coloured_wall::remove(matte, &picture, segmented, face_height)
}

/// The background's colours far from people, carried on towards them; smaller than the matte.
struct Background {
    mean: Extrapolated,
    /// Squared distance of colours from the mean, in each channel the same.
    variance: RgbRaster,
    /// Pixels of it to one of the matte.
    across: [f32; 2],
}

impl Background {
    fn of(picture: &RgbRaster, segmented: &Mask, face_height: f32) -> Self {
        let by = (face_height / FACE_PIXELS).max(1.0);
        let [width, height] =
            [picture.width(), picture.height()].map(|side| ((side as f32 / by) as usize).max(1));
        let small = resize_rgb(picture, width, height);
        let face = face_height / by;
        let segmented = resize_mask(segmented, width, height);
        let away = distance_to(&segmented, |value| value > SEGMENTED[0]);
        let known = away.map(|distance| f32::from(u8::from(distance > KNOWN_FROM * face)));
        let reaches = REACHES.map(|reach| reach * face);
        let mean = extrapolate(&small, &known, reaches);
        let squares = RgbRaster::from_fn(width, height, |x, y| {
            [difference(small.row(y)[x], mean.colours.row(y)[x]).powi(2); 3]
        });
        Self {
            variance: extrapolate(&squares, &known, reaches).colours,
            across: [
                width as f32 / picture.width() as f32,
                height as f32 / picture.height() as f32,
            ],
            mean,
        }
    }

    /// How much a colour at a pixel of the matte looks like the background there, 0 to 1.
    fn likeness(&self, colour: Rgb, pixel: [usize; 2]) -> f32 {
        let [x, y] = [0, 1].map(|axis| (pixel[axis] as f32 + 0.5) * self.across[axis] - 0.5);
        let [square, ..] = self.variance.sample(x, y);
        let spread = square.max(0.0).sqrt().max(LEAST_SPREAD);
        let apart = difference(colour, self.mean.colours.sample(x, y)) / spread;
        let known = self.mean.known.sample(x, y).clamp(0.0, 1.0);
        (1.0 - smoothstep(DIFFERENCE[0], DIFFERENCE[1], apart)) * known
    }
}

fn difference(a: Rgb, b: Rgb) -> f32 {
    let [red, green, blue]: Rgb = std::array::from_fn(|channel| a[channel] - b[channel]);
    (red * red + green * green + blue * blue).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 400;
    const FACE: f32 = 100.0;

    fn from_middle(x: usize, y: usize) -> f32 {
        (x as f32 - 200.0).hypot(y as f32 - 200.0)
    }

    /// A dark person before a rough pink wall, with a strand of hair that only the matte knows.
    fn photo() -> RgbRaster {
        RgbRaster::from_fn(SIDE, SIDE, |x, y| {
            let is_hair = y.abs_diff(200) < 3 && from_middle(x, y) < 95.0;
            let grain = ((x * 7919 + y * 104_729) % 17) as f32 / 17.0 - 0.5;
            match from_middle(x, y) < 70.0 || is_hair {
                true => [0.2, 0.15, 0.1],
                false => [0.88, 0.5, 0.82].map(|value: f32| value + 0.12 * grain),
            }
        })
    }

    fn disc(radius: f32) -> Mask {
        Mask::from_fn(SIDE, SIDE, |x, y| {
            f32::from(u8::from(from_middle(x, y) < radius))
        })
    }

    #[test]
    fn a_band_of_wall_goes_and_strands_stay() {
        let cleaned = remove(disc(100.0), &photo(), &disc(70.0), FACE);
        let band: Vec<f32> = (110..125).map(|y| cleaned.row(y)[200]).collect();
        assert!(band.iter().all(|&value| value < 0.1), "{band:?}");
        assert!(cleaned.row(200)[288] > 0.8, "{}", cleaned.row(200)[288]);
        assert_eq!(cleaned.row(200)[200], 1.0);
    }

    #[test]
    fn what_the_segmenter_sees_stays_whatever_its_colour() {
        let cleaned = remove(disc(100.0), &photo(), &disc(100.0), FACE);
        assert!(cleaned.row(115)[200] > 0.99);
    }
}
