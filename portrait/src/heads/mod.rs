//! Cuts heads from the photo: face, hair and neck of one person, without clothes, background and neighbours.

mod assemble;
mod edge;
mod frame;
mod labels;
mod neck;
mod sketch;
pub(crate) mod skin;
mod trim;
mod warp;

use crate::faces::{FaceAxes, Landmarks};
use crate::filter::{grow, holes};
use crate::matte::{Matte, own_colours};
use crate::theme::Reshape;
use crate::{Mask, RgbRaster, Window};
use assemble::{Source, assemble, product};
pub(crate) use frame::HeadFrame;
pub(crate) use neck::Flare;
use sketch::Sketch;

/// Larger holes in a head are gaps that are really there, in face heights squared.
const LARGEST_HOLE: f32 = 0.03;
/// How far a hole's soft edge reaches, in face heights.
const HOLE_EDGE: f32 = 0.04;

/// The area in pixels up to which a hole in a head is closed.
pub(crate) fn largest_hole(face_height: f32) -> usize {
    (LARGEST_HOLE * face_height.powi(2)) as usize
}

/// A head on its own. All rasters have the frame's size.
#[derive(Clone)]
pub(crate) struct Head {
    pub frame: HeadFrame,
    /// In pixels of the frame, as are the axes.
    pub landmarks: Landmarks,
    pub axes: FaceAxes,
    /// As photographed.
    pub photo: RgbRaster,
    /// The head's own colours, free of the background's at its edges; later steps change them.
    pub picture: RgbRaster,
    /// How much of each pixel is this head.
    pub alpha: Mask,
    /// How much is this person, clothes included.
    pub matte: Mask,
    /// The face's outline, filled.
    pub oval: Mask,
    pub hair: Mask,
    /// The neck as it is shown, and how much of the photo's pixels is skin below and beside the face.
    pub neck: Mask,
    pub neck_skin: Mask,
    pub cloth: Mask,
    /// Skin inside the oval: not eyes, brows, beard, glasses.
    pub skin: Mask,
    /// Skin anywhere.
    pub skin_everywhere: Mask,
}

/// Which head to cut, and how.
pub(crate) struct CutRequest<'a> {
    pub landmarks: &'a Landmarks,
    /// Which of the matte's people it is.
    pub person: usize,
    /// Height of the face in the head's raster, in pixels.
    pub face_height: f32,
    pub reshape: &'a Reshape,
    pub neck: NeckRequest,
}

/// Whose neck the head gets.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NeckRequest {
    /// The photo's, as far as it is part of the head.
    AsPhotographed,
    /// One down to a costume's collar. Where a hand lies near the chin, none of the photo's is used for it.
    Drawn { flare: Flare, is_hand_near: bool },
}

/// Cuts one head: its parts are told apart on a sketch, which also says how far it reaches; then its pixels
/// are worked on at full size.
pub(crate) fn cut_head(photo: &RgbRaster, matte: &Matte, request: &CutRequest<'_>) -> Head {
    let sketch = Sketch::draw(photo, matte, request);
    let labels = labels::label(&sketch);
    let trim = trim::trim(&sketch, &labels);
    let times = request.face_height / sketch.axes.face_height.max(1.0);
    let frame = sketch.frame.enlarged(trim.window(&sketch), times);
    let source = Source::cut(frame, photo, matte, request);
    let mut head = assemble(frame, source, photo, &sketch, &labels);
    head.trim(&trim, &sketch);
    head.picture = own_colours(&head.photo, &head.alpha);
    if let NeckRequest::Drawn {
        flare,
        is_hand_near,
    } = request.neck
    {
        neck::build(&mut head, &sketch, flare, is_hand_near);
    }
    head
}

impl Head {
    /// Keeps of hair and neck what belongs on a bust, and makes the head of what is left.
    fn trim(&mut self, trim: &trim::Trim, sketch: &Sketch) {
        let hair = self.frame.resample(&trim.hair, &sketch.frame);
        let neck = self.frame.resample(&trim.neck, &sketch.frame);
        let crown = self.frame.resample(&trim.crown, &sketch.frame);
        self.hair.for_each_row(|y, row| {
            for (x, value) in row.iter_mut().enumerate() {
                let scalp = crown.row(y)[x] * self.matte.row(y)[x] * (1.0 - self.oval.row(y)[x]);
                *value = (*value * hair.row(y)[x]).max(scalp);
            }
        });
        let closed = self.frame.resample(&trim.closed, &sketch.frame);
        self.neck = product(&self.neck, &neck);
        self.neck.for_each_row(|y, row| {
            for (x, value) in row.iter_mut().enumerate() {
                let covered = self.oval.row(y)[x].max(self.hair.row(y)[x]);
                *value = value.max(closed.row(y)[x] * (1.0 - covered));
            }
        });
        let (oval, matte, hair, neck) = (&self.oval, &self.matte, &self.hair, &self.neck);
        self.alpha.for_each_row(|y, row| {
            for (x, value) in row.iter_mut().enumerate() {
                let face = oval.row(y)[x] * matte.row(y)[x];
                *value = (face + hair.row(y)[x] + neck.row(y)[x]).clamp(0.0, 1.0);
            }
        });
        self.fill_holes();
    }

    /// What the head encloses belongs to it as far as the matte says: skin at the hairline that is neither hair nor
    /// inside the face's oval, a parting.
    fn fill_holes(&mut self) {
        let face_height = self.axes.face_height;
        let holes = holes(&self.alpha, largest_hole(face_height));
        let filled = product(&grow(&holes, HOLE_EDGE * face_height), &self.matte);
        // As ears and the neck are: shown skin outside the face's oval.
        for mask in [&mut self.neck, &mut self.alpha] {
            mask.for_each_row(|y, row| {
                for (value, filled) in row.iter_mut().zip(filled.row(y)) {
                    *value = value.max(*filled);
                }
            });
        }
    }

    /// What is painted is no bare skin any more. `painted` covers a window of the head.
    pub(crate) fn mark_painted(&mut self, painted: &Mask, window: Window) {
        for mask in [&mut self.skin, &mut self.skin_everywhere] {
            let mut part = mask.crop(window);
            part.for_each_row(|y, row| {
                for (skin, painted) in row.iter_mut().zip(painted.row(y)) {
                    *skin *= 1.0 - painted;
                }
            });
            mask.paste(&part, window);
        }
    }

    /// How wide the outline's soft edge is, in face heights: the area that is neither inside nor outside over
    /// the outline's length.
    pub(crate) fn edge_width(&self) -> f32 {
        let (mut soft, mut length) = (0_usize, 0_usize);
        for y in 0..self.alpha.height() {
            let [mut before, chin] = [0.0, self.axes.chin];
            for (x, &alpha) in self.alpha.row(y).iter().enumerate() {
                if self.axes.place([x as f32, y as f32])[1] > chin {
                    continue;
                }
                soft += usize::from(alpha > 0.1 && alpha < 0.9);
                length += usize::from((alpha > 0.5) != (before > 0.5));
                before = alpha;
            }
        }
        soft as f32 / length.max(1) as f32 / self.axes.face_height
    }
}
