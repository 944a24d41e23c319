//! Heads in hoods: only what the opening holds is shown, its rim shades the hair; big hair and hats get no hood.

use crate::Mask;
use crate::colour::smoothstep;
use crate::filter::gaussian_mask;
use crate::geometry::Similarity;
use crate::heads::Head;
use crate::theme::Layers;

/// More of the upper head than this outside the opening does not fit.
const MAX_SPILL: f32 = 0.05;
/// How far a hood follows the head's middle from the neck's.
const FOLLOWS_HEAD: f32 = 0.8;
/// How dark the rim's shadow is, and how soft, in face heights.
const RIM_SHADOW: f32 = 0.6;
const RIM_SOFTNESS: f32 = 0.10;
/// Hoods are compared with heads at this many times less than the head's size.
const COARSE: usize = 4;

/// How far right of the neck the head's middle is, as far as a hood follows it, in portrait pixels.
pub(super) fn head_offset(head: &Head, to_portrait: &Similarity, jaw: [f32; 2]) -> f32 {
    let level = head.axes.chin - 0.05;
    let (mut left, mut right) = (f32::INFINITY, f32::NEG_INFINITY);
    let least = 0.10 * head.axes.face_height / COARSE as f32;
    for x in (0..head.alpha.width()).step_by(COARSE) {
        let column: f32 = (0..head.alpha.height())
            .step_by(COARSE)
            .filter(|&y| head.axes.place([x as f32, y as f32])[1] < level)
            .map(|y| head.alpha.row(y)[x])
            .sum();
        if column > least {
            left = left.min(x as f32);
            right = right.max(x as f32);
        }
    }
    if left > right {
        return 0.0;
    }
    let middle = to_portrait.apply([(left + right) / 2.0, head.landmarks.centre()[1]]);
    FOLLOWS_HEAD * (middle[0] - jaw[0])
}

/// A hood's opening seen from the head's raster.
pub(super) struct Hood<'a> {
    layers: &'a Layers,
    head_to_bust: Similarity,
}

impl<'a> Hood<'a> {
    pub(super) fn new(
        layers: &'a Layers,
        head_to_portrait: &Similarity,
        bust_to_portrait: &Similarity,
    ) -> Self {
        Self {
            layers,
            head_to_bust: bust_to_portrait.inverse().after(head_to_portrait),
        }
    }

    /// How much of a head's pixel is inside the opening, or behind the cloth in front of it.
    fn holds(&self, x: usize, y: usize) -> f32 {
        let place = self.head_to_bust.apply([x as f32, y as f32]);
        let opening = self
            .layers
            .opening
            .as_ref()
            .map_or(1.0, |opening| opening.sample(place));
        let [.., front] = self.layers.front.sample(place);
        opening.max(smoothstep(0.2, 0.8, front))
    }

    /// Whether hair or a hat reaches beyond the hood.
    pub(super) fn does_not_fit(&self, head: &Head) -> bool {
        let level = head.axes.chin - 0.15;
        let (mut spilt, mut all) = (0.0_f32, 0.0_f32);
        for y in (0..head.alpha.height()).step_by(COARSE) {
            for x in (0..head.alpha.width()).step_by(COARSE) {
                if head.axes.place([x as f32, y as f32])[1] < level {
                    let alpha = head.alpha.row(y)[x];
                    all += alpha;
                    spilt += alpha * (1.0 - self.holds(x, y));
                }
            }
        }
        spilt > MAX_SPILL * all.max(1.0)
    }

    /// Takes away what lies outside the opening and shades what lies near its rim.
    pub(super) fn clip(&self, head: &mut Head) {
        let held = Mask::from_fn(head.alpha.width(), head.alpha.height(), |x, y| {
            self.holds(x, y)
        });
        let outside = gaussian_mask(
            &held.map(|value| 1.0 - value),
            RIM_SOFTNESS * head.axes.face_height,
        );
        for mask in [&mut head.alpha, &mut head.hair, &mut head.neck] {
            mask.for_each_row(|y, row| {
                for (value, held) in row.iter_mut().zip(held.row(y)) {
                    *value *= held;
                }
            });
        }
        head.picture.for_each_row(|y, row| {
            for (pixel, outside) in row.iter_mut().zip(outside.row(y)) {
                let shade = 1.0 - RIM_SHADOW * (outside * 1.5).clamp(0.0, 1.0);
                *pixel = pixel.map(|value| value * shade);
            }
        });
    }
}
