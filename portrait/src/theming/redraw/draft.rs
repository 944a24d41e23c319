//! A small copy of a head in which everything that follows the picture's own flow is worked out.

use super::NOMINAL_FACE;
use crate::filter::{Flow, Reach, grow, kuwahara, resize_mask, resize_rgb};
use crate::heads::Head;
use crate::{Mask, RgbRaster};

/// Height of the face in the draft.
const DRAFT_FACE: f32 = 200.0;

/// Everything that follows the picture's own flow, some times smaller than the head: what comes of it is smooth,
/// and its edges are drawn anew at full size.
pub(super) struct Draft {
    /// Pixels to one of a face of nominal height.
    pub unit: f32,
    pub picture: RgbRaster,
    /// The picture as flat strokes.
    pub flat: RgbRaster,
    pub flow: Flow,
    pub hair: Mask,
    /// The direction of hair, and the picture dragged along it until it falls into locks.
    pub hair_flow: Flow,
    pub strands: RgbRaster,
}

impl Draft {
    /// How many times smaller than the head it is.
    pub(super) fn scale(head: &Head) -> f32 {
        (head.axes.face_height / DRAFT_FACE).max(1.0)
    }

    /// The head's picture at the draft's size.
    pub(super) fn picture(head: &Head) -> RgbRaster {
        let small = |side: usize| ((side as f32 / Self::scale(head)) as usize).max(1);
        let (width, height) = (small(head.alpha.width()), small(head.alpha.height()));
        resize_rgb(&head.picture, width, height)
    }

    pub(super) fn of(head: &Head, picture: RgbRaster, hair: &Mask) -> Self {
        let (width, height) = (picture.width(), picture.height());
        let unit = head.axes.face_height / Self::scale(head) / NOMINAL_FACE;
        let hair = resize_mask(hair, width, height);
        let alpha = resize_mask(&head.alpha, width, height);
        let active = grow(&alpha.map(|value| f32::from(u8::from(value > 0.02))), 2.0);
        let flow = Flow::of(&picture, 2.5 * unit);
        let radii = active.map(|value| value * 4.5 * unit);
        let flat = kuwahara(&picture, &radii, |x, y| flow.at(x, y));
        let hair_flow = Flow::of(&flat, 9.0 * unit);
        let long = hair_flow.drag_rgb(&flat, &hair, reach(15.0, 3.0, 22.0, unit));
        let radii = hair.map(|value| if value > 0.02 { 6.5 * unit } else { 0.0 });
        let locks = kuwahara(&long, &radii, |x, y| {
            let [dx, dy, _] = hair_flow.at(x, y);
            [dx, dy, 0.8]
        });
        Self {
            strands: hair_flow.drag_rgb(&locks, &hair, reach(10.0, 2.4, 11.0, unit)),
            unit,
            picture,
            flat,
            flow,
            hair,
            hair_flow,
        }
    }

    /// A mask of the head's size at the draft's.
    pub(super) fn small(&self, mask: &Mask) -> Mask {
        resize_mask(mask, self.flat.width(), self.flat.height())
    }
}

/// How far along the flow, for a face of nominal height.
pub(super) fn reach(steps: f32, stride: f32, sigma: f32, unit: f32) -> Reach {
    Reach {
        steps: (steps * unit).max(1.0) as usize,
        stride,
        sigma: sigma * unit,
    }
}
