//! The face mesh as a surface: its triangles, and where its points lie in the plane of face paint.

use crate::faces::MESH_POINTS;
use serde::Deserialize;
use std::sync::LazyLock;

/// The canonical face: `uv_coords` of TensorFlow's facemesh, and the triangles of MediaPipe's tesselation
/// (both Apache-2.0).
#[derive(Debug, Deserialize)]
pub(super) struct Topology {
    /// For each point, right and down in the plane, 0 to 1.
    pub uv: Vec<[f32; 2]>,
    /// Indices of points, all turned the same way in the plane.
    pub triangles: Vec<[usize; 3]>,
}

pub(super) static TOPOLOGY: LazyLock<Topology> = LazyLock::new(|| {
    let topology: Topology = serde_json::from_str(include_str!("face_topology.json"))
        .expect("the committed topology is well-formed");
    assert_eq!(topology.uv.len(), MESH_POINTS);
    topology
});

/// A frontal face of 478 points in a square from 0 to 1, for tests without networks.
#[cfg(fuzzing)]
pub(crate) fn canonical_face() -> impl Iterator<Item = [f32; 2]> {
    // Lids stand for the irises.
    const LIDS: [usize; 10] = [159, 160, 158, 145, 153, 386, 385, 387, 374, 380];
    let irises = LIDS.map(|index| TOPOLOGY.uv[index]);
    TOPOLOGY.uv.iter().copied().chain(irises)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn triangles_name_points_and_all_turn_alike() {
        for &[a, b, c] in &TOPOLOGY.triangles {
            let [a, b, c] = [a, b, c].map(|index| TOPOLOGY.uv[index]);
            let area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
            assert!(area > 0.0, "{a:?} {b:?} {c:?}");
        }
    }
}
