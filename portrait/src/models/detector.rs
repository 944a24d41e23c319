//! Where faces are: MediaPipe's `BlazeFace` detectors, full range (192 x 192) and short range (128 x 128).

use super::frame::Frame;
use super::network::Network;
use super::tensor::{Tensor, every_batch, in_batches, sigmoid};
use crate::RgbRaster;
use crate::runtime::Runtime;
use std::path::Path;

/// Numbers a raw box has: centre, size and six points.
const BOX_VALUES: usize = 16;
/// Boxes overlapping at least this much (intersection over union) are one face.
const SAME_FACE_OVERLAP: f32 = 0.3;

/// A face as a detector sees it, in pixels of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Face {
    /// 0 to 1.
    pub score: f32,
    /// Left, top, right, bottom: brows to chin.
    pub bounds: [f32; 4],
    /// Eye on the left of the picture, the other eye, nose, mouth, ear on the left, the other ear.
    pub key_points: [[f32; 2]; 6],
}

impl Face {
    pub(crate) fn centre(&self) -> [f32; 2] {
        let [left, top, right, bottom] = self.bounds;
        [(left + right) / 2.0, (top + bottom) / 2.0]
    }

    /// The longer side of the bounds, in pixels.
    pub(crate) fn size(&self) -> f32 {
        let [left, top, right, bottom] = self.bounds;
        (right - left).max(bottom - top)
    }

    /// How much of the smaller of two bounds lies inside the other.
    pub(crate) fn containment(&self, other: &Self) -> f32 {
        let (a, b) = (self.bounds, other.bounds);
        shared_area(a, b) / area(a).min(area(b)).max(f32::EPSILON)
    }

    /// Intersection over union of two faces' bounds.
    pub(crate) fn overlap(&self, other: &Self) -> f32 {
        let (a, b) = (self.bounds, other.bounds);
        let shared = shared_area(a, b);
        shared / (area(a) + area(b) - shared).max(f32::EPSILON)
    }

    /// The same face in a picture `scale` times larger of which this one was cut at `left`, `top`.
    pub(crate) fn moved(&self, scale: f32, [left, top]: [f32; 2]) -> Self {
        let [x0, y0, x1, y1] = self.bounds;
        let place = |x: f32, y: f32| [x * scale + left, y * scale + top];
        let ([x0, y0], [x1, y1]) = (place(x0, y0), place(x1, y1));
        Self {
            score: self.score,
            bounds: [x0, y0, x1, y1],
            key_points: self.key_points.map(|[x, y]| place(x, y)),
        }
    }
}

fn shared_area(a: [f32; 4], b: [f32; 4]) -> f32 {
    area([
        a[0].max(b[0]),
        a[1].max(b[1]),
        a[2].min(b[2]),
        a[3].min(b[3]),
    ])
}

fn area([left, top, right, bottom]: [f32; 4]) -> f32 {
    (right - left).max(0.0) * (bottom - top).max(0.0)
}

/// One detector and the anchors that its raw boxes are relative to.
pub(crate) struct Detector {
    network: Network,
    side: usize,
    /// Centres, 0 to 1 across the square.
    anchors: Vec<[f32; 2]>,
}

impl Detector {
    /// Opens `face_detector_full.onnx`: people up to about five metres away.
    pub(crate) fn load_full(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        let network = Network::open(runtime, models, "face_detector_full.onnx")?;
        Ok(Self {
            network,
            side: 192,
            anchors: anchor_grid(48, 1),
        })
    }

    /// Opens `face_detector_short.onnx`: close-ups.
    pub(crate) fn load_short(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        let network = Network::open(runtime, models, "face_detector_short.onnx")?;
        let anchors = [anchor_grid(16, 2), anchor_grid(8, 6)].concat();
        Ok(Self {
            network,
            side: 128,
            anchors,
        })
    }

    /// Runs the network on nothing, in every size of batch.
    pub(crate) fn warm_up(&self) -> ort::Result<()> {
        let grey = RgbRaster::filled(self.side, self.side, [0.5; 3]);
        self.run(&every_batch(&grey), 1.0).map(|_| ())
    }

