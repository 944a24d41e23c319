//! Decides whether a guest can wear a bust, or keeps their own clothes: a broken picture is worse than a plain one.

use crate::Mask;
use crate::faces::{FOREHEAD, Landmarks, MESH_POINTS, Pose};
use crate::models::Body;
use serde::Serialize;

/// Farthest turns, in degrees, at which a frontal bust looks right: alone, and in a group, where nobody looks closely.
const MAX_YAW: [f32; 2] = [48.0, 55.0];
const MAX_PITCH: [f32; 2] = [19.0, 26.0];
/// A turned head may be tilted back by so much less for every degree of the turn: its jaw is seen from below.
const PITCH_BY_YAW: f32 = 0.2;
const MIN_PITCH: [f32; 2] = [-32.0, -38.0];
const MAX_ROLL: [f32; 2] = [40.0, 50.0];
/// More of the mesh than this outside the photo is no whole face.
const MAX_OUTSIDE: f32 = 0.12;
/// A crown that begins nearer to the photo's edge than this above the forehead, in face heights, is cut; in a
/// group less of it has to be there.
const CROWN: [f32; 2] = [0.16, 0.06];
const MIN_PRESENCE: f32 = 0.6;
/// A hand nearer to the chin than this, in face heights, would be cut with the neck.
const HAND_NEAR: f32 = 0.75;
/// A hand above the face nearer than this lies on the head.
const HAND_ON_HEAD: f32 = 1.3;
/// A hand within the face's outline, shrunk to this share, covers the face; nearer to the outline it lies at the jaw.
const FACE_INSIDE: f32 = 0.65;
/// A point of the body is there above this.
const SURE: f32 = 0.5;
/// Wrists and fingers among the body's points.
const HANDS: std::ops::RangeInclusive<usize> = 15..=22;

/// Why a guest keeps their own clothes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LighterReason {
    TurnedAside,
    TiltedUpOrDown,
    Lying,
    CrownCutOff,
    FaceCutOff,
    FaceUnsure,
    HandOnHead,
    HandOnFace,
    /// Somebody else in the picture cannot wear a bust, or there are too many people.
    Group,
    /// The finished portrait in full costume did not pass the check.
    Check,
}

/// How a guest can be dressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    Full {
        /// A hand lies near the chin, so the neck has to be drawn.
        is_hand_near: bool,
    },
    Lighter(LighterReason),
}

/// What is known about a guest.
pub(crate) struct Guest<'a> {
    pub landmarks: &'a Landmarks,
    pub body: &'a Body,
    /// How much of each pixel is a person, at any size.
    pub matte: &'a Mask,
    /// Width and height of the photo.
    pub photo: [f32; 2],
    pub is_alone: bool,
    /// The costume covers the crown.
    pub has_hood: bool,
}

/// Applies the rules.
pub(crate) fn judge(guest: &Guest<'_>) -> Fit {
    let reason = if let Some(reason) = turned_away(guest.landmarks.pose, guest.is_alone) {
        Some(reason)
    } else if is_crown_cut(guest) && !guest.has_hood {
        Some(LighterReason::CrownCutOff)
    } else if share_outside(guest) > MAX_OUTSIDE {
        Some(LighterReason::FaceCutOff)
    } else if guest.landmarks.presence < MIN_PRESENCE {
        Some(LighterReason::FaceUnsure)
    } else if guest.is_alone {
        hand_in_the_way(guest)
    } else {
        // In a group hands are cut away with the neighbours' arms.
        None
    };
    match reason {
        Some(reason) => Fit::Lighter(reason),
        None => Fit::Full {
            is_hand_near: is_hand_near(guest),
        },
    }
}

/// Why a head is turned too far for a frontal bust, or for a drawing of its face; `None` where it is not.
pub(crate) fn turned_away(pose: Pose, is_alone: bool) -> Option<LighterReason> {
    let group = usize::from(!is_alone);
    if pose.yaw.abs() > MAX_YAW[group] {
        return Some(LighterReason::TurnedAside);
    }
    let highest = MAX_PITCH[group] - PITCH_BY_YAW * pose.yaw.abs();
    if pose.pitch > highest || pose.pitch < MIN_PITCH[group] {
        return Some(LighterReason::TiltedUpOrDown);
    }
    (pose.roll.abs() > MAX_ROLL[group]).then_some(LighterReason::Lying)
}

fn is_crown_cut(guest: &Guest<'_>) -> bool {
    let least = CROWN[usize::from(!guest.is_alone)] * guest.landmarks.face_height();
    guest.landmarks.at(FOREHEAD)[1] < least
}

fn share_outside(guest: &Guest<'_>) -> f32 {
    let is_outside = |point: &&[f32; 3]| {
        (0..2).any(|axis| point[axis] < 0.0 || point[axis] >= guest.photo[axis])
    };
    let mesh = &guest.landmarks.points[..MESH_POINTS];
    mesh.iter().filter(is_outside).count() as f32 / MESH_POINTS as f32
}

/// Places of hands that are seen in the photo: hands that the network only guesses often lie on the wall.
fn hands<'a>(guest: &'a Guest<'a>) -> impl Iterator<Item = [f32; 2]> + 'a {
    let is_sure = guest.body.score > SURE;
    HANDS
        .filter(move |_| is_sure)
        .map(|index| &guest.body.points[index])
        .filter(|point| point.visibility > SURE)
        .map(|point| point.place)
        .filter(|point| (0..2).all(|axis| point[axis] > 0.0 && point[axis] < guest.photo[axis]))
        .filter(|&[x, y]| {
            let [width, height] = guest.photo;
            let (x, y) = (
                x / width * guest.matte.width() as f32,
                y / height * guest.matte.height() as f32,
            );
            guest.matte.sample(x, y) > SURE
        })
}

