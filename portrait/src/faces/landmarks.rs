//! The 478 points of a face.

use super::{Face, Pose};
use crate::RgbRaster;
use crate::models::{FaceMesh, MeshCrop};

/// How much larger than the face's bounds the square is that the mesh network looks at.
const CROP_SCALE: f32 = 1.5;
/// Points of the mesh without the irises.
pub(crate) const MESH_POINTS: usize = 468;
/// Points at the upper and lower end of a face, and at its sides.
pub(crate) const FOREHEAD: usize = 10;
pub(crate) const CHIN: usize = 152;
pub(crate) const LEFT_CHEEK: usize = 234;
pub(crate) const RIGHT_CHEEK: usize = 454;

/// Points on one face.
#[derive(Clone, Debug)]
pub(crate) struct Landmarks {
    /// 478 points of MediaPipe's face mesh: x and y in photo pixels, z in the same unit, smaller
    /// towards the camera. The last ten are the irises.
    pub points: Vec<[f32; 3]>,
    pub pose: Pose,
    /// How sure the network is that this is a face, 0 to 1.
    pub presence: f32,
}

impl Landmarks {
    /// A point's place in the picture.
    pub(crate) fn at(&self, index: usize) -> [f32; 2] {
        let [x, y, _] = self.points[index];
        [x, y]
    }

    /// Several points' places in the picture.
    pub(crate) fn all_at(&self, indices: &[usize]) -> Vec<[f32; 2]> {
        indices.iter().map(|&index| self.at(index)).collect()
    }

    /// Forehead to chin in space, so that a nod does not change it: the unit of everything that is
    /// measured on a head.
    pub(crate) fn face_height(&self) -> f32 {
        self.distance(FOREHEAD, CHIN)
    }

    /// Cheek to cheek in space.
    pub(crate) fn face_width(&self) -> f32 {
        self.distance(LEFT_CHEEK, RIGHT_CHEEK)
    }

    /// The mean of all points.
    pub(crate) fn centre(&self) -> [f32; 2] {
        let mesh = &self.points[..MESH_POINTS];
        [0, 1].map(|axis| mesh.iter().map(|point| point[axis]).sum::<f32>() / mesh.len() as f32)
    }

    /// Left, top, right and bottom of all points.
    pub(crate) fn bounds(&self) -> [f32; 4] {
        let mut bounds = [
            f32::INFINITY,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::NEG_INFINITY,
        ];
        for &[x, y, _] in &self.points[..MESH_POINTS] {
            bounds = [
                bounds[0].min(x),
                bounds[1].min(y),
                bounds[2].max(x),
                bounds[3].max(y),
            ];
        }
        bounds
    }

    /// The longer side of the bounds.
    pub(crate) fn size(&self) -> f32 {
        let [left, top, right, bottom] = self.bounds();
        (right - left).max(bottom - top)
    }

    /// The same face in other coordinates; depths are scaled, the pose stays as it was read.
    pub(crate) fn mapped(&self, scale: f32, place: impl Fn([f32; 2]) -> [f32; 2]) -> Self {
        let points = self.points.iter().map(|&[x, y, z]| {
            let [x, y] = place([x, y]);
            [x, y, z * scale]
        });
        Self {
            points: points.collect(),
            pose: self.pose,
            presence: self.presence,
        }
    }

    fn distance(&self, from: usize, to: usize) -> f32 {
        (0..3)
            .map(|axis| (self.points[to][axis] - self.points[from][axis]).powi(2))
            .sum::<f32>()
            .sqrt()
    }
}

/// Reads every face.
///
/// # Errors
/// When the network fails.
pub(crate) fn find_landmarks(
    mesh: &FaceMesh,
    photo: &RgbRaster,
    faces: &[Face],
) -> ort::Result<Vec<Landmarks>> {
    let crops: Vec<MeshCrop> = faces.iter().map(crop_round).collect();
    let readings = mesh.run(photo, &crops)?;
    let landmarks = readings.into_iter().map(|reading| Landmarks {
        pose: Pose::of(&reading.points),
        points: reading.points,
        presence: reading.presence,
    });
    Ok(landmarks.collect())
}

fn crop_round(face: &Face) -> MeshCrop {
    let [left_eye, right_eye, ..] = face.key_points;
    MeshCrop {
        centre: face.centre(),
        side: face.size() * CROP_SCALE,
        angle: (right_eye[1] - left_eye[1]).atan2(right_eye[0] - left_eye[0]),
    }
}
