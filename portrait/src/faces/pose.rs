//! Which way a face looks.

use super::landmarks::{CHIN, FOREHEAD, LEFT_CHEEK, RIGHT_CHEEK};

/// Outer corners of the eyes.
const LEFT_EYE_CORNER: usize = 33;
const RIGHT_EYE_CORNER: usize = 263;

/// Turns of a head, in degrees, 0 when it faces the camera upright.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pose {
    /// Positive towards the right of the picture.
    pub yaw: f32,
    /// Positive upwards.
    pub pitch: f32,
    /// Clockwise.
    pub roll: f32,
}

impl Pose {
    /// Reads the pose off the mesh's outermost points, whose depth is the surest.
    pub(super) fn of(points: &[[f32; 3]]) -> Self {
        let between = |from: usize, to: usize| -> [f32; 3] {
            std::array::from_fn(|axis| points[to][axis] - points[from][axis])
        };
        let [across_x, across_y, across_z] = between(LEFT_CHEEK, RIGHT_CHEEK);
        let [down_x, down_y, down_z] = between(FOREHEAD, CHIN);
        let [eyes_x, eyes_y, _] = between(LEFT_EYE_CORNER, RIGHT_EYE_CORNER);
        Self {
            yaw: across_z.atan2(across_x.hypot(across_y)).to_degrees(),
            pitch: (-down_z).atan2(down_x.hypot(down_y)).to_degrees(),
            roll: eyes_y.atan2(eyes_x).to_degrees(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A face as wide as it is tall, facing the camera, turned about the vertical, the horizontal and the line of sight.
    fn turned(yaw: f32, pitch: f32, roll: f32) -> Vec<[f32; 3]> {
        let mut points = vec![[0.0; 3]; 478];
        points[FOREHEAD] = [0.0, -100.0, 0.0];
        points[CHIN] = [0.0, 100.0, 0.0];
        points[LEFT_CHEEK] = [-100.0, 0.0, 0.0];
        points[RIGHT_CHEEK] = [100.0, 0.0, 0.0];
        points[LEFT_EYE_CORNER] = [-50.0, 0.0, 0.0];
        points[RIGHT_EYE_CORNER] = [50.0, 0.0, 0.0];
        let rotate = |[a, b]: [f32; 2], degrees: f32| {
            let (sine, cosine) = degrees.to_radians().sin_cos();
            [a * cosine - b * sine, a * sine + b * cosine]
        };
        for point in &mut points {
            let [x, y, z] = *point;
            let [x, z] = rotate([x, z], yaw);
            let [y, z] = rotate([y, z], -pitch);
            let [x, y] = rotate([x, y], roll);
            *point = [x, y, z];
        }
        points
    }

    #[test]
    fn reads_each_turn() {
        let is_near = |a: f32, b: f32| (a - b).abs() < 0.1;
        for degrees in [-60.0, -20.0, 0.0, 35.0] {
            assert!(is_near(Pose::of(&turned(degrees, 0.0, 0.0)).yaw, degrees));
            assert!(is_near(Pose::of(&turned(0.0, degrees, 0.0)).pitch, degrees));
            assert!(is_near(Pose::of(&turned(0.0, 0.0, degrees)).roll, degrees));
        }
    }
}
