//! Bounded changes of a face's shape: a stronger jaw, larger eyes. The picture is warped before anything is cut.

use crate::drawing::middle;
use crate::faces::{FaceAxes, LEFT_CHEEK, Landmarks, RIGHT_CHEEK};
use crate::mesh_regions::{LEFT_EYE, RIGHT_EYE};
use crate::theme::Reshape;
use crate::{Mask, Raster, RgbRaster, Window};

/// Points along the jaw that are moved, and how far round each the move reaches, in face heights.
const JAW: [usize; 10] = [172, 136, 150, 149, 176, 397, 365, 379, 378, 400];
const JAW_REACH: f32 = 0.085;
/// How far a zoom reaches: of an eye in its own widths, of nose and mouth in face heights.
const EYE_REACH: f32 = 1.28;
const NOSE_REACH: f32 = 0.20;
const MOUTH_REACH: f32 = 0.27;

/// Where each pixel's colour comes from.
pub(super) struct Warp {
    /// `None` where nothing is asked.
    field: Option<Field>,
}

struct Field {
    window: Window,
    /// How far from itself a pixel of the window looks for its colour.
    offsets: Raster<[f32; 2]>,
}

/// One part of the face made larger or smaller about its middle.
struct Zoom {
    centre: [f32; 2],
    /// 1 plus how much wider and taller.
    by: [f32; 2],
    reach: f32,
}

/// A point that is moved, and its surroundings with it.
struct Move {
    from: [f32; 2],
    by: [f32; 2],
    reach: f32,
}

impl Warp {
    /// `landmarks` are in pixels of the raster that is warped.
    pub(super) fn of(landmarks: &Landmarks, reshape: &Reshape) -> Self {
        if *reshape == Reshape::default() {
            return Self { field: None };
        }
        let axes = FaceAxes::of(landmarks);
        let zooms = zooms(landmarks, &axes, reshape);
        let moves = jaw_moves(landmarks, &axes, reshape.jaw);
        let margin = 0.5 * axes.face_height;
        let [left, top, right, bottom] = landmarks.bounds();
        let bounds = [left - margin, top - margin, right + margin, bottom + margin];
        let far = usize::MAX >> 8;
        let window = Window::within(bounds, far, far);
        let offsets = Raster::from_fn(window.width, window.height, |x, y| {
            let place = [(window.left + x) as f32, (window.top + y) as f32];
            offset(place, &zooms, &moves, &axes)
        });
        Self {
            field: Some(Field { window, offsets }),
        }
    }

    pub(super) fn picture(&self, picture: RgbRaster) -> RgbRaster {
        self.field.as_ref().map_or_else(
            || picture.clone(),
            |field| field.apply(&picture, |source, x, y| source.sample(x, y)),
        )
    }

    pub(super) fn mask(&self, mask: Mask) -> Mask {
        self.field.as_ref().map_or_else(
            || mask.clone(),
            |field| field.apply(&mask, |source, x, y| source.sample(x, y)),
        )
    }

    /// The points where the warp has brought them: the inverse of a small warp, by a few fixed-point steps.
    pub(super) fn landmarks(&self, landmarks: &Landmarks) -> Landmarks {
        let Some(field) = &self.field else {
            return landmarks.clone();
        };
        landmarks.mapped(1.0, |point| {
            let mut moved = point;
            for _ in 0..4 {
                let offset = field.at(moved);
                moved = [point[0] - offset[0], point[1] - offset[1]];
            }
            moved
        })
    }
}

impl Field {
    fn at(&self, point: [f32; 2]) -> [f32; 2] {
        let [x, y] = self.window.place(point);
        let is_inside = x >= 0.0
            && y >= 0.0
            && x <= self.window.width as f32 - 1.0
            && y <= self.window.height as f32 - 1.0;
        if is_inside {
            self.offsets.sample(x, y)
        } else {
            [0.0; 2]
        }
    }

