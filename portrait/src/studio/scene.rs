//! The guests in the theme's world, in costume or in their own clothes, before anything is painted.

use super::analysis::PhotoAnalysis;
use crate::check::Sitter;
use crate::colour::Lab;
use crate::compose::{Composite, compose_dressed, compose_photographed};
use crate::costume::{self, LighterReason, Place, Plan};
use crate::heads::{CutRequest, Head, NeckRequest, cut_head};
use crate::matte::cut_out;
use crate::step::Stopwatch;
use crate::theme::Variant;
use crate::theming::theme_face;
use crate::{PortraitSize, RenderError, Step};
use rayon::prelude::*;

/// Faces of guests in their own clothes are worked on at no more than this height, in pixels.
const LARGEST_OWN_FACE: f32 = 420.0;

/// Guests in the world, unpainted.
pub(crate) struct Scene {
    pub composite: Composite,
    /// The guests for the check, in the order of the people.
    pub sitters: Vec<Sitter>,
    /// Why the guests keep their own clothes; none where they are in costume.
    pub lighter: Option<LighterReason>,
}

/// Puts the guests into the variant's world, in costume where they can be.
pub(crate) fn build_scene(
    analysis: &PhotoAnalysis,
    variant: &Variant,
    size: PortraitSize,
    is_lighter: bool,
    watch: &mut Stopwatch<'_>,
) -> Result<Scene, RenderError> {
    if is_lighter {
        return in_own_clothes(analysis, variant, size, LighterReason::Check, watch);
    }
    let photo_size = [
        analysis.photo.width() as f32,
        analysis.photo.height() as f32,
    ];
    match costume::plan(
        variant,
        &analysis.people,
        &analysis.bodies,
        &analysis.matte.alpha,
        photo_size,
        size,
    ) {
        Plan::Full(places) => in_costume(analysis, &places, variant, size, watch),
        Plan::Lighter(reason) => in_own_clothes(analysis, variant, size, reason, watch),
    }
}

fn in_costume(
    analysis: &PhotoAnalysis,
    places: &[Place],
    variant: &Variant,
    size: PortraitSize,
    watch: &mut Stopwatch<'_>,
) -> Result<Scene, RenderError> {
    let flare = costume::flare(&variant.wardrobe.full);
    let requests = places.iter().enumerate().map(|(person, place)| CutRequest {
        landmarks: &analysis.people[person],
        person,
        face_height: place.working_height(),
        reshape: &variant.face.reshape,
        neck: NeckRequest::Drawn {
            flare,
            is_hand_near: place.is_hand_near,
        },
    });
    let (heads, skins) = themed_heads(analysis, requests.collect(), variant, watch);
    let guests = watch.time(Step::Dress, || {
        let dressed = heads.into_iter().zip(places);
        dressed
            .map(|(head, place)| costume::dress(head, place, variant, size))
            .collect::<Result<Vec<_>, _>>()
    })?;
    watch.time(Step::Compose, || {
        let slots: Vec<_> = places.iter().map(|place| place.slot).collect();
        let backdrop = variant.backdrop.read(size)?;
        let order = costume::back_to_front(&slots);
        let sitters = guests.iter().zip(&analysis.people).zip(skins);
        Ok(Scene {
            sitters: sitters
                .map(|((guest, person), skin)| {
                    let to_portrait = |place| guest.head_to_portrait.apply(place);
                    Sitter::new(
                        person,
                        &guest.head,
                        skin,
                        guest.head_to_portrait.scale(),
                        to_portrait,
                    )
                })
                .collect(),
            composite: compose_dressed(&guests, &order, &backdrop, variant, size),
            lighter: None,
        })
    })
}

fn in_own_clothes(
    analysis: &PhotoAnalysis,
    variant: &Variant,
    size: PortraitSize,
    reason: LighterReason,
    watch: &mut Stopwatch<'_>,
) -> Result<Scene, RenderError> {
    let PhotoAnalysis {
        photo,
        people,
        matte,
        ..
    } = analysis;
    let requests = people
        .iter()
        .enumerate()
        .map(|(person, landmarks)| CutRequest {
            landmarks,
            person,
            face_height: landmarks.face_height().clamp(1.0, LARGEST_OWN_FACE),
            reshape: &variant.face.reshape,
            neck: NeckRequest::AsPhotographed,
        });
    let (heads, skins) = themed_heads(analysis, requests.collect(), variant, watch);
    let cutout = watch.time(Step::Dress, || cut_out(photo, matte));
    watch.time(Step::Compose, || {
        let backdrop = variant.backdrop.read(size)?;
        let (composite, placement) =
            compose_photographed(&cutout, people, &heads, &backdrop, variant, size)?;
        let sitters = heads.iter().zip(people).zip(skins);
        Ok(Scene {
            sitters: sitters
                .map(|((head, person), skin)| {
                    let frame = head.frame;
                    let to_portrait = |place| placement.apply(frame.to_photo(place));
                    Sitter::new(
                        person,
                        head,
                        skin,
                        placement.scale / frame.scale,
                        to_portrait,
                    )
                })
                .collect(),
            composite,
            lighter: Some(reason),
        })
    })
}

/// The heads that are asked for, cut and themed, and each one's skin as photographed.
fn themed_heads(
    analysis: &PhotoAnalysis,
    requests: Vec<CutRequest<'_>>,
    variant: &Variant,
    watch: &mut Stopwatch<'_>,
) -> (Vec<Head>, Vec<Lab>) {
    let mut heads: Vec<Head> = watch.time(Step::CutHeads, || {
        requests
            .par_iter()
            .map(|request| cut_head(&analysis.photo, &analysis.matte, request))
            .collect()
    });
    let skins = watch.time(Step::ThemeFaces, || {
        heads
            .par_iter_mut()
            .map(|head| theme_face(head, variant))
            .collect()
    });
    (heads, skins)
}
