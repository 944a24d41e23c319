//! Where an eye's lids lie, and where those of a drawn one do.

use super::Model;
use super::canvas::curve;
use crate::Mask;
use crate::drawing::{fill_polygon, grow, middle};
use crate::filter::gaussian_mask;
use crate::mesh_regions::{LEFT_EYE, LEFT_IRIS, RIGHT_EYE, RIGHT_IRIS};

/// An eye is closed when it is less open than this, over its width.
const CLOSED: f32 = 0.16;
/// How far a drawn upper lid lies higher, in face heights.
const LIFT: f32 = 0.02;

/// One eye's landmarks: iris, corners, lids from the outer corner, points above the crease.
pub(super) struct Points {
    pub iris: usize,
    pub outline: &'static [usize; 16],
    outer: usize,
    inner: usize,
    upper: [usize; 8],
    lower: [usize; 8],
    crease: [usize; 5],
}

pub(super) const EYES: [Points; 2] = [
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

/// An open eye as it is drawn, in pixels of the head.
pub(super) struct Lids {
    /// From the outer corner to the inner one.
    pub upper: Vec<[f32; 2]>,
    pub lower: Vec<[f32; 2]>,
    pub opening: Mask,
    pub width: f32,
    pub height: f32,
    pub iris: [f32; 2],
    pub outer: [f32; 2],
    pub inner: [f32; 2],
    pub crease: Vec<[f32; 2]>,
}

impl Lids {
    /// `None` for an eye that is closed.
    pub(super) fn of(model: &Model<'_>, points: &Points) -> Option<Self> {
        let landmarks = &model.head.landmarks;
        let (outer, inner) = (landmarks.at(points.outer), landmarks.at(points.inner));
        let width = distance(outer, inner).max(1.0);
        let lid = |indices: &[usize; 8]| {
            let mut path = vec![outer];
            path.extend(landmarks.all_at(indices));
            curve(&path)
        };
        let (mut upper, mut lower) = (lid(&points.upper), lid(&points.lower));
        if opening_of(&upper, &lower) < CLOSED * width {
            return None;
        }
        let zoom = Zoom::of(&upper, &lower, outer, inner);
        let [wider, taller] = model.recipe.eyes;
        for point in &mut upper {
            let [x, y] = zoom.apply(*point, [1.0 + wider, 1.0 + taller]);
            *point = [x, y - LIFT * model.face_height()];
        }
        for point in &mut lower {
            *point = zoom.apply(*point, [1.0 + wider, 1.0 + taller * 0.5]);
        }
        let corners = outline(&upper, &lower);
        Some(Self {
            opening: fill_polygon(model.width(), model.height(), &corners),
            crease: landmarks.all_at(&points.crease),
            height: opening_of(&upper, &lower),
            iris: zoom.apply(landmarks.at(points.iris), [1.05, 1.0]),
            upper,
            lower,
            width,
            outer,
            inner,
        })
    }

    /// The eye and so much more round it, softly.
    pub(super) fn surroundings(&self, model: &Model<'_>, by: f32, softness: f32) -> Mask {
        let grown = grow(&outline(&self.upper, &self.lower), by);
        let shape = fill_polygon(model.width(), model.height(), &grown);
        gaussian_mask(&shape, softness * model.face_height())
    }
}

fn outline(upper: &[[f32; 2]], lower: &[[f32; 2]]) -> Vec<[f32; 2]> {
    upper.iter().chain(lower.iter().rev()).copied().collect()
}

/// A change of size about an eye's middle, along the line between its corners and across it.
struct Zoom {
    centre: [f32; 2],
    along: [f32; 2],
}

impl Zoom {
    fn of(upper: &[[f32; 2]], lower: &[[f32; 2]], outer: [f32; 2], inner: [f32; 2]) -> Self {
        let (a, b) = (middle(upper), middle(lower));
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