    fn apply<T: Copy + Send + Sync>(
        &self,
        source: &Raster<T>,
        sample: impl Fn(&Raster<T>, f32, f32) -> T + Sync + Send,
    ) -> Raster<T> {
        let mut warped = source.clone();
        let Window {
            left,
            top,
            width,
            height,
        } = self.window;
        warped.for_each_row(|y, row| {
            if !(top..top + height).contains(&y) {
                return;
            }
            let offsets = self.offsets.row(y - top);
            let end = (left + width).min(row.len());
            for x in left..end {
                let [dx, dy] = offsets[x - left];
                if dx != 0.0 || dy != 0.0 {
                    row[x] = sample(source, x as f32 + dx, y as f32 + dy);
                }
            }
        });
        warped
    }
}

fn zooms(landmarks: &Landmarks, axes: &FaceAxes, reshape: &Reshape) -> Vec<Zoom> {
    let bigger = |by: [f32; 2]| by.map(|more| 1.0 + more);
    let mut zooms = Vec::new();
    for outline in [&LEFT_EYE, &RIGHT_EYE] {
        let corners = landmarks.all_at(outline);
        let (outer, inner) = (corners[0], corners[8]);
        let width = (outer[0] - inner[0]).hypot(outer[1] - inner[1]);
        zooms.push(Zoom {
            centre: middle(&corners),
            by: bigger(reshape.eyes),
            reach: width * EYE_REACH,
        });
    }
    for (points, by, reach) in [
        (vec![4, 2, 195], reshape.nose, NOSE_REACH),
        (vec![13, 14], reshape.mouth, MOUTH_REACH),
    ] {
        zooms.push(Zoom {
            centre: middle(&landmarks.all_at(&points)),
            by: bigger(by),
            reach: reach * axes.face_height,
        });
    }
    zooms.retain(|zoom| zoom.by != [1.0; 2]);
    zooms
}

fn jaw_moves(landmarks: &Landmarks, axes: &FaceAxes, jaw: f32) -> Vec<Move> {
    if jaw == 0.0 {
        return Vec::new();
    }
    let centre = middle(&landmarks.all_at(&[168, 4, 152]));
    let [left, right] = [LEFT_CHEEK, RIGHT_CHEEK].map(|cheek| landmarks.at(cheek));
    let across = [right[0] - left[0], right[1] - left[1]];
    let length = across[0].hypot(across[1]).max(1.0);
    let across = across.map(|value| value / length);
    let moves = JAW.iter().map(|&point| {
        let from = landmarks.at(point);
        let side = (from[0] - centre[0]) * across[0] + (from[1] - centre[1]) * across[1];
        // Points near the chin move less than those at the jaw's corners.
        let share = (side / (0.32 * axes.face_height)).clamp(-1.0, 1.0);
        let by = share * jaw * axes.face_height;
        Move {
            from,
            by: across.map(|value| value * by),
            reach: JAW_REACH * axes.face_height,
        }
    });
    moves.collect()
}

/// How far from a place its colour comes from.
fn offset(place: [f32; 2], zooms: &[Zoom], moves: &[Move], axes: &FaceAxes) -> [f32; 2] {
    let mut sum = [0.0; 2];
    let [centre_u, centre_v] = axes.place(place);
    for zoom in zooms {
        let [zoom_u, zoom_v] = axes.place(zoom.centre);
        let (u, v) = (centre_u - zoom_u, centre_v - zoom_v);
        let away = u.hypot(v * 1.15) * axes.face_height / zoom.reach;
        if away >= 1.0 {
            continue;
        }
        let weight = (1.0 - away * away).powi(2);
        let shrunk = [
            u * (1.0 - (1.0 - 1.0 / zoom.by[0]) * weight),
            v * (1.0 - (1.0 - 1.0 / zoom.by[1]) * weight),
        ];
        let from = axes.pixel([zoom_u + shrunk[0], zoom_v + shrunk[1]]);
        sum = [sum[0] + from[0] - place[0], sum[1] + from[1] - place[1]];
    }
    for moved in moves {
        let (dx, dy) = (place[0] - moved.from[0], place[1] - moved.from[1]);
        let square = (dx * dx + dy * dy) / (moved.reach * moved.reach);
        if square < 9.0 {
            let weight = (-0.5 * square).exp();
            sum = [sum[0] - moved.by[0] * weight, sum[1] - moved.by[1] * weight];
        }
    }
    sum
}
