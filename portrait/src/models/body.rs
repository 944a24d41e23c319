//! 33 points of a body: MediaPipe's pose landmarks (model card: full, 256 x 256).

use super::network::Network;
use super::tensor::{Tensor, every_batch, in_batches, sigmoid};
use crate::RgbRaster;
use crate::filter::resize_rgb_region;
use crate::runtime::Runtime;
use std::path::Path;

/// Side of the square that the network sees.
const SIDE: usize = 256;
/// Points of a body.
pub(crate) const BODY_POINTS: usize = 33;
/// Numbers a point has: x, y, z, visibility, presence.
const POINT_VALUES: usize = 5;

/// Which points of [`Body::points`] are the shoulders: a person's own left and right.
pub(crate) const LEFT_SHOULDER: usize = 11;
pub(crate) const RIGHT_SHOULDER: usize = 12;

/// An upright square of a picture, in its pixels; it may reach beyond the picture, where the network sees black.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Square {
    pub centre: [f32; 2],
    pub side: f32,
}

/// One point of a body.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct BodyPoint {
    /// In picture pixels; beyond the picture where the network guesses what it does not see.
    pub place: [f32; 2],
    /// In picture pixels, smaller towards the camera, 0 between the hips.
    pub depth: f32,
    /// How sure the network is that nothing hides the point, 0 to 1.
    pub visibility: f32,
    /// How sure it is that the point lies in the square, 0 to 1.
    pub presence: f32,
}

/// What the network says about one square.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    /// In MediaPipe's order: nose, eyes, ears, mouth, shoulders, elbows, wrists, hands, hips, knees, ankles, feet.
    pub points: [BodyPoint; BODY_POINTS],
    /// How sure the network is that the square shows a person, 0 to 1.
    pub score: f32,
}

/// Finds the points of a body.
pub(crate) struct BodyPose {
    network: Network,
}

impl BodyPose {
    /// Opens `pose_landmark_full.onnx`.
    pub(crate) fn load(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        let network = Network::open(runtime, models, "pose_landmark_full.onnx")?;
        Ok(Self { network })
    }

    /// Runs the network on nothing, in every size of batch.
    pub(crate) fn warm_up(&self) -> ort::Result<()> {
        let grey = RgbRaster::filled(SIDE, SIDE, [0.5; 3]);
        let square = Square {
            centre: [SIDE as f32 / 2.0; 2],
            side: SIDE as f32,
        };
        self.run(&grey, &every_batch(&square)).map(|_| ())
    }

    /// Reads bodies, one a square, in 25 ms of processor time each. The network expects a person upright and whole in the square, or what of them is
    /// in the photo, with the hips near its centre.
    pub(crate) fn run(&self, picture: &RgbRaster, squares: &[Square]) -> ort::Result<Vec<Body>> {
        let mut bodies = Vec::with_capacity(squares.len());
        for batch in in_batches(squares) {
            let seen: Vec<RgbRaster> = batch.iter().map(|square| cut(picture, square)).collect();
            let outputs = self.network.run(vec![("input", Tensor::of_all(&seen))])?;
            let (landmarks, scores) = (outputs.get("landmarks")?, outputs.get("score")?);
            let read = batch.iter().zip(landmarks.members()).zip(scores.members());
            bodies.extend(read.map(|((square, values), score)| Body {
                points: read_points(values, square),
                score: score.first().copied().unwrap_or_default(),
            }));
        }
        Ok(bodies)
    }
}

/// Points in pixels of the picture. The network's last six are auxiliary ones, for cropping video, and left out.
fn read_points(values: &[f32], square: &Square) -> [BodyPoint; BODY_POINTS] {
    let scale = square.side / SIDE as f32;
    let corner = square.centre.map(|middle| middle - square.side / 2.0);
    let mut points = [BodyPoint::default(); BODY_POINTS];
    let raw = values.as_chunks::<POINT_VALUES>().0;
    for (point, &[x, y, z, visibility, presence]) in points.iter_mut().zip(raw) {
        *point = BodyPoint {
            place: [x * scale + corner[0], y * scale + corner[1]],
            depth: z * scale,
            visibility: sigmoid(visibility),
            presence: sigmoid(presence),
        };
    }
    points
}

