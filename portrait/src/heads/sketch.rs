//! A head at the small size at which its parts are told apart, with everything that is known about each pixel.

use super::assemble::{Source, add_correction, product, refine, sharpen_share};
use super::frame::HeadFrame;
use super::{CutRequest, edge};
use crate::colour::{Lab, lab_raster, smoothstep};
use crate::drawing::fill_polygon;
use crate::faces::{FaceAxes, Landmarks};
use crate::filter::distance_to;
use crate::matte::Matte;
use crate::mesh_regions::OVAL;
use crate::{Mask, RgbRaster};
use rayon::prelude::*;

/// Height of a face in a sketch, in pixels, at most: labels are smoothed over more than a pixel of it.
const FACE_HEIGHT: f32 = 88.0;
/// A small head's sketch is smaller than the head by this.
const LEAST_SHRINKING: f32 = 0.7;

pub(super) struct Sketch {
    pub frame: HeadFrame,
    pub picture: RgbRaster,
    pub lab: RgbRaster,
    /// How much of each pixel is this person.
    pub matte: Mask,
    /// The face's oval.
    pub oval: Mask,
    /// How far outside the oval a pixel lies, in face heights.
    pub outside: Mask,
    /// 1 where the photo shows something.
    pub inside: Mask,
    /// What colours at the matte's edge have changed about it.
    pub correction: Mask,
    /// This person's share of a group's pixels.
    pub share: Option<Mask>,
    pub axes: FaceAxes,
    pub landmarks: Landmarks,
}

/// What a pixel of a sketch is, for decisions that hang on many things.
pub(super) struct Spot {
    pub colour: Lab,
    /// Right and down of the face's centre, in face heights.
    pub u: f32,
    pub v: f32,
    /// How far beside the neck's middle.
    pub beside_neck: f32,
    pub matte: f32,
    pub oval: f32,
    pub outside: f32,
    pub inside: f32,
}

impl Sketch {
    /// Sketches the head and what is round it: the matte is refined, this person's share of it is taken.
    pub(super) fn draw(photo: &RgbRaster, matte: &Matte, request: &CutRequest<'_>) -> Self {
        let face_height = (request.face_height * LEAST_SHRINKING).min(FACE_HEIGHT);
        let frame = HeadFrame::round(request.landmarks, face_height);
        let Source {
            picture,
            landmarks,
            rough,
            share,
        } = Source::cut(frame, photo, matte, request);
        let axes = FaceAxes::of(&landmarks);
        let oval = fill_polygon(frame.width, frame.height, &landmarks.all_at(&OVAL));
        let inside = frame.inside(photo);
        let matte = refine(&picture, &rough, &oval, &inside, &axes);
        let outside = distance_to(&oval, |value| value >= 0.5).map(|d| d / axes.face_height);
        let mut sketch = Self {
            frame,
            lab: lab_raster(&picture),
            matte,
            inside,
            picture,
            oval,
            outside,
            correction: Mask::filled(frame.width, frame.height, 0.0),
            share: None,
            axes,
            landmarks,
        };
        sketch.correction = edge::correction(&sketch);
        sketch.matte = add_correction(&sketch.matte, &sketch.oval, &sketch.correction);
        if let Some(share) = share {
            let share = sharpen_share(&sketch.picture, &share, &sketch.oval, &axes);
            sketch.matte = product(&sketch.matte, &share);
            sketch.share = Some(share);
        }
        sketch
    }

    pub(super) fn face_height(&self) -> f32 {
        self.axes.face_height
    }

    pub(super) fn spot(&self, x: usize, y: usize) -> Spot {
        let [u, v] = self.axes.place([x as f32, y as f32]);
        Spot {
            colour: self.lab.row(y)[x],
            u,
            v,
            beside_neck: (u - self.axes.neck).abs(),
            matte: self.matte.row(y)[x],
            oval: self.oval.row(y)[x],
            outside: self.outside.row(y)[x],
            inside: self.inside.row(y)[x],
        }
    }

    /// A mask computed pixel by pixel.
    pub(super) fn mask(&self, value_at: impl Fn(&Spot) -> f32 + Sync) -> Mask {
        Mask::from_fn(self.lab.width(), self.lab.height(), |x, y| {
            value_at(&self.spot(x, y))
        })
    }

    /// Colours of the pixels that satisfy a condition.
    pub(super) fn colours(
        &self,
        is_wanted: impl Fn(usize, usize, &Spot) -> bool + Sync,
    ) -> Vec<Lab> {
        let wanted_in_row = |y: usize| {
            let mut colours = Vec::new();
            for x in 0..self.lab.width() {
                let spot = self.spot(x, y);
                if is_wanted(x, y, &spot) {
                    colours.push(spot.colour);
                }
            }
            colours
        };
        let rows: Vec<Vec<Lab>> = (0..self.lab.height())
            .into_par_iter()
            .map(wanted_in_row)
            .collect();
        rows.concat()
    }

    /// Pixels whose place satisfies a condition: right and down of the face's centre, in face heights.
    pub(super) fn pixels(
        &self,
        is_wanted: impl Fn([f32; 2]) -> bool,
    ) -> impl Iterator<Item = (usize, usize)> {
        let (width, height) = (self.lab.width(), self.lab.height());
        (0..width * height)
            .map(move |index| (index % width, index / width))
            .filter(move |&(x, y)| is_wanted(self.axes.place([x as f32, y as f32])))
    }

    /// How much of a pixel is the column under the jaw in which necks are.
    pub(super) fn neck(&self, spot: &Spot) -> f32 {
        let half_width = self.axes.half_width * 0.80;
        let chin = self.axes.chin;
        (1.0 - smoothstep(half_width * 0.85, half_width * 1.15, spot.beside_neck))
            * smoothstep(chin - 0.45, chin - 0.25, spot.v)
            * (1.0 - smoothstep(chin + 0.35, chin + 0.62, spot.v))
    }
}
