//! Large eyes of cel animation: lids, a tall iris in two tones with highlights, lashes and a crease.

use super::Model;
use super::canvas::{both, ellipse, lay, shifted, stroke, without};
use super::iris::IrisColour;
use super::lids::{EYES, Lids};
use crate::colour::{mix_rgb, smoothstep};
use crate::drawing::middle;
use crate::{Rgb, RgbRaster};

const WHITE: Rgb = [0.965, 0.965, 0.975];
const LID_SHADOW: Rgb = [0.45, 0.42, 0.55];
/// How much darker than the skin the lines of the lids are, in CIELAB lightness.
const SHADOW: f32 = 14.0;
/// Width of lines, in face heights.
const LINE: f32 = 0.0105;

/// Draws the eyes that are open; the same iris in both.
pub(super) fn draw(model: &Model<'_>, picture: &mut RgbRaster) {
    let iris = IrisColour::of(model);
    for lids in EYES.iter().filter_map(|points| Lids::of(model, points)) {
        lids.draw(model, &iris, picture);
    }
}

impl Lids {
    fn draw(&self, model: &Model<'_>, colour: &IrisColour, picture: &mut RgbRaster) {
        lay(
            picture,
            model.skin_tone(0.0),
            &self.surroundings(model, 0.25, 0.008),
            0.55,
        );
        lay(picture, WHITE, &self.opening, 1.0);
        self.draw_iris(model, colour, picture);
        let shadow = without(
            &self.opening,
            &shifted(&self.opening, 0.0, self.height * 0.20),
        );
        lay(picture, LID_SHADOW, &shadow, 0.45);
        self.draw_highlights(model, picture);
        self.draw_lashes(model, picture);
    }

    /// Centre and radii of the drawn iris, tucked under the upper lid.
    fn iris_shape(&self) -> ([f32; 2], [f32; 2]) {
        let middle = self.upper.len() / 2;
        let level = (self.upper[middle][1] + self.lower[middle][1]) / 2.0;
        let tall = self.height * 0.62;
        let centre = [
            self.iris[0],
            self.iris[1] * 0.6 + level * 0.4 - 0.075 * self.height,
        ];
        (centre, [(tall * 0.84).min(self.width * 0.40), tall])
    }

    fn draw_iris(&self, model: &Model<'_>, colour: &IrisColour, picture: &mut RgbRaster) {
        let (centre, [wide, tall]) = self.iris_shape();
        let disc = |x: f32, y: f32, scale: [f32; 2]| {
            let roll = model.head.landmarks.pose.roll;
            let at = [centre[0] + x * wide, centre[1] + y * tall];
            let radii = [wide * scale[0], tall * scale[1]];
            ellipse(model.width(), model.height(), at, radii, roll)
        };
        let iris = both(&disc(0.0, 0.0, [1.0, 1.0]), &self.opening);
        let (dark, bright) = (
            colour.tone(colour.lightness * 0.55, 1.0),
            colour.tone(colour.lightness + 20.0, 1.25),
        );
        picture.for_each_row(|y, row| {
            let down = smoothstep(-0.6, 0.7, (y as f32 - centre[1]) / tall);
            let tone = mix_rgb(dark, bright, down);
            for (pixel, &covered) in row.iter_mut().zip(iris.row(y)) {
                if covered > 0.0 {
                    *pixel = mix_rgb(*pixel, tone, covered);
                }
            }
        });
        let rim = without(&iris, &disc(0.0, 0.0, [0.86, 0.88]));
        lay(
            picture,
            colour.tone(colour.lightness * 0.25, 0.6),
            &rim,
            0.9,
        );
        let pupil = both(&disc(0.0, 0.0, [0.42, 0.46]), &self.opening);
        lay(picture, colour.tone(8.0, 0.4), &pupil, 0.95);
        let glow = without(
            &disc(0.0, 0.42, [0.62, 0.36]),
            &disc(0.0, 0.24, [0.62, 0.34]),
        );
        lay(
            picture,
            colour.tone(colour.lightness + 34.0, 1.2),
            &both(&glow, &self.opening),
            0.75,
        );
    }

    fn draw_highlights(&self, model: &Model<'_>, picture: &mut RgbRaster) {
        let (centre, [wide, tall]) = self.iris_shape();
        let side = model.light_side;
        let large = ellipse(
            model.width(),
            model.height(),
            [centre[0] + side * wide * 0.34, centre[1] - tall * 0.30],
            [wide * 0.36, tall * 0.30],
            -20.0 * side,
        );
        lay(picture, [1.0; 3], &both(&large, &self.opening), 1.0);
        let small = ellipse(
            model.width(),
            model.height(),
            [centre[0] - side * wide * 0.39, centre[1] + tall * 0.36],
            [wide * 0.17, tall * 0.14],
            0.0,
        );
        lay(picture, [1.0; 3], &both(&small, &self.opening), 0.95);
    }

    /// Thick outside with a small wing; a thin lower lid; the crease above.
    fn draw_lashes(&self, model: &Model<'_>, picture: &mut RgbRaster) {
        let (size, line) = (model.face_height(), LINE * model.face_height());
        let (width, height) = (model.width(), model.height());
        let outwards = [0, 1].map(|axis| (self.outer[axis] - self.inner[axis]) / self.width);
        let wing = [
            self.upper[0][0] + outwards[0] * self.width * 0.08,
            self.upper[0][1] + outwards[1] * self.width * 0.08 - self.height * 0.10,
        ];
        let mut path = vec![wing];
        path.extend(self.upper.iter().skip(3).step_by(8));
        path.push(self.upper[self.upper.len() - 1]);
        let lashes = stroke(width, height, &path, |t| {
            size * (0.026 * (1.0 - t).powf(0.55) + 0.012)
                * (0.15 + 5.0 * t).min(1.0)
                * (5.0 * (1.0 - t) + 0.2).min(1.0)
        });
        lay(picture, model.ink().map(|value| value * 0.8), &lashes, 1.0);
        let lower: Vec<[f32; 2]> = self
            .lower
            .iter()
            .skip(2)
            .take(32)
            .step_by(6)
            .copied()
            .collect();
        let lid = stroke(width, height, &lower, |t| {
            line * 0.75 * (1.0 - t) * (8.0 * t + 0.2).min(1.0)
        });
        lay(
            picture,
            mix_rgb(model.ink(), model.skin_tone(-SHADOW), 0.2),
            &lid,
            0.8,
        );
        let anchors = [4, 14, 24, 36, 48].map(|index| self.upper[index]);
        let own = middle(&self.crease);
        let lids = middle(&anchors);
        let up = [0, 1].map(|axis| (own[axis] - lids[axis]) * 0.62);
        let path = anchors.map(|[x, y]| [x + up[0], y + up[1]]);
        let crease = stroke(width, height, &path, |t| {
            line * 0.6 * (std::f32::consts::PI * t).sin().max(0.0).powf(0.6)
        });
        lay(
            picture,
            mix_rgb(model.ink(), model.skin_tone(-SHADOW), 0.45),
            &crease,
            0.75,
        );
    }
}
