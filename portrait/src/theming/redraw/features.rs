//! Jaw, nose, mouth and brows as tapered strokes on the landmarks.

use super::Model;
use super::beard::Beard;
use super::canvas::{both, ellipse, lay, median_where, stroke, without};
use super::skin::Tones;
use crate::colour::{Lab, chroma, from_lab, lab_raster, mix_rgb, smoothstep};
use crate::drawing::fill_polygon;
use crate::filter::gaussian_mask;
use crate::mesh_regions::MOUTH;
use crate::{Mask, Rgb, RgbRaster};
use std::f32::consts::PI;

/// Width of an ordinary line, in face heights.
const LINE: f32 = 0.0105;
/// An open mouth is wider open than this, in face heights.
const OPEN: f32 = 0.022;
const JAW: [usize; 17] = [
    132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361,
];
/// The mouth's upper and lower inner edge from corner to corner, and the lips between edges.
const UPPER_INNER: [usize; 11] = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308];
const LOWER_INNER: [usize; 11] = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308];
const UPPER_LIP: [usize; 22] = [
    61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191,
    78,
];
const LOWER_LIP: [usize; 22] = [
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 308, 324, 318, 402, 317, 14, 87, 178, 88,
    95, 78,
];
/// Upper and lower edge of each brow, from its outer end.
const BROWS: [([usize; 5], [usize; 5]); 2] = [
    ([70, 63, 105, 66, 107], [46, 53, 52, 65, 55]),
    ([300, 293, 334, 296, 336], [276, 283, 282, 295, 285]),
];

pub(super) fn draw(model: &Model<'_>, tones: &Tones, beard: &Beard, picture: &mut RgbRaster) {
    let pen = Pen {
        model,
        line: LINE * model.face_height(),
    };
    pen.jaw(tones, beard, picture);
    pen.nose(tones, beard, picture);
    pen.mouth(tones, beard, picture);
    pen.brows(picture);
}

struct Pen<'a> {
    model: &'a Model<'a>,
    line: f32,
}

