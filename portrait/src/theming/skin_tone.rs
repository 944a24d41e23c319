//! Keeps a person's skin tone through light, paint and grade: close in hue, lightness and saturation.

use crate::colour::{
    Lab, chroma, from_lab, hue_degrees, hue_shift, smoothstep, to_encoded, to_lab, to_light,
};
use crate::filter::gaussian_mask;
use crate::grade::Tones;
use crate::heads::{Head, skin};
use crate::theme::{Grade, Light};
use crate::{Mask, Rgb};
use std::sync::LazyLock;

/// How far the finished skin may differ from the photo's, with room for what bloom and strokes add.
const MAX_LIGHTNESS_SHIFT: f32 = 8.0;
const MAX_HUE_SHIFT: f32 = 6.0;
const CHROMA_RANGE: [f32; 2] = [0.94, 1.25];
/// Hues of skin in daylight, in degrees: what lies outside is tinted by the photo's light.
const DAYLIGHT_HUES: [f32; 2] = [38.0, 60.0];
/// Skin of less chroma looks grey when painted, so it is raised to this, by the second factor at most.
const PALE_CHROMA: f32 = 23.0;
const MAX_CHROMA_GAIN: f32 = 1.5;
/// Raised saturation levels off between these shares of the wanted chroma: where coloured light cancels most of the
/// skin's colour the gain is large, and the parts that it did not reach would turn orange.
const LEVELLING_OFF: [f32; 2] = [1.25, 1.8];
/// How far single pixels' hues may lie from the skin's median.
const HUE_SPREAD: f32 = 22.0;
/// Of the angle up to which a pixel's hue is left alone.
static COSINE_OF_NEAR: LazyLock<f32> = LazyLock::new(|| (HUE_SPREAD * 0.5).to_radians().cos());
/// Skin moves half of the way to the theme's lightness.
const TOWARDS_THEME: f32 = 0.5;

/// What a person's skin is, and what it has to be before the grade so that it still is afterwards.
pub(super) struct SkinTone {
    /// As photographed, without coloured light.
    pub photo: Lab,
    lightness: f32,
    /// How far the hue may be from the photo's, in degrees.
    hue_shift: f32,
    grade: Grade,
}

impl SkinTone {
    pub(super) fn of(head: &Head, light: &Light, grade: &Grade, change: f32) -> Self {
        let photo = skin::tone(head);
        let towards = (light.skin_lightness - photo[0]) * TOWARDS_THEME;
        let most = MAX_LIGHTNESS_SHIFT * change;
        Self {
            photo,
            lightness: photo[0] + towards.clamp(-most, most),
            hue_shift: MAX_HUE_SHIFT * change,
            grade: grade.clone(),
        }
    }

    /// Moves the head's skin to its tone: exposure for everything, hue and saturation for skin alone.
    ///
    /// One pass leaves what soft weights hold back; the last time takes two.
    pub(super) fn keep(&self, head: &mut Head, passes: usize) {
        let lit = skin::median(&head.picture, head);
        let wanted = self.before_grade(lit);
        let gain = ((wanted[0] + 16.0) / (lit[0] + 16.0).max(1.0)).powi(3);
        head.picture.for_each_row(|_, row| {
            for pixel in row {
                *pixel = pixel.map(|value| to_encoded(to_light(value) * gain).min(1.0));
            }
        });
        let weight = skin_weight(head);
        for _ in 0..passes {
            let turn = Turn::between(skin::median(&head.picture, head), wanted);
            head.picture.for_each_row(|y, row| {
                for (x, pixel) in row.iter_mut().enumerate() {
                    let weight = weight.row(y)[x];
                    if weight > 0.004 {
                        *pixel = turn.apply(*pixel, weight);
                    }
                }
            });
        }
    }

    /// The colour that the grade turns into what the finished skin may be.
    fn before_grade(&self, lit: Lab) -> Lab {
        let finished = polar(
            self.lightness,
            self.finished_hue(lit),
            self.finished_chroma(lit),
        );
        let tones = Tones::of(&self.grade);
        let mut wanted = finished;
        for _ in 0..8 {
            let graded = to_lab(tones.apply(from_lab(wanted)));
            wanted =
                std::array::from_fn(|axis| wanted[axis] + 0.8 * (finished[axis] - graded[axis]));
            wanted[0] = wanted[0].clamp(2.0, 98.0);
        }
        wanted
    }
}

