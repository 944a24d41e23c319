//! Both detectors over the whole photo, and over parts of it where people stand far away.

use crate::RgbRaster;
use crate::filter::{fit_long_side, resize_rgb, resize_rgb_region};
use crate::models::{Detector, Face};
use crate::runtime::Runtime;
use std::path::Path;

/// The most faces of one photo.
const MAX_FACES: usize = 12;
/// From this score on a box is a face.
const MIN_SCORE: f32 = 0.55;
/// The same for parts of a photo, where leaves and clouds fill the frame more often than faces do.
const MIN_SCORE_CLOSE: f32 = 0.65;
/// Both detectors look at the photo shrunk to this long side: more than either sees, and shrunk once.
const LOOK_SIDE: usize = 640;
/// In a group, and where the largest face is smaller than this share of the long side, others may be too small to be
/// seen in the whole photo, which the detector looks at with 192 pixels.
const FAR_SHARE: f32 = 0.1;
/// Photos with a shorter long side hold no face that would gain from a closer look.
const CLOSE_LOOK_SIDE: usize = 960;
/// Side of the square that one closer look covers, over the photo's short side, and how much neighbours share at least.
const TILE_SHARE: f64 = 0.6;
const TILE_OVERLAP: f64 = 0.25;
/// Boxes that share this much are one face.
const SAME_OVERLAP: f32 = 0.3;
const SAME_CONTAINMENT: f32 = 0.6;

/// The detectors for near and far.
pub(crate) struct Detectors {
    full: Detector,
    short: Detector,
}

impl Detectors {
    /// Opens both detectors.
    pub(crate) fn load(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            full: Detector::load_full(runtime, models)?,
            short: Detector::load_short(runtime, models)?,
        })
    }

    /// Runs both in every size of batch.
    pub(crate) fn warm_up(&self) -> ort::Result<()> {
        self.full.warm_up()?;
        self.short.warm_up()
    }
}

/// Every face, at most 12 (the largest), from left to right, in pixels of the photo. May be none.
///
/// # Errors
/// When a network fails.
pub(crate) fn find_faces(detectors: &Detectors, photo: &RgbRaster) -> ort::Result<Vec<Face>> {
    let mut faces = look_at_whole(detectors, photo)?;
    let long_side = photo.width().max(photo.height());
    let largest = faces.iter().map(Face::size).fold(0.0, f32::max);
    let may_hide_more = faces.len() > 1 || largest < long_side as f32 * FAR_SHARE;
    if long_side >= CLOSE_LOOK_SIDE && may_hide_more {
        // The surest first: a vague box over two faces must not hide either.
        let mut all = look_closer(&detectors.full, photo)?;
        all.append(&mut faces);
        all.sort_by(|a, b| b.score.total_cmp(&a.score));
        for face in all {
            add_unless_known(&mut faces, face);
        }
    }
    faces.sort_by(|a, b| b.size().total_cmp(&a.size()));
    faces.truncate(MAX_FACES);
    faces.sort_by(|a, b| a.centre()[0].total_cmp(&b.centre()[0]));
    Ok(faces)
}

/// Where both detectors see a face, the full-range one's box and points are kept: they are steadier.
fn look_at_whole(detectors: &Detectors, photo: &RgbRaster) -> ort::Result<Vec<Face>> {
    let long_side = photo.width().max(photo.height());
    let scale = (long_side as f32 / LOOK_SIDE as f32).max(1.0);
    let small;
    let look = if scale > 1.0 {
        let (width, height) = fit_long_side(photo.width(), photo.height(), LOOK_SIDE);
        small = resize_rgb(photo, width, height);
        &small
    } else {
        photo
    };
    let look = std::slice::from_ref(look);
    let mut faces = detectors.full.run(look, MIN_SCORE)?.concat();
    for face in detectors.short.run(look, MIN_SCORE)?.concat() {
        add_unless_known(&mut faces, face);
    }
    let to_photo = |face: &Face| face.moved(scale, [0.0, 0.0]);
    Ok(faces.iter().map(to_photo).collect())
}

fn look_closer(detector: &Detector, photo: &RgbRaster) -> ort::Result<Vec<Face>> {
    let tiles = tiles(photo.width() as f64, photo.height() as f64);
    let looks: Vec<RgbRaster> = tiles
        .iter()
        .map(|&[left, top, width, height]| {
            let (wide, tall) = fit_long_side(width as usize, height as usize, LOOK_SIDE);
            resize_rgb_region(photo, [left, top, width, height], wide, tall)
        })
        .collect();
    let found = detector.run(&looks, MIN_SCORE_CLOSE)?;
    let of_tile = |([left, top, width, height], faces): ([f64; 4], Vec<Face>)| {
        let scale = (width.max(height) / LOOK_SIDE as f64) as f32;
        let corner = [left as f32, top as f32];
        faces.into_iter().map(move |face| face.moved(scale, corner))
    };
    Ok(tiles.into_iter().zip(found).flat_map(of_tile).collect())
}

/// Overlapping squares that together cover the photo.
fn tiles(width: f64, height: f64) -> Vec<[f64; 4]> {
    let side = width.min(height) * TILE_SHARE;
    let starts = |length: f64| {
        let strides = ((length - side) / (side * (1.0 - TILE_OVERLAP))).ceil();
        let stride = (length - side) / strides;
        (0..=strides as usize).map(move |index| index as f64 * stride)
    };
    starts(height)
        .flat_map(|top| starts(width).map(move |left| [left, top, side, side]))
        .collect()
}

fn add_unless_known(faces: &mut Vec<Face>, face: Face) {
    let is_known = faces.iter().any(|known| {
        known.overlap(&face) >= SAME_OVERLAP || known.containment(&face) >= SAME_CONTAINMENT
    });
    if !is_known {
        faces.push(face);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_the_photo_and_overlap() {
        for (width, height, count) in [
            (1920.0, 1080.0, 8),
            (1080.0, 1920.0, 8),
            (1500.0, 1500.0, 4),
            (3600.0, 1350.0, 12),
        ] {
            let tiles = tiles(width, height);
            assert_eq!(tiles.len(), count, "{width} x {height}");
            let [left, top, wide, tall] = tiles[count - 1];
            assert!((left + wide - width).abs() < 1e-6 && (top + tall - height).abs() < 1e-6);
            assert!(
                tiles[1][0] < wide * (1.0 - TILE_OVERLAP) + 1e-6,
                "they overlap"
            );
        }
    }
}
