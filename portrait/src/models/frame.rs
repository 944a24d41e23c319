//! A picture of any shape in the square that a detector sees, and the way back.

use super::Face;
use crate::RgbRaster;
use crate::filter::{fit_long_side, resize_rgb};

/// How a picture lies in the middle of the square that the network sees.
pub(super) struct Frame {
    side: usize,
    /// Of the picture, in pixels of the square.
    size: [usize; 2],
    corner: [usize; 2],
    /// Picture pixels to one of the square.
    scale: f32,
}

impl Frame {
    pub(super) fn of(picture: &RgbRaster, side: usize) -> Self {
        let (width, height) = fit_long_side(picture.width(), picture.height(), side);
        Self {
            side,
            size: [width, height],
            corner: [(side - width) / 2, (side - height) / 2],
            scale: picture.width().max(picture.height()) as f32 / side as f32,
        }
    }

    /// The square, its values -1 to 1 and 0 around the picture: what the networks were trained with.
    pub(super) fn fill(&self, picture: &RgbRaster) -> RgbRaster {
        let ([width, height], [left, top]) = (self.size, self.corner);
        let small = resize_rgb(picture, width, height);
        let mut square = RgbRaster::filled(self.side, self.side, [0.0; 3]);
        for y in 0..height {
            let start = (top + y) * self.side + left;
            let row = &mut square.pixels_mut()[start..start + width];
            for (target, pixel) in row.iter_mut().zip(small.row(y)) {
                *target = pixel.map(|value| value * 2.0 - 1.0);
            }
        }
        square
    }

    /// A face seen in the square as one of the picture.
    pub(super) fn to_picture(&self, face: &Face) -> Face {
        let [left, top] = self.corner.map(|place| -(place as f32));
        face.moved(1.0, [left, top]).moved(self.scale, [0.0; 2])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_picture_lies_in_the_middle_and_faces_find_back() {
        let picture = RgbRaster::filled(400, 200, [1.0; 3]);
        let frame = Frame::of(&picture, 100);
        let square = frame.fill(&picture);
        let at = |x: usize, y: usize| square.row(y)[x][0];
        assert!((at(50, 24)).abs() < 1e-6 && (at(50, 50) - 1.0).abs() < 1e-3);
        let seen = Face {
            score: 0.9,
            bounds: [10.0, 25.0, 20.0, 35.0],
            key_points: [[50.0, 50.0]; 6],
        };
        let found = frame.to_picture(&seen);
        assert_eq!(found.bounds, [40.0, 0.0, 80.0, 40.0]);
        assert_eq!(found.key_points[0], [200.0, 100.0]);
    }
}
