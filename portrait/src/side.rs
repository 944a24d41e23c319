//! The four sides of a picture, and where they go when it is turned.

use image::metadata::Orientation;

/// A side, clockwise from the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Top,
    Right,
    Bottom,
    Left,
}

impl Side {
    const CLOCKWISE: [Self; 4] = [Self::Top, Self::Right, Self::Bottom, Self::Left];

    /// Where this side is once the picture is turned clockwise so many times by a quarter.
    pub(crate) fn turned(self, quarters: usize) -> Self {
        Self::CLOCKWISE[(self as usize + quarters) % 4]
    }

    /// Where this side is once an orientation is applied.
    pub(crate) fn oriented(self, orientation: Orientation) -> Self {
        let (quarters, is_mirrored) = match orientation {
            Orientation::NoTransforms => (0, false),
            Orientation::Rotate90 => (1, false),
            Orientation::Rotate180 => (2, false),
            Orientation::Rotate270 => (3, false),
            Orientation::FlipHorizontal => (0, true),
            Orientation::Rotate90FlipH => (1, true),
            Orientation::FlipVertical => (2, true),
            Orientation::Rotate270FlipH => (3, true),
        };
        match self.turned(quarters) {
            Self::Left if is_mirrored => Self::Right,
            Self::Right if is_mirrored => Self::Left,
            side => side,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_quarters_are_a_whole_turn() {
        assert_eq!(Side::Bottom.turned(1), Side::Left);
        assert_eq!(Side::Bottom.turned(3), Side::Right);
        for side in Side::CLOCKWISE {
            assert_eq!(side.turned(4), side);
        }
    }
}
