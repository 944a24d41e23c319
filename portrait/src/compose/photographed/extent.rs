//! How far people reach in the photo, and which of its edges cut them off.

use super::placement::FaceBox;
use crate::Mask;

/// A person counts as cut off where this share of an edge's pixels belongs to people.
const CUT_SHARE: f32 = 0.02;
/// People who end below this share of the photo's height are cut off by its lower edge: mattes fade
/// out a little before an edge, and nobody's feet stand on it.
const CUT_BOTTOM: f32 = 0.94;
/// The same for its upper edge, where heads may come close without being cut.
const CUT_TOP: f32 = 0.01;
/// Crown, hair and a little air above a face, in faces.
const HEAD_ROOM: f32 = 0.7;
/// A pixel belongs to a person above this alpha.
const SOLID: f32 = 0.5;

/// Which edges of the photo cut people off, and how far down people reach, in photo pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// Where the lowest of them ends.
    pub bottom: f32,
    pub cut_left: bool,
    pub cut_right: bool,
    pub cut_top: bool,
    pub cut_bottom: bool,
}

impl Extent {
    pub(crate) fn measure(alpha: &Mask) -> Self {
        let (width, height) = (alpha.width(), alpha.height());
        let (mut on_left, mut on_right, mut bottom) = (0, 0, 0);
        for y in 0..height {
            let row = alpha.row(y);
            on_left += usize::from(row[0] > SOLID);
            on_right += usize::from(row[width - 1] > SOLID);
            let solid = row.iter().filter(|&&a| a > SOLID).count();
            if solid as f32 > width as f32 * CUT_SHARE {
                bottom = y + 1;
            }
        }
        let highest = alpha.row((height as f32 * CUT_TOP) as usize);
        let on_top = highest.iter().filter(|&&a| a > SOLID).count();
        let is_cut = |pixels: usize| pixels as f32 > height as f32 * CUT_SHARE;
        Self {
            bottom: bottom as f32,
            cut_left: is_cut(on_left),
            cut_right: is_cut(on_right),
            cut_top: on_top as f32 > width as f32 * CUT_SHARE,
            cut_bottom: bottom as f32 > height as f32 * CUT_BOTTOM,
        }
    }

    /// Where the portrait may begin: above the head, or with the face where the photo has cut the hair.
    pub(super) fn head_top(&self, face: &FaceBox) -> f32 {
        let top = face.low[1] - face.height() * HEAD_ROOM;
        if top < 0.0 && self.cut_top {
            face.low[1].max(0.0)
        } else {
            top.max(0.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extent_sees_which_edges_cut() {
        let alpha = Mask::from_fn(100, 80, |x, y| f32::from(u8::from(x >= 40 && y >= 20)));
        let extent = Extent::measure(&alpha);
        assert!(extent.cut_right && extent.cut_bottom && !extent.cut_left && !extent.cut_top);
        assert_eq!(extent.bottom, 80.0);
        let extent = Extent::measure(&Mask::from_fn(100, 80, |_, y| f32::from(u8::from(y < 40))));
        assert!(extent.cut_top && extent.cut_left && !extent.cut_bottom);
    }
}
