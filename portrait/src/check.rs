//! Looks at the finished portrait: is every face still there, and still the guest's?

use crate::RgbRaster;
use crate::colour::{Lab, chroma, hue_degrees, hue_shift, to_lab};
use crate::costume::LighterReason;
use crate::faces::Landmarks;
use crate::heads::{Head, skin};
use crate::models::{FaceMesh, MeshCrop};
use crate::theme::Bar;
use serde::Serialize;

/// A face is found again where the mesh network is this sure.
const MIN_PRESENCE: f32 = 0.5;
/// How much larger than the face's bounds the square is that the network looks at.
const CROP_SCALE: f32 = 1.5;
/// Skin of less colour than this has no hue to speak of.
const LEAST_CHROMA: f32 = 6.0;
/// Places at which skin is compared.
const SKIN_PLACES: usize = 2000;
/// Points by which programs tell who is who: corners of both eyes from the left of the picture, and the
/// nose's base.
const IDENTITY_POINTS: [usize; 5] = [33, 133, 362, 263, 2];
/// Points whose places relative to each other make a face its owner's; brows, lips and lids move.
const SHAPE_POINTS: [usize; 16] = [
    33, 133, 362, 263, 168, 6, 4, 2, 98, 327, 61, 291, 152, 234, 454, 10,
];

/// What became of one guest.
#[derive(Clone, Debug, Serialize)]
pub struct GuestReport {
    pub costume: CostumeReport,
    /// Why it is the lighter costume.
    pub reason: Option<LighterReason>,
    /// Corners of both eyes from the left of the picture and the base of the nose, in pixels of the upright
    /// photo (2560 on the long side at most) and of the portrait.
    pub photo_points: [[f32; 2]; 5],
    pub portrait_points: [[f32; 2]; 5],
    pub skin: SkinReport,
    /// How sure the mesh network is of the face in the portrait, 0 to 1.
    pub presence: f32,
    /// How far landmarks lie apart after alignment, in face heights.
    pub shape: f32,
    /// How wide the soft edge of the head is, in face heights: wide ones show as a halo.
    pub edge: f32,
}

/// How a guest is dressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CostumeReport {
    Full,
    /// Their own clothes, with a themed face.
    Lighter,
}

/// A guest's skin in CIELAB, in the photo and in the portrait.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct SkinReport {
    /// In coloured light the hue is an assumed one.
    pub photo: Lab,
    pub portrait: Lab,
}

impl SkinReport {
    /// How far the hue has shifted, in degrees; 0 for skin without a hue.
    pub fn hue_shift(&self) -> f32 {
        if chroma(self.photo) < LEAST_CHROMA {
            return 0.0;
        }
        hue_shift(hue_degrees(self.photo), hue_degrees(self.portrait))
    }

    pub fn lightness_shift(&self) -> f32 {
        self.portrait[0] - self.photo[0]
    }
}

/// What a check found wrong first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    FaceLost,
    ShapeChanged,
    SkinChanged,
    Halo,
}

/// A guest as the check needs them.
pub(crate) struct Sitter {
    photo_points: [[f32; 2]; 5],
    /// Where the face should be, in portrait pixels.
    expected: Landmarks,
    photo_skin: Lab,
    /// Portrait pixels at which bare skin should be.
    skin_places: Vec<[f32; 2]>,
    edge: f32,
}

impl Sitter {
    /// `to_portrait` brings the head's pixels into the portrait, `scale` times as large.
    pub(crate) fn new(
        person: &Landmarks,
        head: &Head,
        photo_skin: Lab,
        scale: f32,
        to_portrait: impl Fn([f32; 2]) -> [f32; 2],
    ) -> Self {
        let places = skin::places(head, SKIN_PLACES);
        Self {
            photo_points: IDENTITY_POINTS.map(|point| person.at(point)),
            expected: head.landmarks.mapped(scale, &to_portrait),
            photo_skin,
            skin_places: places.into_iter().map(to_portrait).collect(),
            edge: head.edge_width(),
        }
    }
}

/// Reads every face again and compares it with what was put in.
///
/// # Errors
/// When the network fails.
pub(crate) fn check(
    mesh: &FaceMesh,
    picture: &RgbRaster,
    sitters: &[Sitter],
    lighter: Option<LighterReason>,
    bar: &Bar,
) -> ort::Result<(Vec<GuestReport>, Option<Failure>)> {
    let crops: Vec<MeshCrop> = sitters
        .iter()
        .map(|sitter| crop_round(&sitter.expected))
        .collect();
    let readings = mesh.run(picture, &crops)?;
    let mut guests = Vec::with_capacity(sitters.len());
    for (sitter, reading) in sitters.iter().zip(readings) {
        guests.push(GuestReport {
            costume: match lighter {
                Some(_) => CostumeReport::Lighter,
                None => CostumeReport::Full,
            },
            reason: lighter,
            photo_points: sitter.photo_points,
            portrait_points: IDENTITY_POINTS.map(|point| sitter.expected.at(point)),
            skin: SkinReport {
                photo: sitter.photo_skin,
                portrait: skin_at(picture, &sitter.skin_places).unwrap_or(sitter.photo_skin),
            },
            presence: reading.presence,
            shape: shape_difference(&sitter.expected, &reading.points),
            edge: sitter.edge,
        });
    }
    let failure = guests.iter().find_map(|guest| judge(guest, bar));
    Ok((guests, failure))
}

