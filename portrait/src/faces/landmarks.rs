//! The 478 points of a face.

use super::{Face, Pose};
use crate::RgbRaster;
use crate::models::{FaceMesh, MeshCrop};

/// How much larger than the face's bounds the square is that the mesh network looks at.
const CROP_SCALE: f32 = 1.5;

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
