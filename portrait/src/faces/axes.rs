//! Upright coordinates on a face: how far right and down of its centre, in face heights, whatever its roll.

use super::Landmarks;
use super::landmarks::{CHIN, LEFT_CHEEK, RIGHT_CHEEK};

/// How far the neck follows the middle between the cheeks when a head turns away from its centre.
const NECK_FOLLOWS: f32 = 0.8;

/// Where a face's parts lie in its own upright coordinates; the unit is the face's height.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FaceAxes {
    centre: [f32; 2],
    /// Forehead to chin, in pixels.
    pub face_height: f32,
    sine: f32,
    cosine: f32,
    /// How far down the chin is.
    pub chin: f32,
    /// Half of the face's width.
    pub half_width: f32,
    /// How far right the middle of the neck is.
    pub neck: f32,
}

impl FaceAxes {
    pub(crate) fn of(landmarks: &Landmarks) -> Self {
        let (sine, cosine) = landmarks.pose.roll.to_radians().sin_cos();
        let face_height = landmarks.face_height().max(1.0);
        let mut axes = Self {
            centre: landmarks.centre(),
            face_height,
            sine,
            cosine,
            chin: 0.0,
            half_width: 0.5 * landmarks.face_width() / face_height,
            neck: 0.0,
        };
        axes.chin = axes.place(landmarks.at(CHIN))[1];
        let cheeks = [LEFT_CHEEK, RIGHT_CHEEK].map(|cheek| axes.place(landmarks.at(cheek))[0]);
        axes.neck = (cheeks[0] + cheeks[1]) / 2.0 * NECK_FOLLOWS;
        axes
    }

    /// A pixel's place: right and down.
    pub(crate) fn place(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let (dx, dy) = (x - self.centre[0], y - self.centre[1]);
        [
            (dx * self.cosine + dy * self.sine) / self.face_height,
            (dy * self.cosine - dx * self.sine) / self.face_height,
        ]
    }

    /// The pixel at a place.
    pub(crate) fn pixel(&self, [u, v]: [f32; 2]) -> [f32; 2] {
        let (u, v) = (u * self.face_height, v * self.face_height);
        [
            self.centre[0] + u * self.cosine - v * self.sine,
            self.centre[1] + u * self.sine + v * self.cosine,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faces::Pose;

    #[test]
    fn places_and_pixels_are_each_others_way_back() {
        let mut points = vec![[100.0, 80.0, 0.0]; 478];
        points[super::super::landmarks::FOREHEAD] = [100.0, 40.0, 0.0];
        points[CHIN] = [100.0, 120.0, 0.0];
        points[LEFT_CHEEK] = [70.0, 80.0, 0.0];
        points[RIGHT_CHEEK] = [130.0, 80.0, 0.0];
        let pose = Pose {
            yaw: 0.0,
            pitch: 0.0,
            roll: 25.0,
        };
        let axes = FaceAxes::of(&Landmarks {
            points,
            pose,
            presence: 1.0,
        });
        assert!((axes.half_width - 0.375).abs() < 1e-3);
        let [x, y] = axes.pixel(axes.place([31.0, 97.0]));
        assert!((x - 31.0).abs() < 1e-3 && (y - 97.0).abs() < 1e-3);
    }
}
