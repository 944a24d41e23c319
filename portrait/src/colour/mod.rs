//! Colour arithmetic on single pixels: luminance, mixing, saturation, CIELAB, and colours written as `#rrggbb`.

mod lab;

pub(crate) use lab::{Lab, chroma, delta_e, from_lab, hue_degrees, hue_shift, lab_raster, to_lab};

use crate::Rgb;
use serde::Deserialize;

/// Rec. 709 weights, applied to encoded values: close enough to lightness for masks and grades.
const LUMA_WEIGHTS: Rgb = [0.2126, 0.7152, 0.0722];

/// How light a pixel looks, 0 to 1.
pub(crate) fn luma(pixel: Rgb) -> f32 {
    pixel[0] * LUMA_WEIGHTS[0] + pixel[1] * LUMA_WEIGHTS[1] + pixel[2] * LUMA_WEIGHTS[2]
}

/// Encoded value to light. A square instead of the exact sRGB curve: the error is under 3 % of full
/// scale and the square root back costs a twentieth of `powf`.
pub(crate) fn to_light(encoded: f32) -> f32 {
    encoded * encoded
}

/// Light to encoded value; the inverse of [`to_light`].
pub(crate) fn to_encoded(light: f32) -> f32 {
    light.max(0.0).sqrt()
}

/// `a` at 0, `b` at 1.
pub(crate) fn mix(a: f32, b: f32, amount: f32) -> f32 {
    a + (b - a) * amount
}

/// [`mix`] on every channel.
pub(crate) fn mix_rgb(a: Rgb, b: Rgb, amount: f32) -> Rgb {
    std::array::from_fn(|channel| mix(a[channel], b[channel], amount))
}

/// Brightens `base` by `light` without ever passing white.
pub(crate) fn screen(base: f32, light: f32) -> f32 {
    1.0 - (1.0 - base) * (1.0 - light).max(0.0)
}

/// Moves every channel away from the pixel's own luma (above 1) or towards it (below 1).
pub(crate) fn saturate(pixel: Rgb, amount: f32) -> Rgb {
    let grey = luma(pixel);
    pixel.map(|value| mix(grey, value, amount))
}

/// 0 below `low`, 1 above `high`, smooth between.
pub(crate) fn smoothstep(low: f32, high: f32, value: f32) -> f32 {
    let t = ((value - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A colour written as `"#rrggbb"` in a theme.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Colour(pub Rgb);

impl Colour {
    /// The colour as light, scaled so that its luminance is 1: it tints without brightening.
    pub(crate) fn tint(self) -> Rgb {
        let light = self.0.map(to_light);
        let luminance = luma(light).max(1e-3);
        light.map(|value| value / luminance)
    }
}

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or_else(|| format!("{text:?} is not a colour like \"#ffd9a0\""))?;
        let [_, red, green, blue] = digits.to_be_bytes();
        Ok(Self(
            [red, green, blue].map(|value| f32::from(value) / 255.0),
        ))
    }
}
