//! Tells sunglasses from eyes, which alone are drawn.

use super::Model;
use super::canvas::{both, either, ellipse};
use crate::Mask;
use crate::colour::to_lab;
use crate::drawing::middle;
use crate::mesh_regions::{LEFT_EYE, RIGHT_EYE};

/// Half width and half height of the smallest lens, in face heights.
const LENS: [f32; 2] = [0.14, 0.10];
/// A pixel is dark below this share of the skin's lightness.
const DARK: f32 = 0.72;
/// Share of dark pixels round the eyes from which on sunglasses are worn. Four worn pairs measured 0.93 to 0.99, eyes
/// behind clear glasses in dim light 0.90 at most.
const LEAST_DARK: f32 = 0.915;

/// Whether dark glasses hide the eyes.
pub(super) fn are_worn(model: &Model<'_>) -> bool {
    let head = model.head;
    let [left, right] = [&LEFT_EYE, &RIGHT_EYE]
        .map(|eye| smallest_lens(model, middle(&head.landmarks.all_at(eye))));
    let seen = both(&either(&left, &right), &head.oval);
    let dark = model.mask(|x, y, _| {
        let is_seen = seen.row(y)[x] > 0.0 && head.hair.row(y)[x] < 0.5;
        let is_dark = is_seen && to_lab(head.picture.row(y)[x])[0] < DARK * model.skin[0];
        seen.row(y)[x] * f32::from(u8::from(is_dark))
    });
    let sum = |mask: &Mask| mask.pixels().iter().sum::<f32>();
    sum(&dark) > LEAST_DARK * sum(&seen).max(1.0)
}

fn smallest_lens(model: &Model<'_>, centre: [f32; 2]) -> Mask {
    let pose = model.head.landmarks.pose;
    let [wide, tall] = LENS.map(|side| side * model.face_height());
    let radii = [wide * pose.yaw.to_radians().cos(), tall];
    ellipse(model.width(), model.height(), centre, radii, pose.roll)
}
