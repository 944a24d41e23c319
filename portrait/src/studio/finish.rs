//! Renders the scene: paints, grades and checks it, and retries where the check fails.

use super::Order;
use super::analysis::PhotoAnalysis;
use super::scene::{Scene, build_scene};
use crate::check::{Failure, GuestReport, check};
use crate::grade::grade;
use crate::moderate::moderate;
use crate::networks::Networks;
use crate::paint::paint;
use crate::step::Stopwatch;
use crate::theme::Variant;
use crate::{RenderError, RgbRaster, Step};

/// A portrait before it is a file.
pub(super) struct Finished {
    pub picture: RgbRaster,
    pub guests: Vec<GuestReport>,
    pub retries: Vec<Failure>,
}

/// Makes the portrait, checks it, and makes it again where the check fails: milder, then in the guests' own
/// clothes. The last of these is taken as it is.
pub(super) fn render_checked(
    networks: &Networks,
    analysis: &PhotoAnalysis,
    order: &Order,
    variant: &Variant,
    watch: &mut Stopwatch<'_>,
) -> Result<Finished, RenderError> {
    let mut retries = Vec::new();
    let milder = variant.milder();
    let attempts = [(variant, false), (&milder, false), (&milder, true)];
    for (variant, is_lighter) in attempts {
        let scene = build_scene(analysis, variant, order.size, is_lighter, watch)?;
        let was_lighter = scene.lighter.is_some();
        let picture = develop(networks, &scene, order, variant, watch)?;
        let (guests, failure) = watch.time(Step::Check, || {
            check(
                &networks.mesh,
                &picture,
                &scene.sitters,
                scene.lighter,
                &variant.bar,
            )
        })?;
        let Some(failure) = failure.filter(|_| !is_lighter && !was_lighter) else {
            return Ok(Finished {
                picture,
                guests,
                retries,
            });
        };
        retries.push(failure);
    }
    Err(RenderError::Internal(
        "the last attempt was not taken".into(),
    ))
}

/// From the scene to the picture: paint and grade.
fn develop(
    networks: &Networks,
    scene: &Scene,
    order: &Order,
    variant: &Variant,
    watch: &mut Stopwatch<'_>,
) -> Result<RgbRaster, RenderError> {
    let composite = &scene.composite;
    let mut picture = watch.time(Step::Paint, || {
        paint(&networks.brushes, composite, &variant.paint)
    })?;
    watch.time(Step::Grade, || {
        grade(&mut picture, &composite.faces, &variant.grade, order.seed);
        // Parts of a photo that pass as a whole may fill the portrait.
        moderate(&networks.moderators, &picture)
    })?;
    Ok(picture)
}
