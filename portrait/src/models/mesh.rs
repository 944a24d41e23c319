//! 478 points on a face: MediaPipe's face mesh with attention to lips, eyes and irises (192 x 192).

use super::mesh_indices::{LEFT_EYE, LIPS, RIGHT_EYE};
use super::network::{Network, Outputs};
use super::tensor::{Tensor, every_batch, in_batches, sigmoid};
use crate::RgbRaster;
use crate::runtime::Runtime;
use std::path::Path;

/// Side of the square that the network sees.
const SIDE: usize = 192;
/// Points of the plain mesh; the irises follow it.
const PLAIN_POINTS: usize = 468;
/// Points of one iris: its centre, then right, top, left and bottom of its rim.
const IRIS_POINTS: usize = 5;
/// Points of a face.
const MESH_POINTS: usize = PLAIN_POINTS + 2 * IRIS_POINTS;
/// How many of an eye's indices are its outline.
const EYE_OUTLINE: usize = 16;
/// Samples a side that one crop pixel averages at most; more than that costs and shows nothing.
const MOST_SAMPLES: f32 = 4.0;

/// The turned square of a picture that the network looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MeshCrop {
    /// In picture pixels.
    pub centre: [f32; 2],
    /// In picture pixels.
    pub side: f32,
    /// Clockwise, in radians, so that the eyes are level in the crop.
    pub angle: f32,
}

impl MeshCrop {
    /// Crop pixel to picture pixel.
    fn place(&self, x: f32, y: f32) -> [f32; 2] {
        let scale = self.side / SIDE as f32;
        let (sine, cosine) = self.angle.sin_cos();
        let (dx, dy) = (
            (x - SIDE as f32 / 2.0) * scale,
            (y - SIDE as f32 / 2.0) * scale,
        );
        [
            self.centre[0] + dx * cosine - dy * sine,
            self.centre[1] + dx * sine + dy * cosine,
        ]
    }
}

/// What the network says about one crop.
#[derive(Clone, Debug)]
pub(crate) struct MeshReading {
    /// [`MESH_POINTS`] points: x and y in picture pixels, z in the same unit, smaller towards the camera.
    pub points: Vec<[f32; 3]>,
    /// How sure the network is that the crop shows a face, 0 to 1.
    pub presence: f32,
}

/// Finds the points of a face.
pub(crate) struct FaceMesh {
    network: Network,
}

impl FaceMesh {
    /// Opens `face_mesh_attention.onnx`.
    pub(crate) fn load(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        let network = Network::open(runtime, models, "face_mesh_attention.onnx")?;
        Ok(Self { network })
    }

    /// Runs the network on nothing, in every size of batch.
    pub(crate) fn warm_up(&self) -> ort::Result<()> {
        let crop = MeshCrop {
            centre: [96.0; 2],
            side: 192.0,
            angle: 0.0,
        };
        let grey = RgbRaster::filled(SIDE, SIDE, [0.5; 3]);
        self.run(&grey, &every_batch(&crop)).map(|_| ())
    }

    /// Reads faces. Beyond the picture's edge the network sees black.
    pub(crate) fn run(
        &self,
        picture: &RgbRaster,
        crops: &[MeshCrop],
    ) -> ort::Result<Vec<MeshReading>> {
        let mut readings = Vec::with_capacity(crops.len());
        for batch in in_batches(crops) {
            let squares: Vec<RgbRaster> = batch.iter().map(|crop| cut(picture, crop)).collect();
            let outputs = self
                .network
                .run(vec![("input", Tensor::of_all(&squares))])?;
            let heads = Heads::of(&outputs)?;
            readings.extend(
                batch
                    .iter()
                    .enumerate()
                    .map(|(face, crop)| heads.read(face, crop)),
            );
        }
        Ok(readings)
    }
}

/// The network's outputs, each with the faces of a batch one after another.
struct Heads<'a> {
    landmarks: &'a Tensor,
    /// Each with the points of the mesh that it replaces.
    refined: [(&'a Tensor, &'static [usize]); 3],
    /// Each with the outline of its eye.
    irises: [(&'a Tensor, &'static [usize]); 2],
    score: &'a Tensor,
}

