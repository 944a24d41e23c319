//! Where faces are: MediaPipe's `BlazeFace` detectors, full range (192 x 192) and short range (128 x 128).

use super::tensor::{self, sigmoid};
use crate::RgbRaster;
use crate::filter::{fit_long_side, resize_rgb};
use crate::runtime::Runtime;
use ort::session::Session;
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
    session: Session,
    side: usize,
    /// Centres, 0 to 1 across the square.
    anchors: Vec<[f32; 2]>,
}

impl Detector {
    /// Opens `face_detector_full.onnx`: people up to about five metres away.
    pub(crate) fn load_full(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        let session = runtime.session(&models.join("face_detector_full.onnx"))?;
        Ok(Self {
            session,
            side: 192,
            anchors: anchor_grid(48, 1),
        })
    }

    /// Opens `face_detector_short.onnx`: close-ups.
    pub(crate) fn load_short(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        let session = runtime.session(&models.join("face_detector_short.onnx"))?;
        let anchors = [anchor_grid(16, 2), anchor_grid(8, 6)].concat();
        Ok(Self {
            session,
            side: 128,
            anchors,
        })
    }

    /// Faces that score `threshold` or more, best first, each once.
    pub(crate) fn run(&mut self, picture: &RgbRaster, threshold: f32) -> ort::Result<Vec<Face>> {
        let side = self.side as f32;
        let scale = picture.width().max(picture.height()) as f32 / side;
        let (width, height) = fit_long_side(picture.width(), picture.height(), self.side);
        let (left, top) = ((self.side - width) / 2, (self.side - height) / 2);
        let square = letterbox(&resize_rgb(picture, width, height), self.side, left, top);

        let outputs = tensor::run(&mut self.session, "input", tensor::planes(&square)?)?;
        let boxes = tensor::values(&outputs, "boxes")?;
        let logits = tensor::values(&outputs, "scores")?;
        let candidates = self
            .anchors
            .iter()
            .zip(boxes.as_chunks::<BOX_VALUES>().0)
            .zip(logits)
            .filter_map(|((anchor, raw), &logit)| {
                let score = sigmoid(logit);
                (score >= threshold).then(|| decode(score, raw, anchor.map(|a| a * side)))
            })
            .map(|face| face.moved(1.0, [-(left as f32), -(top as f32)]))
            .map(|face| face.moved(scale, [0.0, 0.0]))
            .collect();
        Ok(merge_overlapping(candidates))
    }
}

/// Cell centres of a square grid, row by row, each so many times.
fn anchor_grid(cells: usize, times: usize) -> Vec<[f32; 2]> {
    let centre = |cell: usize| (cell as f32 + 0.5) / cells as f32;
    (0..cells * cells)
        .flat_map(|cell| std::iter::repeat_n([centre(cell % cells), centre(cell / cells)], times))
        .collect()
}

/// The picture in the middle of a square, its values -1 to 1 and 0 around it: what the networks
/// were trained with.
fn letterbox(picture: &RgbRaster, side: usize, left: usize, top: usize) -> RgbRaster {
    let mut square = RgbRaster::filled(side, side, [0.0; 3]);
    for y in 0..picture.height() {
        let start = (top + y) * side + left;
        let row = &mut square.pixels_mut()[start..start + picture.width()];
        for (target, pixel) in row.iter_mut().zip(picture.row(y)) {
            *target = pixel.map(|value| value * 2.0 - 1.0);
        }
    }
    square
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
