//! Tells the people of a group apart: each pixel goes to the face from which the way to it is shortest.
//!
//! Ways run inside the matte, avoid colours that a person does not wear, and cost more across edges.

use super::close_up::typical_height;
use crate::colour::{Lab, delta_e, lab_raster, smoothstep};
use crate::drawing::{fill_polygon, grow};
use crate::faces::{FaceAxes, Landmarks};
use crate::filter::{ColourGuide, gaussian_mask, resize_mask, resize_rgb};
use crate::mesh_regions::OVAL;
use crate::mixture::Mixture;
use crate::{Mask, RgbRaster};
use rayon::prelude::*;

/// Height of a typical face where ways are measured, in pixels.
const FACE_PIXELS: f32 = 50.0;
/// What a step costs outside the matte, and over another's face, beside 1 inside it.
const OUTSIDE: f32 = 6.0;
const OTHERS_FACE: f32 = 60.0;
/// What a colour costs that a person does not wear, as a share of the step.
const STRANGE_COLOUR: f32 = 2.0;
/// What a step of ten units of CIELAB costs, in tenths of a face.
const COLOUR_STEP: f32 = 0.42;
/// How far from the face's oval a way begins: on the neck, the crown and the torso.
const FROM_NECK: f32 = 0.04;
const FROM_CROWN: f32 = 0.12;
const FROM_TORSO: f32 = 0.30;
/// Farther than this from a face, in face heights, above the eyes nothing is this person's.
const LONGEST: f32 = 0.85;
const FAR: f32 = 1e6;
/// Sweeps down and up; more change nothing.
const SWEEPS: usize = 4;

/// One share for each person, at some small size; they sum to 1 or less.
pub(super) fn tell_apart(photo: &RgbRaster, matte: &Mask, people: &[Landmarks]) -> Vec<Mask> {
    let scale = (FACE_PIXELS / typical_height(people)).min(1.0);
    let width = ((photo.width() as f32 * scale) as usize).max(8);
    let height = ((photo.height() as f32 * scale) as usize).max(8);
    let picture = resize_rgb(photo, width, height);
    let ground = Ground {
        lab: lab_raster(&picture),
        matte: resize_mask(matte, width, height),
        people: people.iter().map(|person| smaller(person, scale)).collect(),
    };
    let ovals: Vec<Mask> = ground
        .people
        .iter()
        .map(|person| fill_polygon(width, height, &grow(&person.all_at(&OVAL), 0.04)))
        .collect();
    let ways: Vec<Mask> = (0..people.len())
        .into_par_iter()
        .map(|index| ground.ways(index, &ovals))
        .collect();
    let typical = FACE_PIXELS.min(typical_height(people));
    share_out(&picture, &ground, &ways, typical)
}

fn smaller(person: &Landmarks, scale: f32) -> Landmarks {
    person.mapped(scale, |point| {
        point.map(|value| (value + 0.5) * scale - 0.5)
    })
}

struct Ground {
    lab: RgbRaster,
    matte: Mask,
    people: Vec<Landmarks>,
}

impl Ground {
    /// The shortest way from a person's face to every pixel, in that person's face heights.
    fn ways(&self, index: usize, ovals: &[Mask]) -> Mask {
        let axes = FaceAxes::of(&self.people[index]);
        let (width, height) = (self.matte.width(), self.matte.height());
        let is_others = Mask::from_fn(width, height, |x, y| {
            let own = ovals[index].row(y)[x] > 0.5;
            let others = ovals
                .iter()
                .enumerate()
                .any(|(other, oval)| other != index && oval.row(y)[x] > 0.5);
            f32::from(u8::from(others && !own))
        });
        let mut distances = Mask::from_fn(width, height, |x, y| {
            if is_others.row(y)[x] > 0.5 {
                return FAR;
            }
            if ovals[index].row(y)[x] > 0.5 {
                return 0.0;
            }
            let from = start(&axes, axes.place([x as f32, y as f32]));
            if self.matte.row(y)[x] > 0.5 {
                from * axes.face_height
            } else {
                FAR
            }
        });
        let familiar = self.familiarity(&axes, &distances, &ovals[index]);
        let costs = Mask::from_fn(width, height, |x, y| {
            if is_others.row(y)[x] > 0.5 {
                return OTHERS_FACE;
            }
            let outside = 1.0 + OUTSIDE * (1.0 - self.matte.row(y)[x]);
            outside * (1.0 + STRANGE_COLOUR * (1.0 - familiar.row(y)[x]))
        });
        let colour_cost = COLOUR_STEP * axes.face_height / 100.0;
        for _ in 0..SWEEPS {
            sweep(&self.lab, &costs, &mut distances, colour_cost, false);
            sweep(&self.lab, &costs, &mut distances, colour_cost, true);
        }
        distances.map(|distance| distance / axes.face_height)
    }

