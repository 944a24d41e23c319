//! Puts the guests into the theme's world, in costume or in their own clothes.

mod dressed;
mod photographed;

use crate::costume::DressedGuest;
use crate::drawing::{add_polygon, grow};
use crate::faces::Landmarks;
use crate::filter::{SOFT_SCALE, gaussian_mask, resize_photo_region};
use crate::mesh_regions::{LEFT_BROW, LEFT_EYE, LIPS, NOSTRILS, OVAL, RIGHT_BROW, RIGHT_EYE};
use crate::theme::{Paint, Variant};
use crate::{Mask, PortraitSize, RgbRaster};
use image::RgbImage;
pub(crate) use photographed::compose as compose_photographed;

/// Guests and world in one picture, and where in it the guests are.
pub(crate) struct Composite {
    /// The portrait's full size, as are the next two.
    pub picture: RgbRaster,
    /// How much of each pixel is a guest.
    pub people: Mask,
    /// How much of each pixel is photographed and still to be painted.
    pub photographed: Mask,
    /// How much of each pixel is a face, and how much is an eye, a brow, a mouth; smaller than the portrait.
    pub faces: Mask,
    pub features: Mask,
    /// Height of the tallest face in portrait pixels.
    pub face_height: f32,
}

/// Draws guests in costume, the one at the back first.
pub(crate) fn compose_dressed(
    guests: &[DressedGuest],
    order: &[usize],
    backdrop: &RgbImage,
    variant: &Variant,
    size: PortraitSize,
) -> Composite {
    let mut canvas = dressed::Canvas {
        picture: world(backdrop, 1.0, size),
        people: Mask::filled(size.width(), size.height(), 0.0),
        photographed: Mask::filled(size.width(), size.height(), 0.0),
    };
    // What is drawn has flat colours down to its edge.
    let fades_at_hem = !matches!(variant.paint, Paint::Cel(_));
    for &guest in order {
        dressed::draw(
            &mut canvas,
            &guests[guest],
            variant.light.costume_shadow,
            fades_at_hem,
        );
    }
    let placed: Vec<Landmarks> = guests
        .iter()
        .map(|guest| {
            let to_portrait = &guest.head_to_portrait;
            guest
                .head
                .landmarks
                .mapped(to_portrait.scale(), |point| to_portrait.apply(point))
        })
        .collect();
    let (faces, features) = face_masks(&placed, size);
    let heights = placed.iter().map(Landmarks::face_height);
    Composite {
        picture: canvas.picture,
        people: canvas.people,
        photographed: canvas.photographed,
        faces,
        features,
        face_height: heights.fold(1.0, f32::max),
    }
}

/// The backdrop at the portrait's size, `scale` times larger; its sides and its foot fall away.
fn world(backdrop: &RgbImage, scale: f32, size: PortraitSize) -> RgbRaster {
    let (width, height) = (f64::from(backdrop.width()), f64::from(backdrop.height()));
    let shown = 1.0 / f64::from(scale);
    let region = [
        width * (1.0 - shown) / 2.0,
        0.0,
        width * shown,
        height * shown,
    ];
    resize_photo_region(backdrop, region, size.width(), size.height())
}

/// Soft ovals of the faces, and their eyes, brows, mouths and nostrils, at a smaller scale than the portrait.
fn face_masks(placed: &[Landmarks], size: PortraitSize) -> (Mask, Mask) {
    /// Features are smaller than what the soft scale can hold.
    const FEATURE_SCALE: usize = 3;
    let outlines = |scale: usize, parts: &[(&[usize], f32)], softness: f32| {
        let mut mask = Mask::filled(size.width() / scale, size.height() / scale, 0.0);
        let mut tallest = 1.0_f32;
        for face in placed {
            tallest = tallest.max(face.face_height());
            for (indices, by) in parts {
                let corners: Vec<[f32; 2]> = face
                    .all_at(indices)
                    .into_iter()
                    .map(|point| point.map(|value| (value + 0.5) / scale as f32 - 0.5))
                    .collect();
                add_polygon(&mut mask, &grow(&corners, *by));
            }
        }
        gaussian_mask(&mask, softness * tallest / scale as f32)
    };
    let faces = outlines(SOFT_SCALE, &[(&OVAL, 0.0)], 0.02);
    let features = outlines(
        FEATURE_SCALE,
        &[
            (&LEFT_EYE, 0.5),
            (&RIGHT_EYE, 0.5),
            (&LIPS, 0.15),
            (&LEFT_BROW, 0.1),
            (&RIGHT_BROW, 0.1),
            (&NOSTRILS, 0.1),
        ],
        0.02,
    );
    (faces, features)
}