/// What the network sees of the picture: the part inside it, resized, in a black square.
fn cut(picture: &RgbRaster, square: &Square) -> RgbRaster {
    let mut seen = RgbRaster::filled(SIDE, SIDE, [0.0; 3]);
    let scale = square.side / SIDE as f32;
    let spans = [(0, picture.width()), (1, picture.height())].map(|(axis, size)| {
        let corner = square.centre[axis] - square.side / 2.0;
        // Whole pixels of the square whose part of the picture lies inside it.
        let first = (-corner / scale).ceil().clamp(0.0, SIDE as f32);
        let end = ((size as f32 - corner) / scale)
            .floor()
            .clamp(first, SIDE as f32);
        let start = (corner + first * scale).max(0.0);
        let length = ((end - first) * scale).min(size as f32 - start);
        (first as usize, (end - first) as usize, start, length)
    });
    let [(left, width, x, wide), (top, height, y, tall)] = spans;
    if width == 0 || height == 0 {
        return seen;
    }
    let region = [x, y, wide, tall].map(f64::from);
    let part = resize_rgb_region(picture, region, width, height);
    for row in 0..height {
        let start = (top + row) * SIDE + left;
        seen.pixels_mut()[start..start + width].copy_from_slice(part.row(row));
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::{astronaut, models_dir, runtime};

    /// Where the astronaut's chin is.
    const CHIN: [f32; 2] = [222.0, 172.0];

    /// All of the photo, and a square as round the whole of a person of whom the photo shows the upper half.
    const SQUARES: [Square; 2] = [
        Square {
            centre: [256.0, 256.0],
            side: 512.0,
        },
        Square {
            centre: [230.0, 420.0],
            side: 900.0,
        },
    ];

    #[test]
    fn the_shoulders_lie_below_the_chin_on_either_side() {
        let network = BodyPose::load(&runtime(), &models_dir()).unwrap();
        let bodies = network.run(&astronaut(), &SQUARES).unwrap();
        assert_eq!(bodies.len(), 2);
        for body in &bodies {
            assert!(body.score > 0.5, "{}", body.score);
            // She faces the camera: her left shoulder is on the right of the photo.
            let (left, right) = (body.points[LEFT_SHOULDER], body.points[RIGHT_SHOULDER]);
            assert!(left.place[0] > CHIN[0] + 40.0, "{left:?}");
            assert!(right.place[0] < CHIN[0] - 40.0, "{right:?}");
            for shoulder in [left, right] {
                assert!(
                    (CHIN[1]..350.0).contains(&shoulder.place[1]),
                    "{shoulder:?}"
                );
                assert!(
                    shoulder.visibility > 0.8 && shoulder.presence > 0.8,
                    "{shoulder:?}"
                );
            }
            let nose = body.points[0].place;
            assert!((nose[0] - 222.0).hypot(nose[1] - 122.0) < 25.0, "{nose:?}");
        }
    }

    #[test]
    fn bodies_read_together_are_what_each_is_alone() {
        let network = BodyPose::load(&runtime(), &models_dir()).unwrap();
        let photo = astronaut();
        let together = network.run(&photo, &SQUARES).unwrap();
        for (square, body) in SQUARES.iter().zip(&together) {
            let alone = &network.run(&photo, std::slice::from_ref(square)).unwrap()[0];
            for (a, b) in body.points.iter().zip(&alone.points) {
                let apart = (a.place[0] - b.place[0]).hypot(a.place[1] - b.place[1]);
                assert!(apart < 0.05, "{apart} pixels apart");
            }
        }
    }

    #[test]
    fn beyond_the_picture_the_network_sees_black() {
        let white = RgbRaster::filled(100, 200, [1.0; 3]);
        let square = Square {
            centre: [100.0, 100.0],
            side: 256.0,
        };
        let seen = cut(&white, &square);
        let at = |x: usize, y: usize| seen.row(y)[x][0];
        assert_eq!(
            [at(27, 128), at(128, 27), at(129, 128), at(128, 229)],
            [0.0; 4]
        );
        for (x, y) in [(29, 128), (127, 29), (64, 226)] {
            assert!((at(x, y) - 1.0).abs() < 1e-3, "{x}, {y}: {}", at(x, y));
        }
        let elsewhere = Square {
            centre: [-900.0, 0.0],
            ..square
        };
        assert!(
            cut(&white, &elsewhere)
                .pixels()
                .iter()
                .all(|pixel| *pixel == [0.0; 3])
        );
    }
}
