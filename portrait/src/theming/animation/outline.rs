//! The head's outline as one would draw it: hair in whole locks, nothing loose, a line along it.

use super::canvas::{both, either};
use crate::Mask;
use crate::colour::smoothstep;
use crate::filter::{Pieces, clean, gaussian_mask, grow, holes};
use crate::heads::{Head, largest_hole};

/// How dark the line is, 0 to 1.
pub(super) const STRENGTH: f32 = 0.9;
/// Side of the smallest loose lock of hair, and of the smallest gap in it, in face heights.
const LOCK: f32 = 0.05;
/// How far the edges are smoothed, in face heights.
const SMOOTHNESS: f32 = 0.006;

/// The head's coverage with narrow edges.
pub(super) fn crisp(head: &Head) -> Mask {
    drawn(&head.alpha, &head.hair, &head.oval, head.axes.face_height)
}

fn drawn(alpha: &Mask, hair: &Mask, oval: &Mask, face_height: f32) -> Mask {
    let smooth = gaussian_mask(alpha, SMOOTHNESS * face_height);
    let locks = clean(
        &smooth.map(|v| smoothstep(0.36, 0.60, v)),
        LOCK * face_height,
    );
    let near = grow(alpha, 2.0);
    let hair = gaussian_mask(hair, 0.01 * face_height);
    let (width, height) = (alpha.width(), alpha.height());
    let merged = Mask::from_fn(width, height, |x, y| {
        if hair.row(y)[x] * (1.0 - oval.row(y)[x]) > 0.15 {
            locks.row(y)[x].min(near.row(y)[x])
        } else {
            smoothstep(0.36, 0.64, smooth.row(y)[x])
        }
    });
    let closed = holes(&merged, largest_hole(face_height));
    let merged = either(&merged, &grow(&closed, 2.0));
    let pieces = Pieces::find(&merged, |value| value > 0.3);
    let own = pieces.touching(|x, y| oval.row(y)[x] > 0.5);
    let kept = Mask::from_fn(width, height, |x, y| {
        f32::from(u8::from(own[pieces.label(x, y) as usize]))
    });
    let outline = both(&merged, &grow(&kept, 1.0));
    // A drawing's edges are narrow, but not so narrow that steps show when it is enlarged.
    gaussian_mask(&outline, 0.7).map(|value| smoothstep(0.15, 0.85, value))
}

/// A line along the outline, down to the neck.
pub(super) fn line(head: &Head, outline: &Mask) -> Mask {
    let face_height = head.axes.face_height;
    let wide = gaussian_mask(&grow(outline, face_height * 0.004), 0.8);
    let narrow = gaussian_mask(&grow(outline, -face_height * 0.008), 0.8);
    let chin = head.axes.chin;
    Mask::from_fn(outline.width(), outline.height(), |x, y| {
        let [_, v] = head.axes.place([x as f32, y as f32]);
        let line = (wide.row(y)[x] - narrow.row(y)[x]).clamp(0.0, 1.0);
        line * (1.0 - smoothstep(chin + 0.6, chin + 0.75, v))
            * smoothstep(0.3, 0.8, outline.row(y)[x])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 200;

    fn mask(is_covered: impl Fn(usize, usize) -> bool + Sync) -> Mask {
        Mask::from_fn(SIDE, SIDE, |x, y| f32::from(u8::from(is_covered(x, y))))
    }

    fn is_near(x: usize, y: usize, centre: [f32; 2], radius: f32) -> bool {
        (x as f32 - centre[0]).hypot(y as f32 - centre[1]) < radius
    }

    #[test]
    fn loose_hair_goes_and_holes_close() {
        let is_head = |x, y| is_near(x, y, [100.0, 110.0], 60.0);
        let is_hole = |x, y| is_near(x, y, [100.0, 65.0], 4.0);
        let is_loose = |x, y| is_near(x, y, [20.0, 20.0], 12.0);
        let alpha = mask(|x, y| is_head(x, y) && !is_hole(x, y) || is_loose(x, y));
        let oval = mask(|x, y| is_near(x, y, [100.0, 120.0], 45.0));
        let hair = mask(|x, y| is_loose(x, y) || is_head(x, y) && y < 90);
        let outline = drawn(&alpha, &hair, &oval, 100.0);
        assert_eq!(outline.row(20)[20], 0.0, "loose hair");
        assert!(outline.row(65)[100] > 0.9, "a hole");
        assert!(outline.row(110)[42] > 0.9, "the head's edge");
        assert_eq!(outline.row(110)[36], 0.0, "beside the head");
    }
}
