//! Themes a head: the theme's light on it, its paint on the face, light in eyes and hair.

mod animation;
mod eyes;
mod face_paint;
mod glasses;
mod hair;
mod regions;
mod relight;
mod rims;
mod shape;
mod skin_tone;
mod surface;
mod topology;

use crate::Mask;
use crate::colour::{Lab, from_lab, luma};
use crate::heads::{Head, skin};
use crate::theme::{Look, PaintedFace, Variant};
use regions::Regions;
use shape::Shape;
use skin_tone::SkinTone;
#[cfg(fuzzing)]
pub(crate) use topology::canonical_face;

/// Changes the head's picture in place. Returns the skin's colour as photographed.
pub(crate) fn theme_face(head: &mut Head, variant: &Variant) -> Lab {
    let shape = Shape::of(head);
    let tone = SkinTone::of(
        head,
        &variant.light,
        &variant.grade,
        variant.face.skin_change,
    );
    match &variant.face.look {
        Look::Painted(face) => {
            relight::relight(head, &shape, &variant.light, &tone);
            paint_face(head, &shape, face);
            // Glow and powder colour bare skin as well.
            tone.keep(head, 2);
        }
        Look::Animated(face) => {
            relight::relight(head, &shape, &variant.light, &tone);
            tone.keep(head, 2);
            animation::animate(head, face, &variant.light);
        }
    }
    tone.photo
}

fn paint_face(head: &mut Head, shape: &Shape, recipe: &PaintedFace) {
    let skin_luma = luma(from_lab(skin::median(&head.picture, head)));
    let regions = Regions::of(head, skin_luma);
    let mut picture = head.picture.crop(regions.window);
    if recipe.smoothing > 0.0 || recipe.shine > 0.0 {
        face_paint::polish(
            &mut picture,
            &regions,
            recipe.smoothing,
            recipe.shine,
            skin_luma,
        );
    }
    let mut painted = Mask::filled(regions.window.width, regions.window.height, 0.0);
    for stencil in &recipe.stencils {
        face_paint::apply(&mut picture, &mut painted, &regions, stencil, skin_luma);
    }
    head.mark_painted(&painted, regions.window);
    eyes::light(&mut picture, &regions, head, &recipe.eyes);
    head.picture.paste(&picture, regions.window);
    hair::light(head, shape, &recipe.hair);
}