impl<'a> Heads<'a> {
    fn of(outputs: &'a Outputs) -> ort::Result<Self> {
        Ok(Self {
            landmarks: outputs.get("landmarks")?,
            refined: [
                (outputs.get("lips")?, &LIPS),
                (outputs.get("left_eye")?, &LEFT_EYE),
                (outputs.get("right_eye")?, &RIGHT_EYE),
            ],
            irises: [
                (outputs.get("left_iris")?, &LEFT_EYE[..EYE_OUTLINE]),
                (outputs.get("right_iris")?, &RIGHT_EYE[..EYE_OUTLINE]),
            ],
            score: outputs.get("score")?,
        })
    }

    /// One face of the batch.
    fn read(&self, face: usize, crop: &MeshCrop) -> MeshReading {
        let of_face = |output: &'a Tensor| output.members().nth(face).unwrap_or_default();
        let mut points: Vec<[f32; 3]> = of_face(self.landmarks).as_chunks().0.to_vec();
        points.resize(MESH_POINTS, [0.0; 3]);
        for (output, indices) in self.refined {
            for (&index, &[x, y]) in indices.iter().zip(of_face(output).as_chunks().0) {
                points[index] = [x, y, points[index][2]];
            }
        }
        for (eye, (output, outline)) in self.irises.into_iter().enumerate() {
            // The network gives irises no depth; MediaPipe takes the mean of the eye's outline.
            let depths = outline.iter().map(|&index| points[index][2]);
            let depth = depths.sum::<f32>() / EYE_OUTLINE as f32;
            let first = PLAIN_POINTS + eye * IRIS_POINTS;
            for (point, &[x, y]) in points[first..]
                .iter_mut()
                .zip(of_face(output).as_chunks().0)
            {
                *point = [x, y, depth];
            }
        }
        let depth_scale = crop.side / SIDE as f32;
        for point in &mut points {
            let [x, y] = crop.place(point[0], point[1]);
            *point = [x, y, point[2] * depth_scale];
        }
        let presence = of_face(self.score).first().copied().map_or(0.0, sigmoid);
        MeshReading { points, presence }
    }
}

/// The crop, upright; where it is smaller than its part of the picture, every pixel averages several samples.
fn cut(picture: &RgbRaster, crop: &MeshCrop) -> RgbRaster {
    let samples = (crop.side / SIDE as f32).round().clamp(1.0, MOST_SAMPLES) as usize;
    let share = 1.0 / (samples * samples) as f32;
    let offset = |sample: usize| (sample as f32 + 0.5) / samples as f32 - 0.5;
    RgbRaster::from_fn(SIDE, SIDE, |x, y| {
        let mut sum = [0.0; 3];
        for down in 0..samples {
            for across in 0..samples {
                let [px, py] = crop.place(x as f32 + offset(across), y as f32 + offset(down));
                let colour = sample_or_black(picture, px, py);
                for channel in 0..3 {
                    sum[channel] += colour[channel] * share;
                }
            }
        }
        sum
    })
}

fn sample_or_black(picture: &RgbRaster, x: f32, y: f32) -> [f32; 3] {
    let inside = (0.0..picture.width() as f32).contains(&(x + 0.5))
        && (0.0..picture.height() as f32).contains(&(y + 0.5));
    if inside {
        picture.sample(x, y)
    } else {
        [0.0; 3]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crop_is_cut_where_it_says() {
        let picture =
            RgbRaster::from_fn(400, 400, |x, y| [x as f32 / 400.0, y as f32 / 400.0, 1.0]);
        let quarter_turn = std::f32::consts::FRAC_PI_2;
        let crop = MeshCrop {
            centre: [200.0, 120.0],
            side: 384.0,
            angle: quarter_turn,
        };
        let square = cut(&picture, &crop);
        // Turned by a quarter, right in the crop is down in the picture.
        let [red, green, blue] = square.row(96)[146];
        assert!((red - 0.5).abs() < 0.01 && (green - 220.0 / 400.0).abs() < 0.01 && blue == 1.0);
        assert_eq!(
            square.row(96)[10],
            [0.0; 3],
            "above the picture there is nothing"
        );
    }
}
