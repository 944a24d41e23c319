//! The matting network's look at each person, merged into one matte of the photo and guarded by the segmenter's.
//!
//! It draws soft edges round hair, but believes in strangers, and loses heads that the photo cuts off.

use super::wall;
use crate::colour::smoothstep;
use crate::faces::Landmarks;
use crate::filter::{Region, distance_to, gaussian_mask, grow, holes, resize_mask};
use crate::models::{Matting, MattingSize};
use crate::{Mask, RgbRaster};

/// The network's crop: side in face sizes, and how much of it lies above the face's centre.
const SIDE: f32 = 4.5;
const ABOVE: f32 = 0.42;
/// Share of a crop over which its weight fades in at sides that are not the photo's.
const FADE: f32 = 0.10;
/// The network sees this many pixels of a face in its crop; more of them in the matte show nothing.
const FACE_PIXELS: f32 = 115.0;
/// Least long side of the matte.
const LEAST_SIDE: f32 = 1024.0;

/// Holes up to this size that the segmenter takes for a person are the network's mistake, in face heights squared.
const LARGEST_HOLE: f32 = 0.4;
/// How far a hole's soft edge reaches, in face heights.
const HOLE_EDGE: f32 = 0.06;

/// The matte's size: such that faces have about the network's own resolution.
pub(super) fn size(
    photo: &RgbRaster,
    people: &[Landmarks],
    matting_size: MattingSize,
) -> (usize, usize) {
    let long_side = photo.width().max(photo.height()) as f32;
    let typical = typical_height(people);
    let share = matting_size.short_side() as f32 / MattingSize::Trained.short_side() as f32;
    let wanted = share * (long_side * FACE_PIXELS / typical.max(1.0)).max(LEAST_SIDE);
    crate::filter::fit_long_side(
        photo.width(),
        photo.height(),
        wanted.min(long_side) as usize,
    )
}

/// The median of the faces' heights.
pub(super) fn typical_height(people: &[Landmarks]) -> f32 {
    let mut heights: Vec<f32> = people.iter().map(Landmarks::face_height).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() / 2).copied().unwrap_or(1.0)
}

/// One matte of everybody. `segmented` is the segmenter's, at any size.
///
/// # Errors
/// When the network fails.
pub(super) fn matte(
    matting: &Matting,
    photo: &RgbRaster,
    people: &[Landmarks],
    segmented: &Mask,
    matting_size: MattingSize,
) -> ort::Result<Mask> {
    let regions: Vec<Region> = people.iter().map(|person| region(person, photo)).collect();
    let looks = matting.run(photo, &regions, matting_size)?;
    let (width, height) = size(photo, people, matting_size);
    let scale = width as f32 / photo.width() as f32;
    let segmented = resize_mask(segmented, width, height);
    let views: Vec<View> = people
        .iter()
        .zip(regions)
        .zip(&looks)
        .map(|((person, region), look)| View::new(person, region, look, scale, &segmented))
        .collect();
    let merged = Mask::from_fn(width, height, |x, y| {
        let (mut sum, mut weights) = (0.0, 0.0);
        for view in &views {
            let weight = view.weight(x as f32, y as f32, [width, height]);
            if weight > 0.0 {
                sum += weight * view.value(x as f32, y as f32, segmented.row(y)[x]);
                weights += weight;
            }
        }
        if weights > 1e-8 { sum / weights } else { 0.0 }
    });
    let seen = Mask::from_fn(width, height, |x, y| {
        let has_view = views
            .iter()
            .any(|view| view.weight(x as f32, y as f32, [width, height]) > 1e-8);
        f32::from(u8::from(has_view))
    });
    let guarded = guard(&merged, &seen, &segmented, people, scale);
    let face_height = typical_height(people) * scale;
    Ok(wall::remove(guarded, photo, &segmented, face_height))
}

/// A square round a face as the photo allows.
fn region(person: &Landmarks, photo: &RgbRaster) -> Region {
    let (size, [x, y]) = (person.size(), person.centre());
    let side = size * SIDE;
    let (photo_width, photo_height) = (photo.width() as f32, photo.height() as f32);
    let left = (x - side / 2.0).clamp(0.0, photo_width - 2.0);
    let top = (y - side * ABOVE).clamp(0.0, photo_height - 2.0);
    let right = (x + side / 2.0).clamp(left + 2.0, photo_width);
    let bottom = (y + side * (1.0 - ABOVE)).clamp(top + 2.0, photo_height);
    [left, top, right - left, bottom - top].map(f64::from)
}

/// One crop's matte, in pixels of the merged one.
struct View<'a> {
    look: &'a Mask,
    left: f32,
    top: f32,
    width: f32,
    height: f32,
    centre: [f32; 2],
    face_height: f32,
    /// How far the network saw the head that the segmenter is sure of, 0 to 1.
    sees_head: f32,
}

impl<'a> View<'a> {
    fn new(
        person: &Landmarks,
        region: Region,
        look: &'a Mask,
        scale: f32,
        segmented: &Mask,
    ) -> Self {
        let [left, top, width, height] = region.map(|side| side as f32 * scale);
        let mut view = Self {
            look,
            left,
            top,
            width,
            height,
            centre: person.centre().map(|value| (value + 0.5) * scale - 0.5),
            face_height: person.face_height() * scale,
            sees_head: 1.0,
        };
        view.sees_head = smoothstep(0.72, 0.86, view.share_seen(segmented));
        view
    }

