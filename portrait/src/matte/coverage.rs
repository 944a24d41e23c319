//! Where people are, roughly: the network over the whole photo, then twice more for every face.

use crate::colour::smoothstep;
use crate::faces::Face;
use crate::filter::{Region, fit_long_side, resize_mask, whole};
use crate::models::Segmenter;
use crate::{Mask, RgbRaster};

/// Long side of the rough matte, in pixels: the network's own detail round a face, not more.
const ROUGH_SIDE: usize = 1024;

/// Between these the network is undecided. In wide views it half believes in flags, curtains and
/// chairs, so there it must be surer than round a face.
const UNSURE_WIDE: [f32; 2] = [0.6, 0.85];
const UNSURE_CLOSE: [f32; 2] = [0.4, 0.75];

/// A part of the photo in pixels: left, top, right, bottom.
type Bounds = [usize; 4];

/// How the network looks at a person, in face sizes round the centre of the face.
struct View {
    side: f32,
    /// From the top of the square to the centre of the face.
    above: f32,
    unsure: [f32; 2],
    /// Share of the square over which its pass fades in: the network is unsure at its own borders.
    fade: f32,
}

/// Head, shoulders and chest, as in the selfies that the network was trained with: for the edge.
const BUST: View = View {
    side: 4.2,
    above: 1.6,
    unsure: UNSURE_CLOSE,
    fade: 0.12,
};
/// Down to the hips or the end of the photo: for whole bodies in wide photos, which the first look
/// at all of it squeezes out of shape.
const BODY: View = View {
    side: 7.0,
    above: 1.6,
    unsure: UNSURE_WIDE,
    fade: 0.08,
};

/// How much of each pixel is a person, as far as the network can tell; at most 1024 pixels on the long side.
pub(super) fn segment(
    segmenter: &Segmenter,
    photo: &RgbRaster,
    faces: &[Face],
) -> ort::Result<Mask> {
    let long_side = photo.width().max(photo.height()).min(ROUGH_SIDE);
    let (width, height) = fit_long_side(photo.width(), photo.height(), long_side);
    let views: Vec<(&View, Bounds)> = faces
        .iter()
        .flat_map(|face| [&BUST, &BODY].map(|view| (view, view.bounds(face, photo))))
        .collect();
    let closer = views.iter().map(|(_, bounds)| region_of(*bounds));
    let regions: Vec<Region> = std::iter::once(whole(photo)).chain(closer).collect();
    let looks = segmenter.run(photo, &regions)?;
    let Some((first_look, passes)) = looks.split_first() else {
        return Ok(Mask::filled(width, height, 0.0));
    };
    let [low, high] = UNSURE_WIDE;
    let mut coverage =
        resize_mask(first_look, width, height).map(|sure| smoothstep(low, high, sure));
    for ((view, bounds), pass) in views.into_iter().zip(passes) {
        view.merge(&mut coverage, pass, bounds, photo);
    }
    Ok(coverage)
}

/// Corner and size instead of two corners.
fn region_of(bounds: Bounds) -> Region {
    let [left, top, right, bottom] = bounds.map(|side| side as f64);
    [left, top, right - left, bottom - top]
}

impl View {
    /// The square, as narrow as the photo leaves it high, moved inwards and cut off where the photo ends.
    fn bounds(&self, face: &Face, photo: &RgbRaster) -> Bounds {
        let size = face.size();
        let [x, y] = face.centre();
        let (photo_width, photo_height) = (photo.width() as f32, photo.height() as f32);
        let top = (y - size * self.above).clamp(0.0, photo_height - 1.0);
        let bottom = (y + size * (self.side - self.above)).clamp(top + 1.0, photo_height);
        let width = (bottom - top).min(photo_width);
        let left = (x - width / 2.0).clamp(0.0, photo_width - width);
        [left, top, left + width, bottom].map(|side| side.round() as usize)
    }

    /// Takes the larger value of both inside the square, fading towards those of its sides that are
    /// not the photo's.
    fn merge(&self, coverage: &mut Mask, pass: &Mask, bounds: Bounds, photo: &RgbRaster) {
        let [left, top, right, bottom] = bounds.map(|side| side as f32);
        let [low, high] = self.unsure;
        let fade = (right - left).max(bottom - top) * self.fade;
        let scale = photo.width() as f32 / coverage.width() as f32;
        let (photo_width, photo_height) = (photo.width() as f32, photo.height() as f32);
        coverage.for_each_row(|row_index, row| {
            let y = (row_index as f32 + 0.5) * scale;
            if y < top || y > bottom {
                return;
            }
            let pass_y = (y - top) / (bottom - top) * pass.height() as f32 - 0.5;
            let depth_y = depth(y, [top, bottom], photo_height);
            for (column, value) in row.iter_mut().enumerate() {
                let x = (column as f32 + 0.5) * scale;
                if x < left || x > right {
                    continue;
                }
                let pass_x = (x - left) / (right - left) * pass.width() as f32 - 0.5;
                let seen = smoothstep(low, high, pass.sample(pass_x, pass_y));
                let inside = depth(x, [left, right], photo_width).min(depth_y);
                *value = value.max(seen * (inside / fade).clamp(0.0, 1.0));
            }
        });
    }
}

/// How far inside a stretch of a photo's side a position lies; ends that are the photo's own do not count.
fn depth(position: f32, [low, high]: [f32; 2], size: f32) -> f32 {
    let from_low = if low > 0.0 {
        position - low
    } else {
        f32::INFINITY
    };
    let to_high = if high < size {
        high - position
    } else {
        f32::INFINITY
    };
    from_low.min(to_high)
}