    /// How much each pixel looks like something that this person wears or is, 0 to 1.
    fn familiarity(&self, axes: &FaceAxes, starts: &Mask, oval: &Mask) -> Mask {
        let (width, height) = (self.matte.width(), self.matte.height());
        let colours = |is_wanted: &dyn Fn([f32; 2], f32) -> bool| -> Vec<Lab> {
            let mut found = Vec::new();
            for y in 0..height {
                for x in 0..width {
                    let is_start = starts.row(y)[x] < FAR && self.matte.row(y)[x] > 0.5;
                    let place = axes.place([x as f32, y as f32]);
                    if is_start && is_wanted(place, oval.row(y)[x]) {
                        found.push(self.lab.row(y)[x]);
                    }
                }
            }
            found
        };
        let models = [
            Mixture::fit(&colours(&|_, oval| oval > 0.5), 3),
            Mixture::fit(
                &colours(&|place, oval| oval <= 0.5 && is_crown(axes, place)),
                3,
            ),
            Mixture::fit(&colours(&|place, _| is_torso(axes, place)), 4),
        ];
        let likely = Mask::from_fn(width, height, |x, y| {
            let colour = self.lab.row(y)[x];
            let density = models
                .iter()
                .map(|model| model.density(colour))
                .fold(0.0, f32::max);
            smoothstep(-7.0, -4.6, (density + 1e-12).log10())
        });
        gaussian_mask(&likely, 1.0)
    }
}

/// How far a way has come where it may begin.
fn start(axes: &FaceAxes, place: [f32; 2]) -> f32 {
    let [u, v] = place;
    let is_neck = u.abs() < axes.half_width * 0.55 && v > axes.chin - 0.2 && v < axes.chin + 0.22;
    if is_neck {
        FROM_NECK
    } else if is_crown(axes, place) {
        FROM_CROWN
    } else if is_torso(axes, place) {
        FROM_TORSO
    } else {
        FAR
    }
}

/// Straight above the face, where a skull must be.
fn is_crown(axes: &FaceAxes, [u, v]: [f32; 2]) -> bool {
    (u / (axes.half_width * 0.80)).hypot((v + 0.18) / 0.56) < 1.0 && v < -0.25
}

fn is_torso(axes: &FaceAxes, [u, v]: [f32; 2]) -> bool {
    let half = axes.half_width * (0.6 + (v - axes.chin - 0.15).clamp(0.0, 0.5));
    u.abs() < half && v > axes.chin + 0.18 && v < axes.chin + 1.2
}

/// One pass of a raster-scan distance transform, downwards or upwards.
fn sweep(lab: &RgbRaster, costs: &Mask, distances: &mut Mask, colour_cost: f32, upwards: bool) {
    const NEIGHBOURS: [(isize, isize, f32); 4] = [
        (-1, 0, 1.0),
        (-1, -1, std::f32::consts::SQRT_2),
        (0, -1, 1.0),
        (1, -1, std::f32::consts::SQRT_2),
    ];
    let (width, height) = (lab.width(), lab.height());
    let (lab, costs) = (lab.pixels(), costs.pixels());
    let distances = distances.pixels_mut();
    for step in 0..width * height {
        let index = if upwards {
            width * height - 1 - step
        } else {
            step
        };
        let (x, y) = ((index % width) as isize, (index / width) as isize);
        let mut best = distances[index];
        for (dx, dy, length) in NEIGHBOURS {
            let (dx, dy) = if upwards { (-dx, -dy) } else { (dx, dy) };
            let (other_x, other_y) = (x + dx, y + dy);
            if other_x < 0 || other_y < 0 || other_x >= width as isize || other_y >= height as isize
            {
                continue;
            }
            let other = other_y as usize * width + other_x as usize;
            if distances[other] >= best {
                continue;
            }
            let colour = delta_e(lab[index], lab[other]);
            let cost = 0.5 * (costs[index] + costs[other]);
            best = best.min(distances[other] + cost * (length + colour_cost * colour));
        }
        distances[index] = best;
    }
}

/// Everyone's share of each pixel, soft along the picture's edges; far from a head it fades.
fn share_out(picture: &RgbRaster, ground: &Ground, ways: &[Mask], face_height: f32) -> Vec<Mask> {
    let (width, height) = (picture.width(), picture.height());
    let radius = (face_height * 0.06).max(2.0) as usize;
    let guide = ColourGuide::of(picture, radius, 2e-4);
    let soft: Vec<Mask> = (0..ways.len())
        .map(|index| {
            let nearest = Mask::from_fn(width, height, |x, y| {
                let own = ways[index].row(y)[x];
                let is_nearest = ways.iter().enumerate().all(|(other, way)| {
                    let theirs = way.row(y)[x];
                    own < theirs || (own == theirs && index <= other)
                });
                f32::from(u8::from(is_nearest))
            });
            guide
                .filter(&nearest)
                .map(|value| ((value - 0.2) / 0.6).clamp(0.0, 1.0))
        })
        .collect();
    (0..ways.len())
        .map(|index| {
            let axes = FaceAxes::of(&ground.people[index]);
            Mask::from_fn(width, height, |x, y| {
                let sum: f32 = soft.iter().map(|share| share.row(y)[x]).sum::<f32>() + 1e-6;
                let [_, v] = axes.place([x as f32, y as f32]);
                let longest = LONGEST * (1.0 + 0.6 * smoothstep(-0.25, -0.05, v));
                let near = if v < axes.chin {
                    1.0 - smoothstep(longest, longest * 1.25, ways[index].row(y)[x])
                } else {
                    1.0
                };
                soft[index].row(y)[x] / sum * near
            })
        })
        .collect()
}
