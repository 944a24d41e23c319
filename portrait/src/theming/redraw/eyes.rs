//! Large eyes of cel animation: lids, a tall iris in two tones with highlights, lashes and a crease.

use super::Model;
use super::canvas::{both, curve, ellipse, lay, percentile, polar, shifted, stroke, without};
use super::skin::Tones;
use crate::colour::{luma, mix_rgb, smoothstep, to_lab};
use crate::drawing::fill_polygon;
use crate::filter::gaussian_mask;
use crate::mesh_regions::{LEFT_EYE, LEFT_IRIS, RIGHT_EYE, RIGHT_IRIS};
use crate::{Mask, Rgb, RgbRaster};

/// An eye is closed when it is less open than this, over its width.
const CLOSED: f32 = 0.16;
const WHITE: Rgb = [0.965, 0.965, 0.975];
const LID_SHADOW: Rgb = [0.45, 0.42, 0.55];
/// One eye's landmarks: iris, corners, lids from the outer corner, points above the crease.
struct Points {
    iris: usize,
    outline: &'static [usize; 16],
    outer: usize,
    inner: usize,
    upper: [usize; 8],
    lower: [usize; 8],
    crease: [usize; 5],
}

const EYES: [Points; 2] = [
    Points {
        iris: LEFT_IRIS,
        outline: &LEFT_EYE,
        outer: 33,
        inner: 133,
        upper: [246, 161, 160, 159, 158, 157, 173, 133],
        lower: [7, 163, 144, 145, 153, 154, 155, 133],
        crease: [247, 30, 29, 27, 56],
    },
    Points {
        iris: RIGHT_IRIS,
        outline: &RIGHT_EYE,
        outer: 263,
        inner: 362,
        upper: [466, 388, 387, 386, 385, 384, 398, 362],
        lower: [249, 390, 373, 374, 380, 381, 382, 362],
        crease: [467, 260, 259, 257, 286],
    },
];

pub(super) fn draw(model: &Model<'_>, tones: &Tones, picture: &mut RgbRaster) {
    let iris = IrisColour::of(model);
    for points in &EYES {
        let eye = Eye::of(model, points);
        if eye.openness < CLOSED {
            eye.draw_closed(model, tones, picture);
        } else {
            eye.draw_open(model, tones, &iris, picture);
        }
    }
}

/// The guest's own iris colour, made clearer; the same in both eyes.
struct IrisColour {
    hue: f32,
    chroma: f32,
    lightness: f32,
}

impl IrisColour {
    fn of(model: &Model<'_>) -> Self {
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

    fn tone(&self, lightness: f32, strength: f32) -> Rgb {
        polar(lightness, self.hue, self.chroma * strength)
    }
}

/// One eye as it is drawn.
struct Eye {
    upper: Vec<[f32; 2]>,
    lower: Vec<[f32; 2]>,
    opening: Mask,
    /// How far open it is over its width, as drawn.
    openness: f32,
    width: f32,
    height: f32,
    iris: [f32; 2],
    outer: [f32; 2],
    inner: [f32; 2],
    crease: Vec<[f32; 2]>,
}

impl Eye {
    fn of(model: &Model<'_>, points: &Points) -> Self {
        let landmarks = &model.head.landmarks;
        let (outer, inner) = (landmarks.at(points.outer), landmarks.at(points.inner));
        let width = distance(outer, inner).max(1.0);
        let lid = |indices: &[usize; 8]| {
            let mut path = vec![outer];
            path.extend(landmarks.all_at(indices));
            curve(&path)
        };
        let (mut upper, mut lower) = (lid(&points.upper), lid(&points.lower));
        let mut iris = landmarks.at(points.iris);
        if opening_of(&upper, &lower) / width > CLOSED {
            let zoom = Zoom::of(&upper, &lower, outer, inner);
            let [wider, taller] = model.recipe.eyes;
            let lift = 0.02 * model.face_height();
            for point in &mut upper {
                let [x, y] = zoom.apply(*point, [1.0 + wider, 1.0 + taller]);
                *point = [x, y - lift];
            }
            for point in &mut lower {
                *point = zoom.apply(*point, [1.0 + wider, 1.0 + taller * 0.5]);
            }
            iris = zoom.apply(iris, [1.05, 1.0]);
        }
        let height = opening_of(&upper, &lower);
        let mut corners = upper.clone();
        corners.extend(lower.iter().rev());
        Self {
            opening: fill_polygon(model.width(), model.height(), &corners),
            openness: height / width,
            crease: landmarks.all_at(&points.crease),
            upper,
            lower,
            width,
            height,
            iris,
            outer,
            inner,
        }
    }