    /// How much of the head that the segmenter is sure of the network sees.
    fn share_seen(&self, segmented: &Mask) -> f32 {
        let (mut seen, mut sure) = (0.0, 0.0);
        let reach = self.face_height as isize;
        for dy in (-reach..=reach).step_by(2) {
            for dx in (-reach..=reach).step_by(2) {
                let (x, y) = (self.centre[0] + dx as f32, self.centre[1] + dy as f32);
                let is_inside = x >= 0.0
                    && y >= 0.0
                    && x < segmented.width() as f32
                    && y < segmented.height() as f32;
                if !is_inside {
                    continue;
                }
                let (u, v) = (dx as f32 / self.face_height, dy as f32 / self.face_height);
                let head = 1.0 - smoothstep(0.70, 0.85, u.hypot((v + 0.12) * 0.9));
                let certain = smoothstep(0.9, 0.98, segmented.sample(x, y)) * head;
                sure += certain;
                seen += certain * self.network(x, y);
            }
        }
        seen / sure.max(1.0)
    }

    fn network(&self, x: f32, y: f32) -> f32 {
        let (across, down) = (
            self.look.width() as f32 / self.width,
            self.look.height() as f32 / self.height,
        );
        self.look.sample(
            (x + 0.5 - self.left) * across - 0.5,
            (y + 0.5 - self.top) * down - 0.5,
        )
    }

    /// What this crop says of a pixel.
    fn value(&self, x: f32, y: f32, segmented: f32) -> f32 {
        let network = self.network(x, y);
        network * self.sees_head + segmented * (1.0 - self.sees_head)
    }

    /// How much it counts: nearer faces know better.
    fn weight(&self, x: f32, y: f32, [width, height]: [usize; 2]) -> f32 {
        let fade = FADE * self.width.max(self.height);
        let (right, bottom) = (self.left + self.width, self.top + self.height);
        let depth = |near: bool, distance: f32| if near { distance } else { f32::INFINITY };
        let edge = depth(self.left > 0.5, x + 0.5 - self.left)
            .min(depth(right < width as f32 - 0.5, right - x - 0.5))
            .min(depth(self.top > 0.5, y + 0.5 - self.top))
            .min(depth(bottom < height as f32 - 0.5, bottom - y - 0.5));
        if edge <= 0.0 {
            return 0.0;
        }
        let (dx, dy) = (
            x - self.centre[0],
            y - self.centre[1] - 0.1 * self.face_height,
        );
        let distance = (dx * dx + dy * dy) / (self.face_height * self.face_height);
        (edge / fade).clamp(0.0, 1.0) / (distance + 0.25).powi(2)
    }
}

/// Takes away whom the segmenter sees nowhere near, and fills holes where it is sure, near heads.
pub(super) fn guard(
    merged: &Mask,
    seen: &Mask,
    segmented: &Mask,
    people: &[Landmarks],
    scale: f32,
) -> Mask {
    let face_height = typical_height(people) * scale;
    // Soft things at a size at which faces have some forty pixels.
    let by = ((face_height / 40.0) as usize).max(1);
    let (width, height) = (merged.width() / by, merged.height() / by);
    let small = |mask: &Mask| resize_mask(mask, width.max(1), height.max(1));
    let (small_segmented, small_merged) = (small(segmented), small(merged));
    let face = face_height / by as f32;
    let reach = distance_to(&small_segmented, |value| value > 0.35)
        .map(|distance| f32::from(u8::from(distance <= face * 0.30)));
    let reach = gaussian_mask(&reach, face * 0.06);
    let around = gaussian_mask(&small_merged, face * 0.10);
    let holes = holes(&small_merged, (LARGEST_HOLE * face * face) as usize);
    let holes = gaussian_mask(&grow(&holes, face * HOLE_EDGE), 0.7);
    let sure = Mask::from_fn(reach.width(), reach.height(), |x, y| {
        let inside = smoothstep(0.45, 0.75, around.row(y)[x]).max(holes.row(y)[x]);
        smoothstep(0.90, 0.99, small_segmented.row(y)[x]) * inside
    });
    let heads: Vec<([f32; 2], f32)> = people
        .iter()
        .map(|person| {
            let centre = person.centre().map(|value| (value + 0.5) * scale - 0.5);
            (centre, person.face_height() * scale)
        })
        .collect();
    let ratio = 1.0 / by as f32;
    Mask::from_fn(merged.width(), merged.height(), |x, y| {
        let (small_x, small_y) = (
            (x as f32 + 0.5) * ratio - 0.5,
            (y as f32 + 0.5) * ratio - 0.5,
        );
        let reached = merged.row(y)[x] * reach.sample(small_x, small_y);
        let own = if seen.row(y)[x] > 0.5 {
            reached
        } else {
            segmented.row(y)[x]
        };
        let near = heads
            .iter()
            .map(|([centre_x, centre_y], height)| {
                let (u, v) = (
                    (x as f32 - centre_x) / height,
                    (y as f32 - centre_y) / height,
                );
                1.0 - smoothstep(0.75, 1.2, u.hypot(v + 0.05))
            })
            .fold(0.0, f32::max);
        own.max(sure.sample(small_x, small_y) * near)
    })
}
