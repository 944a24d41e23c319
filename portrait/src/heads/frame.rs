//! The part of the photo round a head, at the size at which the head is worked on.

use crate::faces::Landmarks;
use crate::filter::resize_rgb_region;
use crate::{Mask, RgbRaster, Window};

/// How far the frame reaches from the face's centre, in face heights: to the sides, up and down.
const REACH_ASIDE: f32 = 1.75;
const REACH_UP: f32 = 1.75;
const REACH_DOWN: f32 = 1.80;

/// Frame pixel = (photo pixel - corner) x scale, with pixel centres at whole numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeadFrame {
    /// Frame pixels to one of the photo.
    pub scale: f32,
    /// The photo's place of the frame's upper left corner; may lie outside it.
    corner: [f32; 2],
    pub width: usize,
    pub height: usize,
}

impl HeadFrame {
    /// The frame in which this face is as high as asked, in pixels: head, shoulders and chest.
    pub(super) fn round(landmarks: &Landmarks, face_height: f32) -> Self {
        let own = landmarks.face_height().max(1.0);
        let centre = landmarks.centre();
        Self {
            scale: face_height / own,
            corner: [
                centre[0] + 0.5 - REACH_ASIDE * own,
                centre[1] + 0.5 - REACH_UP * own,
            ],
            width: (2.0 * REACH_ASIDE * face_height) as usize,
            height: ((REACH_UP + REACH_DOWN) * face_height) as usize,
        }
    }

    /// A window of the frame, `times` as large.
    pub(super) fn enlarged(&self, window: Window, times: f32) -> Self {
        Self {
            scale: self.scale * times,
            corner: [
                self.corner[0] + window.left as f32 / self.scale,
                self.corner[1] + window.top as f32 / self.scale,
            ],
            width: ((window.width as f32 * times) as usize).max(1),
            height: ((window.height as f32 * times) as usize).max(1),
        }
    }

    /// A photo pixel's place in the frame.
    pub(crate) fn place(&self, point: [f32; 2]) -> [f32; 2] {
        [0, 1].map(|axis| (point[axis] + 0.5 - self.corner[axis]) * self.scale - 0.5)
    }

    /// A frame pixel's place in the photo.
    pub(crate) fn to_photo(self, point: [f32; 2]) -> [f32; 2] {
        [0, 1].map(|axis| (point[axis] + 0.5) / self.scale + self.corner[axis] - 0.5)
    }

    /// A face of the photo in the frame.
    pub(super) fn landmarks(&self, landmarks: &Landmarks) -> Landmarks {
        landmarks.mapped(self.scale, |point| self.place(point))
    }

    /// The photo within the frame; beyond the photo its edge goes on.
    pub(super) fn cut(&self, photo: &RgbRaster) -> RgbRaster {
        let across = self.overlap(0, photo.width(), self.width);
        let down = self.overlap(1, photo.height(), self.height);
        let region = [across.from, down.from, across.size, down.size];
        let piece = resize_rgb_region(photo, region, across.pixels, down.pixels);
        if (piece.width(), piece.height()) == (self.width, self.height) {
            return piece;
        }
        RgbRaster::from_fn(self.width, self.height, |x, y| {
            piece.at_clamped(x as isize - across.start, y as isize - down.start)
        })
    }

    /// 1 where the frame shows the photo, 0 beyond it.
    pub(super) fn inside(&self, photo: &RgbRaster) -> Mask {
        let sides = [photo.width() as f32, photo.height() as f32];
        Mask::from_fn(self.width, self.height, |x, y| {
            let [x, y] = self.to_photo([x as f32, y as f32]);
            let is_inside = x > -0.5 && y > -0.5 && x < sides[0] - 0.5 && y < sides[1] - 0.5;
            f32::from(u8::from(is_inside))
        })
    }

    /// A mask of the photo, of any size, within the frame.
    pub(super) fn cut_mask(&self, mask: &Mask, photo: &RgbRaster) -> Mask {
        let across = mask.width() as f32 / photo.width() as f32;
        let down = mask.height() as f32 / photo.height() as f32;
        Mask::from_fn(self.width, self.height, |x, y| {
            let [x, y] = self.to_photo([x as f32, y as f32]);
            mask.sample((x + 0.5) * across - 0.5, (y + 0.5) * down - 0.5)
        })
    }

    /// A mask of another frame within this one.
    pub(super) fn resample(&self, mask: &Mask, of: &HeadFrame) -> Mask {
        Mask::from_fn(self.width, self.height, |x, y| {
            let [x, y] = of.place(self.to_photo([x as f32, y as f32]));
            mask.sample(x, y)
        })
    }

    /// The stretch of one axis on which frame and photo overlap.
    fn overlap(&self, axis: usize, photo_side: usize, frame_side: usize) -> Span {
        let scale = self.scale;
        let first = (-self.corner[axis] * scale).max(0.0).ceil();
        let last = ((photo_side as f32 - self.corner[axis]) * scale)
            .min(frame_side as f32)
            .floor();
        let pixels = (last - first).max(1.0);
        let from = f64::from((first / scale + self.corner[axis]).max(0.0));
        let from = from.min(photo_side as f64 - 1.0);
        Span {
            start: first as isize,
            pixels: pixels as usize,
            from,
            size: f64::from(pixels / scale).min(photo_side as f64 - from),
        }
    }
}

struct Span {
    /// First frame pixel and how many.
    start: isize,
    pixels: usize,
    /// The same stretch in photo pixels.
    from: f64,
    size: f64,
}
