//! The face's surface seen from the camera: its normals, and its place in the plane of face paint.

use super::topology::TOPOLOGY;
use crate::faces::{Landmarks, MESH_POINTS};
use crate::{Mask, Raster};

/// Places beyond a triangle's side that still count, so that neighbours leave no seam.
const SLACK: f32 = -1e-4;
/// Smaller triangles, in square pixels, are seen edge on.
const MIN_AREA: f32 = 1e-6;

/// What of the mesh is nearest the camera at each pixel.
pub(super) struct Surface {
    /// Unit vectors: right, down, towards the camera. Zero where there is no face.
    pub normals: Raster<[f32; 3]>,
    /// Right and down in the plane of face paint, 0 to 1.
    pub uv: Raster<[f32; 2]>,
    /// 1 where there is a face.
    pub covered: Mask,
}

impl Surface {
    /// Draws the mesh. `place` brings a point of the face into the raster.
    pub(super) fn draw(
        landmarks: &Landmarks,
        width: usize,
        height: usize,
        place: impl Fn([f32; 2]) -> [f32; 2],
    ) -> Self {
        let points: Vec<[f32; 3]> = landmarks.points[..MESH_POINTS]
            .iter()
            .map(|&[x, y, z]| {
                let [x, y] = place([x, y]);
                [x, y, z]
            })
            .collect();
        let normals = point_normals(landmarks);
        let mut surface = Self {
            normals: Raster::filled(width, height, [0.0; 3]),
            uv: Raster::filled(width, height, [0.0; 2]),
            covered: Mask::filled(width, height, 0.0),
        };
        let mut depths = Mask::filled(width, height, f32::INFINITY);
        for triangle in &TOPOLOGY.triangles {
            let corners = triangle.map(|index| points[index]);
            surface.draw_triangle(corners, triangle, &normals, &mut depths);
        }
        surface
    }

    fn draw_triangle(
        &mut self,
        [a, b, c]: [[f32; 3]; 3],
        triangle: &[usize; 3],
        normals: &[[f32; 3]],
        depths: &mut Mask,
    ) {
        let (width, height) = (self.covered.width(), self.covered.height());
        let area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        if area.abs() < MIN_AREA {
            return;
        }
        let range = |axis: usize, side: usize| {
            let low = a[axis].min(b[axis]).min(c[axis]).max(0.0) as usize;
            let high = (a[axis].max(b[axis]).max(c[axis]) + 1.0).max(0.0) as usize;
            low..(high + 1).min(side)
        };
        for y in range(1, height) {
            for x in range(0, width) {
                let (dx, dy) = (x as f32 - a[0], y as f32 - a[1]);
                let of_b = (dx * (c[1] - a[1]) - dy * (c[0] - a[0])) / area;
                let of_c = ((b[0] - a[0]) * dy - (b[1] - a[1]) * dx) / area;
                let shares = [1.0 - of_b - of_c, of_b, of_c];
                if shares.iter().any(|&share| share < SLACK) {
                    continue;
                }
                let depth = shares[0] * a[2] + shares[1] * b[2] + shares[2] * c[2];
                let index = y * width + x;
                if depth > depths.pixels()[index] {
                    continue;
                }
                depths.pixels_mut()[index] = depth;
                self.covered.pixels_mut()[index] = 1.0;
                self.normals.pixels_mut()[index] = blend(shares, triangle.map(|at| normals[at]));
                self.uv.pixels_mut()[index] = blend(shares, triangle.map(|at| TOPOLOGY.uv[at]));
            }
        }
    }
}

fn blend<const N: usize>(shares: [f32; 3], values: [[f32; N]; 3]) -> [f32; N] {
    std::array::from_fn(|axis| {
        (0..3)
            .map(|corner| shares[corner] * values[corner][axis])
            .sum()
    })
}

/// Each point's normal: the mean of its triangles', weighted by their area.
fn point_normals(landmarks: &Landmarks) -> Vec<[f32; 3]> {
    let mut normals = vec![[0.0; 3]; MESH_POINTS];
    for triangle in &TOPOLOGY.triangles {
        let [a, b, c] = triangle.map(|index| landmarks.points[index]);
        let side = |from: [f32; 3], to: [f32; 3]| -> [f32; 3] {
            std::array::from_fn(|axis| to[axis] - from[axis])
        };
        let [ux, uy, uz] = side(a, b);
        let [vx, vy, vz] = side(a, c);
        let normal = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
        for &index in triangle {
            for axis in 0..3 {
                normals[index][axis] += normal[axis];
            }
        }
    }
    // The mesh's depth grows away from the camera; the nose tells which way the triangles turn.
    let facing: f32 = [4, 5, 195, 151, 50, 280]
        .iter()
        .map(|&index| normals[index][2])
        .sum();
    let sign = if facing > 0.0 { -1.0 } else { 1.0 };
    for normal in &mut normals {
        let [x, y, z] = normal.map(|value| value * sign);
        *normal = normalize([x, y, -z]);
    }
    normals
}

/// A vector of length 1 in the same direction.
pub(super) fn normalize(vector: [f32; 3]) -> [f32; 3] {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    vector.map(|value| value / (length + 1e-6))
}
