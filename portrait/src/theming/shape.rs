//! The shape of a head as light sees it: the mesh's normals on the face, a dome's elsewhere.

use super::surface::{Surface, normalize};
use crate::filter::{distance_to, gaussian, gaussian_mask, resize_mask};
use crate::heads::Head;
use crate::{Mask, Raster};

/// Height of a face at which shapes are worked out, in pixels: light changes slowly.
const FACE_HEIGHT: f32 = 180.0;
/// How far from its outline a dome has risen to its full height, in face heights.
const DOME: f32 = 0.5;

/// Unit normals (right, down, towards the camera) of one head, some times smaller than it.
pub(super) struct Shape {
    /// How many times smaller.
    pub scale: f32,
    /// Face and dome.
    pub normals: Raster<[f32; 3]>,
    /// The dome alone, which has no features: for light on hair and edges.
    pub dome: Raster<[f32; 3]>,
}

impl Shape {
    pub(super) fn of(head: &Head) -> Self {
        let scale = (head.axes.face_height / FACE_HEIGHT).max(1.0).floor();
        let width = (head.alpha.width() as f32 / scale) as usize;
        let height = (head.alpha.height() as f32 / scale) as usize;
        let small = |[x, y]: [f32; 2]| [(x + 0.5) / scale - 0.5, (y + 0.5) / scale - 0.5];
        let face_height = head.axes.face_height / scale;
        let surface = Surface::draw(&head.landmarks, width, height, small);
        let dome = dome(&resize_mask(&head.alpha, width, height), face_height);
        let depth = distance_to(&surface.covered, |value| value < 0.5);
        let inner = depth.map(|d| f32::from(u8::from(d > (face_height * 0.03).max(1.0))));
        let inner = gaussian_mask(&inner, face_height * 0.035);
        let smooth = gaussian(&surface.normals, face_height * 0.012);
        let normals = Raster::from_fn(width, height, |x, y| {
            let share = inner.row(y)[x] * surface.covered.row(y)[x];
            let (face, dome) = (smooth.row(y)[x], dome.row(y)[x]);
            normalize(std::array::from_fn(|axis| {
                dome[axis] + (face[axis] - dome[axis]) * share
            }))
        });
        Self {
            scale,
            normals,
            dome,
        }
    }

    /// A head pixel's place in these rasters, along one axis.
    pub(super) fn place(&self, position: usize) -> f32 {
        (position as f32 + 0.5) / self.scale - 0.5
    }
}

/// The head's outline blown up: round at its edge, flat in its middle.
fn dome(alpha: &Mask, face_height: f32) -> Raster<[f32; 3]> {
    let radius = DOME * face_height;
    let heights = distance_to(alpha, |value| value <= 0.5).map(|depth| {
        let away = radius - depth.min(radius);
        (radius * radius - away * away).max(0.0).sqrt()
    });
    let heights = gaussian_mask(&heights, face_height * 0.035);
    Raster::from_fn(alpha.width(), alpha.height(), |x, y| {
        let (x, y) = (x as isize, y as isize);
        let dx = (heights.at_clamped(x + 1, y) - heights.at_clamped(x - 1, y)) * 0.5;
        let dy = (heights.at_clamped(x, y + 1) - heights.at_clamped(x, y - 1)) * 0.5;
        normalize([-dx, -dy, 0.8])
    })
}