    /// Lids that meet: one dark curve.
    fn draw_closed(&self, model: &Model<'_>, tones: &Tones, picture: &mut RgbRaster) {
        let clear = self.surroundings(model, 0.42, 0.006);
        lay(picture, tones.shadow, &clear, 0.9);
        let line = line_width(model);
        let lash = stroke(
            model.width(),
            model.height(),
            &sparse(&self.lower, 8),
            |t| line * (1.6 - 0.8 * t) * (7.0 * (1.0 - t) + 0.15).min(1.0),
        );
        lay(picture, model.ink(), &lash, 1.0);
    }

    fn draw_open(
        &self,
        model: &Model<'_>,
        tones: &Tones,
        colour: &IrisColour,
        picture: &mut RgbRaster,
    ) {
        lay(
            picture,
            tones.base,
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
        self.draw_lashes(model, tones, picture);
    }

    fn surroundings(&self, model: &Model<'_>, by: f32, softness: f32) -> Mask {
        let mut corners = self.upper.clone();
        corners.extend(self.lower.iter().rev());
        let grown = crate::drawing::grow(&corners, by);
        let shape = fill_polygon(model.width(), model.height(), &grown);
        gaussian_mask(&shape, softness * model.face_height())
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
        let side = model.light_side();
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
    fn draw_lashes(&self, model: &Model<'_>, tones: &Tones, picture: &mut RgbRaster) {
        let (size, line) = (model.face_height(), line_width(model));
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
        lay(picture, mix_rgb(model.ink(), tones.shadow, 0.2), &lid, 0.8);
        let anchors = [4, 14, 24, 36, 48].map(|index| self.upper[index]);
        let own = crate::drawing::middle(&self.crease);
        let lids = crate::drawing::middle(&anchors);
        let up = [0, 1].map(|axis| (own[axis] - lids[axis]) * 0.62);
        let path = anchors.map(|[x, y]| [x + up[0], y + up[1]]);
        let crease = stroke(width, height, &path, |t| {
            line * 0.6 * (std::f32::consts::PI * t).sin().max(0.0).powf(0.6)
        });
        lay(
            picture,
            mix_rgb(model.ink(), tones.shadow, 0.45),
            &crease,
            0.75,
        );
    }
}

/// A change of size about an eye's middle, along the line between its corners and across it.
struct Zoom {
    centre: [f32; 2],
    along: [f32; 2],
}

impl Zoom {
    fn of(upper: &[[f32; 2]], lower: &[[f32; 2]], outer: [f32; 2], inner: [f32; 2]) -> Self {
        let (a, b) = (crate::drawing::middle(upper), crate::drawing::middle(lower));
        let length = distance(outer, inner).max(1e-6);
        Self {
            centre: [0, 1].map(|axis| (a[axis] + b[axis]) / 2.0),
            along: [0, 1].map(|axis| (outer[axis] - inner[axis]) / length),
        }
    }

    fn apply(&self, point: [f32; 2], by: [f32; 2]) -> [f32; 2] {
        let (dx, dy) = (point[0] - self.centre[0], point[1] - self.centre[1]);
        let [ax, ay] = self.along;
        let (along, across) = ((dx * ax + dy * ay) * by[0], (dy * ax - dx * ay) * by[1]);
        [
            self.centre[0] + along * ax - across * ay,
            self.centre[1] + along * ay + across * ax,
        ]
    }
}

fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// How far two lids lie apart where they lie farthest.
fn opening_of(upper: &[[f32; 2]], lower: &[[f32; 2]]) -> f32 {
    upper
        .iter()
        .zip(lower)
        .map(|(a, b)| distance(*a, *b))
        .fold(0.0, f32::max)
}

fn sparse(path: &[[f32; 2]], step: usize) -> Vec<[f32; 2]> {
    let mut points: Vec<[f32; 2]> = path.iter().step_by(step).copied().collect();
    points.push(path[path.len() - 1]);
    points
}

fn line_width(model: &Model<'_>) -> f32 {
    0.0105 * model.face_height()
}
