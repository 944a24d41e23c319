//! Glasses as cel animation draws them: clean frames along the photo's, clear lenses with a band of light.

use super::canvas::{both, lay, percentile, stroke, without};
use super::rims::{Lines, RAYS, Rays, Rim};
use super::{Draft, Model};
use crate::colour::{Lab, from_lab, smoothstep, to_lab};
use crate::drawing::{fill_polygon, middle};
use crate::filter::gaussian_mask;
use crate::mesh_regions::{LEFT_EYE, RIGHT_EYE};
use crate::{Mask, Rgb, RgbRaster};

/// Glasses are worn where the weaker lower rim and the line across the nose are this strong, and together this much.
/// Of 150 faces 14 wear glasses that are not thin wire; those have 0.53 and more, all others 0.45 at most.
const LEAST_RIM: f32 = 0.16;
const LEAST_BRIDGE: f32 = 0.20;
const LEAST_TOGETHER: f32 = 0.50;
/// How many rays to each side the frame's line is smoothed over.
const SMOOTH: isize = 5;
/// The rays of the left lens that bridge and arms start from.
const INNER: usize = 34;
const OUTER: usize = 20;
/// Points of the mesh where arms leave the face.
const TEMPLES: [usize; 2] = [127, 356];
/// Frames are drawn no lighter than this.
const MOST_LIGHTNESS: f32 = 45.0;

/// A guest's glasses.
pub(super) struct Glasses {
    /// Outlines in pixels of the head, clockwise from the right.
    lenses: [Vec<[f32; 2]>; 2],
    frame: Rgb,
    /// Width of the frame's line, in pixels.
    line: f32,
}

/// The guest's glasses, if they wear some.
pub(super) fn find(model: &Model<'_>) -> Option<Glasses> {
    let lines = Lines::of(model);
    let rays = [&LEFT_EYE, &RIGHT_EYE].map(|eye| Rays::from_eye(model, eye));
    let rims = [0, 1].map(|side| Rim::find(&rays[side], &lines));
    let rim = rims[0].low.min(rims[1].low);
    let bridge = lines.across_nose(model);
    if rim < LEAST_RIM || bridge < LEAST_BRIDGE || rim + bridge < LEAST_TOGETHER {
        return None;
    }
    let places = smooth_places(&rims);
    let lenses = [0, 1].map(|side| {
        (0..RAYS)
            .map(|ray| rays[side].pixel(ray, places[mirrored(ray, side)]))
            .collect::<Vec<_>>()
    });
    Some(Glasses {
        frame: frame_colour(model, &lenses),
        line: (0.011 + 0.012 * smoothstep(0.2, 0.5, rim)) * model.face_height(),
        lenses,
    })
}

/// The ray of the left eye that a ray of one side corresponds to: lenses are each other's mirror images.
fn mirrored(ray: usize, side: usize) -> usize {
    if side == 0 {
        ray
    } else {
        (RAYS + RAYS / 2 - ray) % RAYS
    }
}

/// One smooth line for both lenses, from where the photo's is strong.
fn smooth_places(rims: &[Rim; 2]) -> Vec<f32> {
    (0..RAYS)
        .map(|ray| {
            let (mut sum, mut weights) = (0.0, 0.0);
            for (side, rim) in rims.iter().enumerate() {
                for step in -SMOOTH..=SMOOTH {
                    let near = (ray as isize + step).rem_euclid(RAYS as isize) as usize;
                    let near = mirrored(near, side);
                    let falloff = 1.0 - step.abs() as f32 / (SMOOTH + 1) as f32;
                    let weight = falloff * (rim.strengths[near] + 0.02);
                    sum += weight * rim.places[near] as f32;
                    weights += weight;
                }
            }
            sum / weights
        })
        .collect()
}

/// The darker colours under the frame.
fn frame_colour(model: &Model<'_>, lenses: &[Vec<[f32; 2]>; 2]) -> Rgb {
    let scale = Draft::scale(model.head);
    let mut colours: Vec<Lab> = lenses
        .iter()
        .flatten()
        .map(|[x, y]| to_lab(model.draft.picture.sample(x / scale, y / scale)))
        .collect();
    colours.sort_by(|a, b| a[0].total_cmp(&b[0]));
    colours.truncate(colours.len().div_ceil(3));
    let [lightness, a, b] = [0, 1, 2].map(|axis| {
        percentile(
            &mut colours.iter().map(|lab| lab[axis]).collect::<Vec<_>>(),
            0.5,
        )
    });
    from_lab([lightness.min(MOST_LIGHTNESS) * 0.7, a * 0.7, b * 0.7])
}

impl Glasses {
    pub(super) fn draw(&self, model: &Model<'_>, picture: &mut RgbRaster) {
        let (width, height) = (model.width(), model.height());
        for lens in &self.lenses {
            draw_light(model, lens, picture);
        }
        let mut frame = Mask::filled(width, height, 0.0);
        let mut add = |points: &[[f32; 2]], width_at: &dyn Fn(f32) -> f32| {
            let line = stroke(width, height, points, width_at);
            frame = super::canvas::either(&frame, &line);
        };
        for lens in &self.lenses {
            let mut points = lens.clone();
            points.extend_from_slice(&lens[..2]);
            add(&points, &|_| self.line);
        }
        add(&self.bridge(model), &|_| self.line);
        for (side, temple) in TEMPLES.into_iter().enumerate() {
            let start = self.lenses[side][mirrored(OUTER, side)];
            let end = model.head.landmarks.at(temple);
            add(&[start, end], &|t| self.line * (1.0 - 0.3 * t));
        }
        let frame = without(&frame, &model.hair);
        lay(picture, self.frame, &frame, 0.95);
    }

    /// An arch between the lenses.
    fn bridge(&self, model: &Model<'_>) -> [[f32; 2]; 3] {
        let [from, to] = [0, 1].map(|side| self.lenses[side][mirrored(INNER, side)]);
        let [x, y] = middle(&[from, to]);
        let (sine, cosine) = model.head.landmarks.pose.roll.to_radians().sin_cos();
        let rise = 0.012 * model.face_height();
        [from, [x + sine * rise, y - cosine * rise], to]
    }
}

/// A faint sheen and two slanted bands of light.
fn draw_light(model: &Model<'_>, lens: &[[f32; 2]], picture: &mut RgbRaster) {
    let glass = fill_polygon(model.width(), model.height(), lens);
    lay(picture, [1.0; 3], &glass, 0.06);
    let [x, y] = middle(lens);
    let (size, side) = (model.face_height(), model.light_side());
    for (offset, half, amount) in [(-0.045, 0.014, 0.22), (-0.008, 0.006, 0.16)] {
        let at = |along: f32, down: f32| {
            let right = side * (offset + along - 0.5 * down);
            [x + right * size, y + down * size]
        };
        let corners = [
            at(-half, -0.2),
            at(half, -0.2),
            at(half, 0.2),
            at(-half, 0.2),
        ];
        let band = fill_polygon(model.width(), model.height(), &corners);
        let band = gaussian_mask(&both(&band, &glass), 0.7);
        lay(picture, [1.0; 3], &band, amount);
    }
}
