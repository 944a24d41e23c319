//! The body below each face: shoulders and hands.

use super::Landmarks;
use crate::RgbRaster;
use crate::models::{Body, BodyPose, Square};

/// The square in which the network finds the body below a face: its side, and how far below the face's
/// centre its own lies, in face heights.
const SIDE: f32 = 9.5;
const BELOW: f32 = 2.9;

/// Reads every body.
///
/// # Errors
/// When the network fails.
pub(crate) fn find_bodies(
    network: &BodyPose,
    photo: &RgbRaster,
    people: &[Landmarks],
) -> ort::Result<Vec<Body>> {
    let squares: Vec<Square> = people
        .iter()
        .map(|person| {
            let (height, [x, y]) = (person.face_height(), person.centre());
            Square {
                centre: [x, y + BELOW * height],
                side: SIDE * height,
            }
        })
        .collect();
    network.run(photo, &squares)
}