fn is_hand_near(guest: &Guest<'_>) -> bool {
    let chin = guest.landmarks.at(crate::faces::CHIN);
    let reach = HAND_NEAR * guest.landmarks.face_height();
    hands(guest).any(|hand| distance(hand, chin) < reach)
}

fn hand_in_the_way(guest: &Guest<'_>) -> Option<LighterReason> {
    let (centre, height) = (guest.landmarks.centre(), guest.landmarks.face_height());
    let outline = guest.landmarks.all_at(&crate::mesh_regions::OVAL);
    let shrink = |point: [f32; 2]| {
        [0, 1].map(|axis| centre[axis] + (point[axis] - centre[axis]) * FACE_INSIDE)
    };
    let inner: Vec<[f32; 2]> = outline.into_iter().map(shrink).collect();
    for hand in hands(guest) {
        let is_above = hand[1] < centre[1] - 0.1 * height;
        if is_above && distance(hand, centre) < HAND_ON_HEAD * height {
            return Some(LighterReason::HandOnHead);
        }
        if is_within(&inner, hand) {
            return Some(LighterReason::HandOnFace);
        }
    }
    None
}

fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// Whether a point lies inside a polygon: a ray from it crosses the outline an odd number of times.
fn is_within(outline: &[[f32; 2]], [x, y]: [f32; 2]) -> bool {
    let mut is_inside = false;
    let mut before = outline[outline.len() - 1];
    for &corner in outline {
        let crosses = (corner[1] > y) != (before[1] > y);
        if crosses {
            let at =
                corner[0] + (y - corner[1]) / (before[1] - corner[1]) * (before[0] - corner[0]);
            if x < at {
                is_inside = !is_inside;
            }
        }
        before = corner;
    }
    is_inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faces::{CHIN, Pose};
    use crate::mesh_regions::OVAL;
    use crate::models::{BODY_POINTS, BodyPoint};

    const PHOTO: [f32; 2] = [1000.0, 1000.0];

    /// A face as a circle 200 pixels high in the photo's middle.
    fn face(pose: Pose) -> Landmarks {
        let mut points = vec![[500.0, 500.0, 0.0]; 478];
        for (index, &point) in OVAL.iter().enumerate() {
            let angle = index as f32 / OVAL.len() as f32 * std::f32::consts::TAU;
            points[point] = [500.0 + 80.0 * angle.sin(), 500.0 - 100.0 * angle.cos(), 0.0];
        }
        points[FOREHEAD] = [500.0, 400.0, 0.0];
        points[CHIN] = [500.0, 600.0, 0.0];
        Landmarks {
            points,
            pose,
            presence: 1.0,
        }
    }

    fn pose(yaw: f32, pitch: f32, roll: f32) -> Pose {
        Pose { yaw, pitch, roll }
    }

    /// One sure wrist, or none.
    fn body(hand: Option<[f32; 2]>) -> Body {
        let mut points = [BodyPoint::default(); BODY_POINTS];
        if let Some(place) = hand {
            points[15] = BodyPoint {
                place,
                visibility: 0.9,
                presence: 0.9,
                ..BodyPoint::default()
            };
        }
        Body { points, score: 0.9 }
    }

    fn fit(pose: Pose, hand: Option<[f32; 2]>, is_alone: bool) -> Fit {
        // The person takes up the middle of the photo; at a third of its size.
        let matte = Mask::from_fn(333, 333, |x, _| {
            f32::from(u8::from((100..233).contains(&x)))
        });
        judge(&Guest {
            landmarks: &face(pose),
            body: &body(hand),
            matte: &matte,
            photo: PHOTO,
            is_alone,
            has_hood: false,
        })
    }

    const FRONT: Pose = Pose {
        yaw: 0.0,
        pitch: 0.0,
        roll: 0.0,
    };

    #[test]
    fn hands_decide_by_where_they_are() {
        let full = |is_hand_near| Fit::Full { is_hand_near };
        let lighter = Fit::Lighter;
        for (hand, expected) in [
            (None, full(false)),
            (Some([500.0, 510.0]), lighter(LighterReason::HandOnFace)),
            (Some([440.0, 420.0]), lighter(LighterReason::HandOnHead)),
            // At the jaw, and before the chest.
            (Some([560.0, 560.0]), full(true)),
            (Some([500.0, 900.0]), full(false)),
            // Beside the head, where the photo shows nothing but a wall.
            (Some([730.0, 430.0]), full(false)),
        ] {
            assert_eq!(fit(FRONT, hand, true), expected, "{hand:?}");
        }
    }

    #[test]
    fn turned_and_tilted_heads_keep_their_clothes() {
        let reason = |pose, is_alone| match fit(pose, None, is_alone) {
            Fit::Lighter(reason) => Some(reason),
            Fit::Full { .. } => None,
        };
        assert_eq!(reason(pose(47.0, 0.0, 0.0), true), None);
        assert_eq!(
            reason(pose(49.0, 0.0, 0.0), true),
            Some(LighterReason::TurnedAside)
        );
        let tilted = Some(LighterReason::TiltedUpOrDown);
        assert_eq!(reason(pose(0.0, 18.0, 0.0), true), None);
        assert_eq!(reason(pose(0.0, -33.0, 0.0), true), tilted);
        // A turned jaw is seen from below.
        assert_eq!(reason(pose(-33.0, 18.0, 0.0), true), tilted);
        assert_eq!(
            reason(pose(0.0, 0.0, 45.0), true),
            Some(LighterReason::Lying)
        );
        assert_eq!(reason(pose(0.0, 0.0, 45.0), false), None);
    }
}