impl Pen<'_> {
    fn at(&self, index: usize) -> [f32; 2] {
        self.model.head.landmarks.at(index)
    }

    fn between(&self, from: usize, to: usize, share: f32) -> [f32; 2] {
        let (a, b) = (self.at(from), self.at(to));
        [0, 1].map(|axis| a[axis] + (b[axis] - a[axis]) * share)
    }

    fn stroke(&self, points: &[[f32; 2]], width_at: impl Fn(f32) -> f32) -> Mask {
        stroke(self.model.width(), self.model.height(), points, width_at)
    }

    fn fill(&self, corners: &[[f32; 2]], softness: f32) -> Mask {
        let shape = fill_polygon(self.model.width(), self.model.height(), corners);
        gaussian_mask(&shape, softness * self.model.face_height())
    }

    fn ellipse(&self, centre: [f32; 2], radii: [f32; 2]) -> Mask {
        let size = self.model.face_height();
        let roll = self.model.head.landmarks.pose.roll;
        let radii = radii.map(|radius| radius * size);
        ellipse(self.model.width(), self.model.height(), centre, radii, roll)
    }

    /// A point moved up the face, in face heights.
    fn raised(&self, [x, y]: [f32; 2], by: f32) -> [f32; 2] {
        let (sine, cosine) = self.model.head.landmarks.pose.roll.to_radians().sin_cos();
        let by = by * self.model.face_height();
        [x + sine * by, y - cosine * by]
    }

    fn ink_with(&self, colour: Rgb, share: f32) -> Rgb {
        mix_rgb(self.model.ink(), colour, share)
    }

    fn jaw(&self, tones: &Tones, beard: &Beard, picture: &mut RgbRaster) {
        let points = self.model.head.landmarks.all_at(&JAW);
        let line = self.stroke(&points, |t| {
            self.line * (0.35 + 0.75 * (PI * t).sin().max(0.0).powf(0.6))
        });
        let free = self.model.mask(|x, y, _| {
            (1.0 - (self.model.hair.row(y)[x] * 1.2).min(1.0)) * (1.0 - 0.8 * beard.shape.row(y)[x])
        });
        lay(
            picture,
            self.ink_with(tones.shadow, 0.4),
            &both(&line, &free),
            0.85,
        );
    }

    /// The shade beside it, a short line under it, a point of light.
    fn nose(&self, tones: &Tones, beard: &Beard, picture: &mut RgbRaster) {
        let yaw = self.model.head.landmarks.pose.yaw;
        let side = if yaw.abs() < 12.0 {
            -self.model.light_side()
        } else {
            yaw.signum()
        };
        let (nostril, wing) = if side > 0.0 { (327, 294) } else { (98, 64) };
        let corners = [
            self.between(4, 2, 0.45),
            self.at(2),
            self.between(2, nostril, 0.55),
            self.between(nostril, wing, 0.3),
            self.between(4, nostril, 0.3),
        ];
        let shade = without(
            &self.fill(&corners, 0.003),
            &beard.shape.map(|value| value * 0.5),
        );
        lay(
            picture,
            mix_rgb(tones.shadow, tones.deep, 0.45),
            &shade,
            0.6,
        );
        let under = [
            self.between(97, 2, 0.25),
            self.at(2),
            self.between(326, 2, 0.25),
        ];
        let line = self.stroke(&under, |t| {
            self.line * 0.75 * (PI * t).sin().max(0.0).powf(0.7)
        });
        lay(picture, self.ink_with(tones.deep, 0.25), &line, 0.75);
        for (nostril, wing, inner) in [(98, 64, 97), (327, 294, 326)] {
            let points = [
                self.between(nostril, wing, 0.25),
                self.at(nostril),
                self.between(nostril, inner, 0.5),
            ];
            let line = self.stroke(&points, |t| self.line * 0.5 * (PI * t).sin().max(0.0));
            lay(picture, self.ink_with(tones.deep, 0.2), &line, 0.22);
        }
        let tip = self.raised(self.at(4), 0.012);
        lay(
            picture,
            tones.light,
            &self.ellipse(tip, [0.014, 0.010]),
            0.8,
        );
    }

    fn mouth(&self, tones: &Tones, beard: &Beard, picture: &mut RgbRaster) {
        let model = self.model;
        let lip = self.lip_colour(tones);
        let made_up = lip.1;
        lay(
            picture,
            lip.0.map(|v| v * 0.86),
            &self.outline(&UPPER_LIP),
            0.22 + 0.5 * made_up,
        );
        lay(
            picture,
            lip.0,
            &self.outline(&LOWER_LIP),
            0.16 + 0.5 * made_up,
        );
        let shine = self.ellipse(self.between(14, 17, 0.45), [0.022, 0.006]);
        let bright = lip.0.map(|value| (value * 1.25 + 0.06).min(1.0));
        lay(picture, bright, &shine, 0.15 + 0.5 * made_up);
        let [upper, lower] = [self.at(13), self.at(14)];
        let gap = (upper[0] - lower[0]).hypot(upper[1] - lower[1]) / model.face_height();
        let ink = self.ink_with(lip.0, 0.3);
        if gap > OPEN {
            self.open_mouth(picture, ink);
        }
        // A drawn mouth smiles a little: its corners are raised.
        let mut edge = model.head.landmarks.all_at(&UPPER_INNER);
        edge[0] = self.raised(self.between(61, 78, 0.4), 0.012);
        edge[10] = self.raised(self.between(291, 308, 0.4), 0.012);
        edge[1] = self.raised(edge[1], 0.006);
        edge[9] = self.raised(edge[9], 0.006);
        let line = self.stroke(&edge, |t| {
            let swell = (2.0 * PI * t).sin().abs().sqrt() * 0.45;
            self.line * (0.60 + swell) * (6.0 * t).min(6.0 * (1.0 - t)).min(1.0)
        });
        lay(picture, ink, &line, 0.9);
        let below = [
            self.between(84, 83, 0.4),
            self.between(17, 18, 0.45),
            self.between(314, 313, 0.4),
        ];
        let shade = self.stroke(&below, |t| self.line * 0.8 * (PI * t).sin().max(0.0));
        lay(
            picture,
            mix_rgb(tones.shadow, tones.deep, 0.4),
            &without(&shade, &beard.shape),
            0.6,
        );
    }

    fn outline(&self, indices: &[usize]) -> Mask {
        self.fill(&self.model.head.landmarks.all_at(indices), 0.003)
    }

    /// The lips' own colour, and how much it is made up.
    fn lip_colour(&self, tones: &Tones) -> (Rgb, f32) {
        let model = self.model;
        let lab = &model.flat_lab;
        let own: Lab = median_where(lab, 30, |x, y| {
            model.lips.row(y)[x] > 0.8 && model.mouth.row(y)[x] < 0.2
        })
        .unwrap_or(model.skin);
        let colour = from_lab([
            (own[0] + 8.0).clamp(tones.lightness - 20.0, tones.lightness - 9.0),
            own[1] * 1.1 + 4.0,
            own[2] * 0.95,
        ]);
        let away = chroma([0.0, own[1] - model.skin[1], own[2] - model.skin[2]]);
        (colour, smoothstep(10.0, 24.0, away))
    }

    fn open_mouth(&self, picture: &mut RgbRaster, ink: Rgb) {
        const INSIDE: Rgb = [0.42, 0.13, 0.15];
        const TEETH: Rgb = [0.955, 0.94, 0.925];
        let model = self.model;
        let inside = self.outline(&MOUTH);
        let mut lights: Vec<f32> = Vec::new();
        let photo = lab_raster(&model.head.photo);
        for y in 0..model.height() {
            for (x, &covered) in inside.row(y).iter().enumerate() {
                if covered > 0.8 {
                    lights.push(photo.row(y)[x][0]);
                }
            }
        }
        let shows_teeth =
            super::canvas::percentile(&mut lights, 0.85) > (model.skin[0] * 0.72).max(45.0);
        lay(picture, INSIDE, &inside, 1.0);
        if shows_teeth {
            let mut corners = model.head.landmarks.all_at(&UPPER_INNER);
            let pairs = UPPER_INNER.iter().zip(LOWER_INNER).rev();
            corners.extend(pairs.map(|(&upper, lower)| self.between(lower, upper, 0.28)));
            lay(
                picture,
                TEETH,
                &both(&self.fill(&corners, 0.002), &inside),
                1.0,
            );
        }
        let lower = model.head.landmarks.all_at(&LOWER_INNER);
        let line = self.stroke(&lower, |t| self.line * 0.45 * (PI * t).sin().max(0.0));
        lay(picture, ink, &line, 0.7);
    }

    /// One tapered stroke each, as thick as the guest's own.
    fn brows(&self, picture: &mut RgbRaster) {
        let model = self.model;
        let own = median_where(&model.flat_lab, 20, |x, y| model.brows.row(y)[x] > 0.8);
        let own = own.map_or(model.ink(), |lab| from_lab(lab).map(|value| value * 0.65));
        let colour = self.ink_with(own, 0.55);
        for (upper, lower) in &BROWS {
            let pairs = upper.iter().zip(lower);
            let middle: Vec<[f32; 2]> = pairs
                .clone()
                .map(|(&above, &below)| self.between(above, below, 0.45))
                .collect();
            let thick = pairs
                .map(|(&above, &below)| {
                    let (a, b) = (self.at(above), self.at(below));
                    (a[0] - b[0]).hypot(a[1] - b[1])
                })
                .sum::<f32>()
                / 5.0;
            let thick = (thick * 0.80).max(model.face_height() * 0.020);
            let line = self.stroke(&middle, |t| {
                thick * (0.25 + 2.6 * t).min(1.0) * (1.0 - 0.25 * t)
            });
            lay(picture, colour, &line, 0.92);
        }
    }
}
