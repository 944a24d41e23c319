//! Makes a head of the photo at full size: its matte, and which of its pixels are hair, skin and clothes.

use super::labels::Labels;
use super::sketch::Sketch;
use super::warp::Warp;
use super::{CutRequest, Head, HeadFrame};
use crate::drawing::fill_polygon;
use crate::faces::{FaceAxes, Landmarks};
use crate::filter::{ColourGuide, colour_guided_filter, grow};
use crate::matte::Matte;
use crate::mesh_regions::OVAL;
use crate::{Mask, RgbRaster};

/// Farther inside the mesh's outline than this, in face heights, every pixel is face.
const OUTLINE_DOUBT: f32 = 0.04;

/// The photo within a frame, warped as the theme asks, with what the matte says of it.
pub(super) struct Source {
    pub picture: RgbRaster,
    pub landmarks: Landmarks,
    pub rough: Mask,
    pub share: Option<Mask>,
}

impl Source {
    pub(super) fn cut(
        frame: HeadFrame,
        photo: &RgbRaster,
        matte: &Matte,
        request: &CutRequest<'_>,
    ) -> Self {
        let own = frame.landmarks(request.landmarks);
        let warp = Warp::of(&own, request.reshape);
        let share = matte.share(request.person);
        Self {
            landmarks: warp.landmarks(&own),
            picture: warp.picture(frame.cut(photo)),
            rough: warp.mask(frame.cut_mask(&matte.alpha, photo)),
            share: share.map(|share| warp.mask(frame.cut_mask(share, photo))),
        }
    }
}

/// The matte at the frame's size, its edge laid along the picture's; the middle of the face is never missing, but a
/// turned face's outline may lie on the background.
pub(super) fn refine(
    picture: &RgbRaster,
    matte: &Mask,
    oval: &Mask,
    inside: &Mask,
    axes: &FaceAxes,
) -> Mask {
    let face = grow(oval, -OUTLINE_DOUBT * axes.face_height);
    let rough = Mask::from_fn(matte.width(), matte.height(), |x, y| {
        matte.row(y)[x].max(face.row(y)[x])
    });
    let radius = (axes.face_height * 0.018).max(2.0) as usize;
    let smooth = colour_guided_filter(picture, &rough, radius, 3e-5);
    Mask::from_fn(matte.width(), matte.height(), |x, y| {
        let mixed = smooth.row(y)[x].clamp(0.0, 1.0) * 0.6 + rough.row(y)[x] * 0.4;
        ((mixed - 0.05) / 0.90).clamp(0.0, 1.0) * inside.row(y)[x]
    })
}

pub(super) fn add_correction(matte: &Mask, oval: &Mask, correction: &Mask) -> Mask {
    Mask::from_fn(matte.width(), matte.height(), |x, y| {
        let own = matte.row(y)[x];
        (own + correction.row(y)[x])
            .max(oval.row(y)[x] * own)
            .clamp(0.0, 1.0)
    })
}

/// This person's share of the pixels, along the picture's edges.
pub(super) fn sharpen_share(
    picture: &RgbRaster,
    share: &Mask,
    oval: &Mask,
    axes: &FaceAxes,
) -> Mask {
    let radius = (axes.face_height * 0.03).max(3.0) as usize;
    let smooth = colour_guided_filter(picture, share, radius, 2e-4);
    Mask::from_fn(share.width(), share.height(), |x, y| {
        ((smooth.row(y)[x] - 0.15) / 0.7)
            .clamp(0.0, 1.0)
            .max(oval.row(y)[x])
    })
}

pub(super) fn product(a: &Mask, b: &Mask) -> Mask {
    Mask::from_fn(a.width(), a.height(), |x, y| a.row(y)[x] * b.row(y)[x])
}

/// The labels brought to the frame's size, along the picture's edges.
pub(super) fn assemble(
    frame: HeadFrame,
    source: Source,
    photo: &RgbRaster,
    sketch: &Sketch,
    labels: &Labels,
) -> Head {
    let Source {
        picture,
        landmarks,
        rough,
        share,
    } = source;
    let axes = FaceAxes::of(&landmarks);
    let oval = fill_polygon(frame.width, frame.height, &landmarks.all_at(&OVAL));
    let matte = refine(&picture, &rough, &oval, &frame.inside(photo), &axes);
    let correction = frame.resample(&sketch.correction, &sketch.frame);
    let matte = add_correction(&matte, &oval, &correction);
    let matte = match share {
        Some(share) => product(&matte, &sharpen_share(&picture, &share, &oval, &axes)),
        None => matte,
    };
    let radius = |share: f32, least: f32| (axes.face_height * share).max(least) as usize;
    let guide = ColourGuide::of(&picture, radius(0.02, 3.0), 1.5e-4);
    let [hair, skin, rest, skin_everywhere] = [
        &labels.hair,
        &labels.skin,
        &labels.rest,
        &labels.skin_colour,
    ]
    .map(|label| {
        let label = frame.resample(label, &sketch.frame);
        guide.filter(&label).map(|value| value.clamp(0.0, 1.0))
    });
    let share_of = |part: &Mask, inside_face: f32| {
        Mask::from_fn(frame.width, frame.height, |x, y| {
            let sum = hair.row(y)[x] + skin.row(y)[x] + rest.row(y)[x] + 1e-6;
            let outside_face = 1.0 - oval.row(y)[x] * (1.0 - inside_face);
            part.row(y)[x] / sum * matte.row(y)[x] * outside_face
        })
    };
    let (hair_alpha, neck_skin, cloth) = (
        share_of(&hair, 0.001),
        share_of(&skin, 1.0),
        share_of(&rest, 1.0),
    );
    Head {
        frame,
        landmarks,
        axes,
        photo: picture.clone(),
        alpha: Mask::filled(frame.width, frame.height, 0.0),
        skin: product(&skin_everywhere, &oval),
        skin_everywhere,
        hair: hair_alpha,
        neck: neck_skin.clone(),
        neck_skin,
        cloth,
        picture,
        matte,
        oval,
    }
}