    /// For every picture the faces that score `threshold` or more, best first, each once.
    pub(crate) fn run(
        &self,
        pictures: &[RgbRaster],
        threshold: f32,
    ) -> ort::Result<Vec<Vec<Face>>> {
        let mut faces = Vec::with_capacity(pictures.len());
        for batch in in_batches(pictures) {
            let frames: Vec<Frame> = batch
                .iter()
                .map(|picture| Frame::of(picture, self.side))
                .collect();
            let squares: Vec<RgbRaster> = frames
                .iter()
                .zip(batch)
                .map(|(frame, picture)| frame.fill(picture))
                .collect();
            let outputs = self
                .network
                .run(vec![("input", Tensor::of_all(&squares))])?;
            let (boxes, logits) = (outputs.get("boxes")?, outputs.get("scores")?);
            for ((frame, boxes), logits) in frames.iter().zip(boxes.members()).zip(logits.members())
            {
                let candidates = self.read(boxes, logits, threshold);
                let candidates = candidates.map(|face| frame.to_picture(&face)).collect();
                faces.push(merge_overlapping(candidates));
            }
        }
        Ok(faces)
    }

    /// Every box that may be a face, in pixels of the square.
    fn read(&self, boxes: &[f32], logits: &[f32], threshold: f32) -> impl Iterator<Item = Face> {
        let side = self.side as f32;
        let boxes = self.anchors.iter().zip(boxes.as_chunks::<BOX_VALUES>().0);
        boxes
            .zip(logits)
            .filter_map(move |((anchor, raw), &logit)| {
                let score = sigmoid(logit);
                (score >= threshold).then(|| decode(score, raw, anchor.map(|a| a * side)))
            })
    }
}

/// Cell centres of a square grid, row by row, each so many times.
fn anchor_grid(cells: usize, times: usize) -> Vec<[f32; 2]> {
    let centre = |cell: usize| (cell as f32 + 0.5) / cells as f32;
    (0..cells * cells)
        .flat_map(|cell| std::iter::repeat_n([centre(cell % cells), centre(cell / cells)], times))
        .collect()
}

/// A raw box: everything relative to the anchor, in pixels of the square.
fn decode(score: f32, raw: &[f32; BOX_VALUES], [x, y]: [f32; 2]) -> Face {
    let (centre_x, centre_y) = (raw[0] + x, raw[1] + y);
    let (half_width, half_height) = (raw[2] / 2.0, raw[3] / 2.0);
    Face {
        score,
        bounds: [
            centre_x - half_width,
            centre_y - half_height,
            centre_x + half_width,
            centre_y + half_height,
        ],
        key_points: std::array::from_fn(|point| [raw[4 + 2 * point] + x, raw[5 + 2 * point] + y]),
    }
}

/// Weighted non-maximum suppression: each face is the mean, by score, of all boxes that see it,
/// which is steadier than the best box alone. (Bazarevsky et al., "`BlazeFace`", 2019.)
fn merge_overlapping(mut candidates: Vec<Face>) -> Vec<Face> {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut faces = Vec::new();
    while let Some(&best) = candidates.first() {
        let (same, others) = candidates
            .into_iter()
            .partition(|face| best.overlap(face) >= SAME_FACE_OVERLAP);
        faces.push(mean(best.score, same));
        candidates = others;
    }
    faces
}

fn mean(score: f32, faces: Vec<Face>) -> Face {
    let total: f32 = faces.iter().map(|face| face.score).sum();
    let average = |value: &dyn Fn(&Face) -> f32| {
        faces
            .iter()
            .map(|face| value(face) * face.score)
            .sum::<f32>()
            / total
    };
    Face {
        score,
        bounds: std::array::from_fn(|side| average(&|face| face.bounds[side])),
        key_points: std::array::from_fn(|point| {
            std::array::from_fn(|axis| average(&|face| face.key_points[point][axis]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(score: f32, left: f32) -> Face {
        Face {
            score,
            bounds: [left, 0.0, left + 10.0, 10.0],
            key_points: [[left + 5.0, 5.0]; 6],
        }
    }

    #[test]
    fn boxes_of_one_face_become_their_weighted_mean() {
        let merged = merge_overlapping(vec![face(0.6, 2.0), face(0.9, 0.0), face(0.8, 100.0)]);
        assert_eq!(merged.len(), 2);
        assert!((merged[0].bounds[0] - 0.8).abs() < 1e-5, "{:?}", merged[0]);
        assert!((merged[0].key_points[3][0] - 5.8).abs() < 1e-5);
        assert!((merged[0].score - 0.9).abs() < 1e-6);
    }

    #[test]
    fn anchors_are_as_many_as_the_networks_boxes() {
        assert_eq!(anchor_grid(48, 1).len(), 2304);
        assert_eq!(anchor_grid(16, 2).len() + anchor_grid(8, 6).len(), 896);
        assert_eq!(anchor_grid(8, 6)[6], [1.5 / 8.0, 0.5 / 8.0]);
    }
}
