//! The head's outline, and the lines along it and where hair meets skin.

use super::beard::Beard;
use super::canvas::{both, either, without};
use super::draft::reach;
use super::{BROW_LEVEL, Model};
use crate::Mask;
use crate::colour::smoothstep;
use crate::filter::{Pieces, clean, gaussian_mask, grow, holes};
use crate::heads::largest_hole;

/// Half the width of bays that are closed, and how far above the face they may lie, in face heights.
const BAY: f32 = 0.05;
const NEAR_FACE: f32 = 0.15;

/// The head's outline as one would draw it: hair in whole locks, nothing loose.
pub(super) fn outline(model: &Model<'_>, beard: &Beard) -> Mask {
    let head = model.head;
    let face_height = model.face_height();
    let alpha = either(&head.alpha, &beard.under_chin);
    let draft = &model.draft;
    let near_hair = gaussian_mask(&draft.small(&head.hair), face_height * 0.01);
    let small = draft.small(&alpha);
    let dragged = draft
        .hair_flow
        .drag(&small, &near_hair, reach(10.0, 2.4, 11.0, draft.unit));
    let dragged = model.full_size(&dragged);
    let smooth = gaussian_mask(&dragged, face_height * 0.006).map(|v| smoothstep(0.36, 0.60, v));
    let locks = clean(&smooth, face_height * 0.05);
    let near = grow(&alpha, 2.0);
    let even = gaussian_mask(&alpha, face_height * 0.006).map(|v| smoothstep(0.36, 0.64, v));
    let soft_hair = gaussian_mask(&head.hair, face_height * 0.01);
    let merged = model.mask(|x, y, _| {
        let skin = head.oval.row(y)[x].max(model.bare.row(y)[x]);
        let is_hair = soft_hair.row(y)[x] * (1.0 - skin) > 0.15;
        if is_hair {
            locks.row(y)[x].min(near.row(y)[x])
        } else {
            even.row(y)[x]
        }
    });
    let closed = holes(&merged, largest_hole(face_height));
    let merged = either(&merged, &grow(&closed, 2.0));
    let merged = either(&merged, &bays_at_forehead(model, &merged));
    let pieces = Pieces::find(&merged, |value| value > 0.3);
    let own = pieces.touching(|x, y| head.oval.row(y)[x] > 0.5);
    let kept = model.mask(|x, y, _| f32::from(u8::from(own[pieces.label(x, y) as usize])));
    both(&merged, &grow(&kept, 1.0))
}

/// Narrow bays between forehead and hair, where the matte doubts a parting.
fn bays_at_forehead(model: &Model<'_>, outline: &Mask) -> Mask {
    let by = BAY * model.face_height();
    let closed = grow(&grow(outline, by), -by);
    let near_face = grow(&model.head.oval, NEAR_FACE * model.face_height());
    model.mask(|x, y, [_, v]| {
        let is_above = f32::from(u8::from(v < BROW_LEVEL));
        closed.row(y)[x] * near_face.row(y)[x] * is_above
    })
}

/// A line along the outline, down to the neck.
pub(super) fn silhouette(model: &Model<'_>, outline: &Mask) -> Mask {
    let face_height = model.face_height();
    let wide = gaussian_mask(&grow(outline, face_height * 0.004), 0.8);
    let narrow = gaussian_mask(&grow(outline, -face_height * 0.008), 0.8);
    let chin = model.head.axes.chin;
    model.mask(|x, y, [_, v]| {
        let line = (wide.row(y)[x] - narrow.row(y)[x]).clamp(0.0, 1.0);
        line * (1.0 - smoothstep(chin + 0.6, chin + 0.75, v))
            * smoothstep(0.3, 0.8, outline.row(y)[x])
    })
}

/// A line where hair meets skin.
pub(super) fn hairline(model: &Model<'_>, skin: &Mask) -> Mask {
    let face_height = model.face_height();
    let soft = gaussian_mask(skin, face_height * 0.004);
    let line = model.mask(|x, y, _| {
        let is_edge = (soft.row(y)[x] - 0.5).abs() < 0.22 && model.hair.row(y)[x] > 0.2;
        f32::from(u8::from(is_edge))
    });
    without(&gaussian_mask(&line, face_height * 0.003), &model.eyes)
}
