//! The far edge of a turned head: beyond the mesh's outline a narrow strip of cheek and temple shows, which is skin
//! and not the hair that it is taken for in the light behind it.

use crate::Mask;
use crate::filter::{distance_to, gaussian_mask, resize_mask};
use crate::heads::Head;

/// From this turn on a strip of the far cheek lies beyond the mesh, in degrees.
const TURNED: f32 = 18.0;
/// Half of the strip's greatest width, in face heights.
const HALF_WIDTH: f32 = 0.055;
/// Its upper end, in face heights from the face's centre.
const TEMPLE: f32 = -0.42;
/// Height of a face at which strips are measured, in pixels.
const FACE_HEIGHT: f32 = 160.0;
/// Outer points of the mesh on the left and on the right, and the nose's tip.
const LEFT: usize = 234;
const RIGHT: usize = 454;
const NOSE: usize = 4;

/// 1 where such a strip is; a mask of the head's size.
pub(super) fn find(head: &Head) -> Mask {
    let (width, height) = (head.alpha.width(), head.alpha.height());
    if head.landmarks.pose.yaw.abs() < TURNED {
        return Mask::filled(width, height, 0.0);
    }
    let scale = (head.axes.face_height / FACE_HEIGHT).max(1.0);
    let small = |side: usize| ((side as f32 / scale) as usize).max(1);
    let hair = resize_mask(&head.hair, small(width), small(height));
    let unit = head.axes.face_height / scale;
    let narrow = narrow_parts(&hair, HALF_WIDTH * unit);
    let across = |index: usize| head.axes.place(head.landmarks.at(index))[0];
    let (left, nose, right) = (across(LEFT), across(NOSE), across(RIGHT));
    let far = if right - nose < nose - left {
        1.0
    } else {
        -1.0
    };
    let oval = resize_mask(&head.oval, hair.width(), hair.height());
    let from_face = distance_to(&oval, |value| value > 0.5);
    let strip = Mask::from_fn(hair.width(), hair.height(), |x, y| {
        let [u, v] = head.axes.place([x as f32 * scale, y as f32 * scale]);
        let is_there = (u - nose) * far > 0.0 && (TEMPLE..head.axes.chin).contains(&v);
        let is_near = from_face.row(y)[x] < 2.0 * HALF_WIDTH * unit;
        narrow.row(y)[x] * f32::from(u8::from(is_there && is_near))
    });
    resize_mask(&gaussian_mask(&strip, 1.0), width, height)
}

/// What of a mask is no wider than twice `radius`.
fn narrow_parts(mask: &Mask, radius: f32) -> Mask {
    let depth = distance_to(mask, |value| value <= 0.5);
    let core = depth.map(|depth| f32::from(u8::from(depth > radius)));
    let away = distance_to(&core, |value| value > 0.5);
    Mask::from_fn(mask.width(), mask.height(), |x, y| {
        f32::from(u8::from(
            mask.row(y)[x] > 0.1 && away.row(y)[x] > radius + 1.0,
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_are_narrow_and_locks_of_hair_are_not() {
        let mask = Mask::from_fn(100, 100, |x, _| {
            f32::from(u8::from((10..14).contains(&x) || (40..70).contains(&x)))
        });
        let narrow = narrow_parts(&mask, 5.0);
        assert_eq!(narrow.row(50)[12], 1.0);
        assert_eq!(narrow.row(50)[55], 0.0);
        assert_eq!(narrow.row(50)[42], 0.0);
    }
}