impl SkinTone {
    /// The lit skin's hue, or the photo's without its tint: near the photo's in any case.
    fn finished_hue(&self, lit: Lab) -> f32 {
        let own = hue_degrees(self.photo);
        let [reddest, yellowest] = DAYLIGHT_HUES;
        let tint = hue_shift(own, own.clamp(reddest, yellowest));
        let towards_light = hue_shift(own, hue_degrees(lit));
        own + (towards_light + tint).clamp(-self.hue_shift, self.hue_shift)
    }

    fn finished_chroma(&self, lit: Lab) -> f32 {
        let own = chroma(self.photo);
        let [least, most] = CHROMA_RANGE.map(|share| share * own);
        let raised = PALE_CHROMA.min(MAX_CHROMA_GAIN * own);
        chroma(lit).clamp(least.max(raised), most.max(raised))
    }
}

fn polar(lightness: f32, hue: f32, chroma: f32) -> Lab {
    let (sine, cosine) = hue.to_radians().sin_cos();
    [lightness, chroma * cosine, chroma * sine]
}

/// A turn of hue with a change of saturation.
struct Turn {
    radians: f32,
    /// Sine and cosine of the whole turn.
    whole: (f32, f32),
    saturation: f32,
    hue: f32,
    chroma: f32,
    /// The hue as a unit vector of a and b.
    towards: [f32; 2],
}

impl Turn {
    fn between(from: Lab, to: Lab) -> Self {
        let radians = hue_shift(hue_degrees(from), hue_degrees(to)).to_radians();
        let hue = hue_degrees(to);
        let (sine, cosine) = hue.to_radians().sin_cos();
        Self {
            radians,
            whole: radians.sin_cos(),
            saturation: chroma(to) / chroma(from).max(1.0),
            hue,
            chroma: chroma(to),
            towards: [cosine, sine],
        }
    }

    /// A pixel's chroma with its saturation changed, none the stronger for it than skin is.
    fn saturated(&self, strength: f32, weight: f32) -> f32 {
        let wanted = strength * (1.0 + (self.saturation - 1.0) * weight);
        let [from, to] = LEVELLING_OFF.map(|share| share * self.chroma);
        if wanted <= from {
            return wanted;
        }
        let levelled = from + (to - from) * ((wanted - from) / (to - from)).tanh();
        levelled.max(wanted.min(strength))
    }

    fn apply(&self, pixel: Rgb, weight: f32) -> Rgb {
        let [lightness, a, b] = to_lab(pixel);
        let (sine, cosine) = if weight > 0.999 {
            self.whole
        } else {
            (self.radians * weight).sin_cos()
        };
        let before = a.hypot(b).max(f32::EPSILON);
        let scale = self.saturated(before, weight) / before;
        let (a, b) = (
            (a * cosine - b * sine) * scale,
            (a * sine + b * cosine) * scale,
        );
        // Coloured light from one side must not make half a face blue.
        let colour = [lightness, a, b];
        let strength = chroma(colour);
        if a * self.towards[0] + b * self.towards[1] >= strength * *COSINE_OF_NEAR {
            return from_lab(colour);
        }
        let away = hue_shift(self.hue, hue_degrees(colour));
        let half = HUE_SPREAD * 0.5;
        let beyond = (away.abs() - half).max(0.0);
        let limited = away.signum() * (half + half * (beyond / HUE_SPREAD).tanh());
        let weight = weight * smoothstep(2.0, 8.0, strength);
        let [_, near_a, near_b] = polar(lightness, self.hue + limited, strength);
        from_lab([
            lightness,
            a + (near_a - a) * weight,
            b + (near_b - b) * weight,
        ])
    }
}

/// Skin of face, ears and neck, softly.
fn skin_weight(head: &Head) -> Mask {
    let weight = Mask::from_fn(head.alpha.width(), head.alpha.height(), |x, y| {
        let neck = head.neck.row(y)[x] * (1.0 - head.hair.row(y)[x]);
        smoothstep(0.05, 0.65, head.skin_everywhere.row(y)[x] + neck)
    });
    gaussian_mask(&weight, head.axes.face_height * 0.01)
}
