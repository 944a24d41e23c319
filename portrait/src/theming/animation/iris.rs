//! The guest's own iris colour.

use super::Model;
use super::canvas::{both, ellipse, percentile, polar};
use super::lids::EYES;
use crate::Rgb;
use crate::colour::{luma, to_lab};
use crate::drawing::fill_polygon;

/// The guest's own iris colour, made clearer; the same in both eyes.
pub(super) struct IrisColour {
    hue: f32,
    chroma: f32,
    pub lightness: f32,
}

impl IrisColour {
    pub(super) fn of(model: &Model<'_>) -> Self {
        let mut pixels: Vec<Rgb> = Vec::new();
        for points in &EYES {
            let (centre, rim) = (
                model.head.landmarks.at(points.iris),
                model.head.landmarks.at(points.iris + 1),
            );
            let radius = (centre[0] - rim[0]).hypot(centre[1] - rim[1]) * 0.85;
            let (width, height) = (model.width(), model.height());
            let disc = ellipse(width, height, centre, [radius; 2], 0.0);
            let opening = fill_polygon(width, height, &model.head.landmarks.all_at(points.outline));
            let iris = both(&disc, &opening);
            for y in 0..height {
                for (x, &inside) in iris.row(y).iter().enumerate() {
                    if inside > 0.7 {
                        pixels.push(model.head.photo.row(y)[x]);
                    }
                }
            }
        }
        // The darker part, without reflections.
        pixels.sort_by(|a, b| luma(*a).total_cmp(&luma(*b)));
        pixels.truncate((pixels.len() * 6).div_ceil(10));
        let median = |channel: usize| {
            let mut values: Vec<f32> = pixels.iter().map(|pixel| pixel[channel]).collect();
            percentile(&mut values, 0.5)
        };
        let own = if pixels.len() > 20 {
            to_lab(std::array::from_fn(median))
        } else {
            to_lab([0.25, 0.16, 0.10])
        };
        let (hue, chroma) = (own[2].atan2(own[1]).to_degrees(), own[1].hypot(own[2]));
        let is_brown = chroma < 7.0
            || (-75.0..45.0).contains(&hue)
            || hue > 110.0
            || (hue < -75.0 && chroma < 10.0 && own[0] < 25.0);
        Self {
            hue: if is_brown { 60.0 } else { hue }.to_radians(),
            chroma: (chroma * 1.8).clamp(26.0, 46.0),
            lightness: (own[0] * 0.6 + 22.0).clamp(30.0, 52.0),
        }
    }

    /// The colour, lighter or darker, and a share of its saturation.
    pub(super) fn tone(&self, lightness: f32, strength: f32) -> Rgb {
        polar(lightness, self.hue, self.chroma * strength)
    }
}