fn judge(guest: &GuestReport, bar: &Bar) -> Option<Failure> {
    if guest.presence < MIN_PRESENCE {
        Some(Failure::FaceLost)
    } else if guest.shape > bar.shape {
        Some(Failure::ShapeChanged)
    } else if guest.skin.hue_shift().abs() > bar.skin_hue
        || guest.skin.lightness_shift().abs() > bar.skin_lightness
    {
        Some(Failure::SkinChanged)
    } else if guest.edge > bar.edge {
        Some(Failure::Halo)
    } else {
        None
    }
}

fn crop_round(face: &Landmarks) -> MeshCrop {
    let [left, top, right, bottom] = face.bounds();
    let [left_eye, right_eye] = [33, 263].map(|corner| face.at(corner));
    MeshCrop {
        centre: [(left + right) / 2.0, (top + bottom) / 2.0],
        side: face.size() * CROP_SCALE,
        angle: (right_eye[1] - left_eye[1]).atan2(right_eye[0] - left_eye[0]),
    }
}

/// The median colour at some places, without shade and shine; `None` where too few lie in the picture.
fn skin_at(picture: &RgbRaster, places: &[[f32; 2]]) -> Option<Lab> {
    let inside = places.iter().filter(|[x, y]| {
        *x >= 0.0 && *y >= 0.0 && *x < picture.width() as f32 && *y < picture.height() as f32
    });
    let colours: Vec<Lab> = inside.map(|&[x, y]| to_lab(picture.sample(x, y))).collect();
    (colours.len() >= 50).then(|| skin::middle(colours))
}

/// Root mean square distance of landmarks after the best similarity, in face heights.
fn shape_difference(expected: &Landmarks, found: &[[f32; 3]]) -> f32 {
    let count = SHAPE_POINTS.len() as f32;
    let mean = |points: &[[f32; 2]]| {
        [0, 1].map(|axis| points.iter().map(|point| point[axis]).sum::<f32>() / count)
    };
    let wanted = SHAPE_POINTS.map(|point| expected.at(point));
    let seen = SHAPE_POINTS.map(|point| [found[point][0], found[point][1]]);
    let (from, to) = (mean(&seen), mean(&wanted));
    // The similarity as a complex factor: sum of products over sum of squares.
    let (mut along, mut across, mut square) = (0.0, 0.0, 0.0);
    for (wanted, found) in wanted.iter().zip(&seen) {
        let (x, y) = (found[0] - from[0], found[1] - from[1]);
        let (u, v) = (wanted[0] - to[0], wanted[1] - to[1]);
        along += x * u + y * v;
        across += x * v - y * u;
        square += x * x + y * y;
    }
    let (along, across) = (
        along / f32::max(square, 1e-6),
        across / f32::max(square, 1e-6),
    );
    let error: f32 = wanted
        .iter()
        .zip(&seen)
        .map(|(wanted, found)| {
            let (x, y) = (found[0] - from[0], found[1] - from[1]);
            let (u, v) = (wanted[0] - to[0], wanted[1] - to[1]);
            (x * along - y * across - u).powi(2) + (x * across + y * along - v).powi(2)
        })
        .sum();
    (error / count).sqrt() / expected.face_height().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faces::Pose;

    fn face() -> Landmarks {
        let points = (0..478).map(|index| {
            let angle = index as f32 * 2.4;
            [200.0 + 80.0 * angle.cos(), 200.0 + 100.0 * angle.sin(), 0.0]
        });
        Landmarks {
            points: points.collect(),
            pose: Pose {
                yaw: 0.0,
                pitch: 0.0,
                roll: 0.0,
            },
            presence: 1.0,
        }
    }

    #[test]
    fn a_moved_turned_and_scaled_face_has_the_same_shape() {
        let face = face();
        let (sine, cosine) = 0.3_f32.sin_cos();
        let moved = face.mapped(1.5, |[x, y]| {
            [
                1.5 * (x * cosine - y * sine) + 40.0,
                1.5 * (x * sine + y * cosine) - 9.0,
            ]
        });
        assert!(shape_difference(&face, &moved.points) < 1e-4);
        let mut other = moved.points.clone();
        other[152][1] += 60.0;
        assert!(shape_difference(&face, &other) > 0.02);
    }

    fn guest(portrait: Lab, presence: f32, shape: f32, edge: f32) -> GuestReport {
        GuestReport {
            costume: CostumeReport::Full,
            reason: None,
            photo_points: [[0.0; 2]; 5],
            portrait_points: [[0.0; 2]; 5],
            skin: SkinReport {
                photo: [60.0, 15.0, 20.0],
                portrait,
            },
            presence,
            shape,
            edge,
        }
    }

    #[test]
    fn each_fault_is_named() {
        let bar = Bar::default();
        let same = [60.0, 15.0, 20.0];
        assert_eq!(judge(&guest(same, 0.99, 0.01, 0.02), &bar), None);
        assert_eq!(
            judge(&guest(same, 0.2, 0.01, 0.02), &bar),
            Some(Failure::FaceLost)
        );
        assert_eq!(
            judge(&guest(same, 0.99, 0.5, 0.02), &bar),
            Some(Failure::ShapeChanged)
        );
        assert_eq!(
            judge(&guest(same, 0.99, 0.01, 0.9), &bar),
            Some(Failure::Halo)
        );
        for changed in [[75.0, 15.0, 20.0], [60.0, 20.0, 15.0], [45.0, 15.0, 20.0]] {
            let guest = guest(changed, 0.99, 0.01, 0.02);
            assert_eq!(
                judge(&guest, &bar),
                Some(Failure::SkinChanged),
                "{changed:?}"
            );
        }
    }
}
