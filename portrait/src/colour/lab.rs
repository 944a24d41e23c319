//! CIELAB (D65): lightness 0 to 100, then green to red and blue to yellow, where equal distances look equally far.

use crate::{Rgb, RgbRaster};
use std::sync::LazyLock;

/// Lightness, a, b.
pub(crate) type Lab = [f32; 3];

/// Steps of the tables that stand in for the sRGB curve: finer than ten bits.
const STEPS: usize = 4096;
/// Below this a cube root would be too steep.
const LINEAR_BELOW: f32 = 0.008_856;
const LINEAR_SLOPE: f32 = 7.787;
const LINEAR_OFFSET: f32 = 16.0 / 116.0;

static TO_LIGHT: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let curve = |value: f32| {
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    (0..=STEPS)
        .map(|step| curve(step as f32 / STEPS as f32))
        .collect()
});

/// Indexed by the light's square root, which spreads the dark values out.
static TO_ENCODED: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let curve = |light: f32| {
        if light <= 0.003_130_8 {
            light * 12.92
        } else {
            1.055 * light.powf(1.0 / 2.4) - 0.055
        }
    };
    (0..=STEPS)
        .map(|step| curve((step as f32 / STEPS as f32).powi(2)))
        .collect()
});

/// Indexed by the value's square root as well.
static CUBE_ROOT: LazyLock<Vec<f32>> = LazyLock::new(|| {
    (0..=STEPS)
        .map(|step| (step as f32 / STEPS as f32).powi(2).cbrt())
        .collect()
});

/// sRGB-encoded, 0 to 1, to CIELAB.
pub(crate) fn to_lab(pixel: Rgb) -> Lab {
    let [red, green, blue] = pixel.map(|value| look_up(&TO_LIGHT, value));
    let x = (0.412_453 * red + 0.357_58 * green + 0.180_423 * blue) / 0.950_456;
    let y = 0.212_671 * red + 0.715_16 * green + 0.072_169 * blue;
    let z = (0.019_334 * red + 0.119_193 * green + 0.950_227 * blue) / 1.088_754;
    let [x, y, z] = [x, y, z].map(compress);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIELAB to sRGB-encoded; colours outside sRGB are cut off at 0 and 1.
pub(crate) fn from_lab([lightness, a, b]: Lab) -> Rgb {
    let y = (lightness + 16.0) / 116.0;
    let [x, y, z] = [y + a / 500.0, y, y - b / 200.0].map(expand);
    let (x, z) = (x * 0.950_456, z * 1.088_754);
    let light = [
        3.240_479 * x - 1.537_15 * y - 0.498_535 * z,
        -0.969_256 * x + 1.875_992 * y + 0.041_556 * z,
        0.055_648 * x - 0.204_043 * y + 1.057_311 * z,
    ];
    light.map(|value| look_up(&TO_ENCODED, value.max(0.0).sqrt()))
}

/// Every pixel in CIELAB.
pub(crate) fn lab_raster(picture: &RgbRaster) -> RgbRaster {
    picture.map(to_lab)
}

/// Angle of a colour round the grey axis, in degrees.
pub(crate) fn hue_degrees([_, a, b]: Lab) -> f32 {
    b.atan2(a).to_degrees()
}

/// How far apart two colours look: CIE76, the distance in CIELAB.
pub(crate) fn delta_e(a: Lab, b: Lab) -> f32 {
    (0..3)
        .map(|axis| (a[axis] - b[axis]).powi(2))
        .sum::<f32>()
        .sqrt()
}

/// Distance of a colour from the grey axis.
pub(crate) fn chroma([_, a, b]: Lab) -> f32 {
    a.hypot(b)
}

/// The shorter way from one hue to another, -180 to 180 degrees.
pub(crate) fn hue_shift(from: f32, to: f32) -> f32 {
    (to - from + 180.0).rem_euclid(360.0) - 180.0
}

fn look_up(table: &[f32], value: f32) -> f32 {
    let place = value.clamp(0.0, 1.0) * STEPS as f32;
    let step = (place as usize).min(STEPS - 1);
    let (low, high) = (table[step], table[step + 1]);
    low + (high - low) * (place - step as f32)
}

fn compress(value: f32) -> f32 {
    if value > LINEAR_BELOW {
        look_up(&CUBE_ROOT, value.sqrt())
    } else {
        LINEAR_SLOPE * value + LINEAR_OFFSET
    }
}

fn expand(value: f32) -> f32 {
    let cube = value * value * value;
    if cube > LINEAR_BELOW {
        cube
    } else {
        (value - LINEAR_OFFSET) / LINEAR_SLOPE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_colours_have_their_known_values() {
        let is_near = |a: Lab, b: Lab| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.1);
        assert!(is_near(to_lab([1.0; 3]), [100.0, 0.0, 0.0]));
        assert!(is_near(to_lab([1.0, 0.0, 0.0]), [53.24, 80.09, 67.20]));
        assert!(is_near(to_lab([0.0, 0.0, 1.0]), [32.30, 79.19, -107.86]));
    }

    #[test]
    fn colours_survive_the_round_trip() {
        for red in 0..=8 {
            for green in 0..=8 {
                for blue in 0..=8 {
                    let colour = [red, green, blue].map(|value| value as f32 / 8.0);
                    let back = from_lab(to_lab(colour));
                    let off = (0..3)
                        .map(|c| (back[c] - colour[c]).abs())
                        .fold(0.0, f32::max);
                    assert!(off < 2e-3, "{colour:?} became {back:?}");
                }
            }
        }
    }

    #[test]
    fn hues_turn_the_shorter_way() {
        assert!((hue_shift(170.0, -170.0) - 20.0).abs() < 1e-3);
        assert!((hue_shift(-170.0, 170.0) + 20.0).abs() < 1e-3);
    }
}
