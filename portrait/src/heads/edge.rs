//! The matte's edge by colour: where hair and background part clearly, a pixel's alpha is its place between both.
//!
//! It takes the wall out of curls, and the sky from between strands, which no network resolves.

use super::sketch::Sketch;
use crate::colour::{luma, smoothstep};
use crate::filter::{colour_guided_filter, distance_to, extrapolate};
use crate::{Mask, Rgb, RgbRaster};

/// Widths over which colours go on from where they are known, finest first, in face heights.
const BACKGROUND_REACH: [f32; 3] = [0.05, 0.15, 0.4];
const HAIR_REACH: [f32; 3] = [0.05, 0.12, 0.3];

/// Between these a matte is taken for an edge where colours say nothing.
const FIRM: [f32; 2] = [0.45, 0.85];

/// What the local colours of hair and background say of one pixel.
struct Evidence {
    /// Where its colour lies between background (0) and hair (1).
    alpha: f32,
    /// How far that may be believed.
    trust: f32,
    /// How clearly both part at all.
    apart: f32,
    /// How strongly both part; widens the zone that is corrected.
    contrast: f32,
    /// How much it looks like the background beside it.
    is_background: f32,
}

/// What to add to the matte, at the sketch's size.
pub(super) fn correction(sketch: &Sketch) -> Mask {
    let face_height = sketch.face_height();
    let matte = &sketch.matte;
    let depth = distance_to(matte, |value| value <= 0.5).map(|d| d / face_height);
    let beyond = distance_to(matte, |value| value > 0.5).map(|d| d / face_height);
    let picture = &sketch.picture;
    let (width, height) = (picture.width(), picture.height());
    let background = extrapolate(
        picture,
        &Mask::from_fn(width, height, |x, y| {
            f32::from(u8::from(beyond.row(y)[x] > 0.07 && matte.row(y)[x] < 0.1))
        }),
        BACKGROUND_REACH.map(|reach| reach * face_height),
    );
    let inner = Mask::from_fn(width, height, |x, y| {
        let (depth, outside) = (depth.row(y)[x], sketch.outside.row(y)[x]);
        if depth > 0.14 && outside > 0.03 {
            1.0
        } else if depth > 0.05 && outside > 0.02 && luma(picture.row(y)[x]) < 0.12 {
            0.3
        } else {
            0.0
        }
    });
    let hair = extrapolate(picture, &inner, HAIR_REACH.map(|reach| reach * face_height));
    let spread = spread_of(picture, &hair.colours, &inner, face_height);
    let corrected = Mask::from_fn(width, height, |x, y| {
        let evidence = weigh(
            picture.row(y)[x],
            (background.colours.row(y)[x], background.known.row(y)[x]),
            (hair.colours.row(y)[x], hair.known.row(y)[x]),
            spread.row(y)[x],
        );
        correct(
            matte.row(y)[x],
            [depth.row(y)[x], beyond.row(y)[x], sketch.outside.row(y)[x]],
            &evidence,
        )
    });
    let radius = (face_height * 0.012).max(2.0) as usize;
    let smooth = colour_guided_filter(picture, &corrected, radius, 1e-5);
    Mask::from_fn(width, height, |x, y| smooth.row(y)[x] - matte.row(y)[x])
}

/// How far the hair's colours lie from their own local mean.
fn spread_of(picture: &RgbRaster, means: &RgbRaster, known: &Mask, face_height: f32) -> Mask {
    let squares = RgbRaster::from_fn(picture.width(), picture.height(), |x, y| {
        [length(difference(picture.row(y)[x], means.row(y)[x])).powi(2); 3]
    });
    let reaches = [0.06, 0.15, 0.15].map(|reach| reach * face_height);
    extrapolate(&squares, known, reaches)
        .colours
        .map(|[square, ..]| square.max(0.0).sqrt())
}

fn weigh(
    pixel: Rgb,
    (background, background_known): (Rgb, f32),
    (hair, hair_known): (Rgb, f32),
    spread: f32,
) -> Evidence {
    let between = difference(hair, background);
    let contrast = length(between);
    let from_background = difference(pixel, background);
    let along = dot(from_background, between) / (contrast * contrast + 1e-4);
    let alpha = along.clamp(0.0, 1.0);
    let off_line: Rgb = std::array::from_fn(|c| from_background[c] - alpha * between[c]);
    let ratio = contrast / (spread + 0.03);
    let apart = smoothstep(1.8, 3.2, ratio);
    let known = background_known.clamp(0.0, 1.0) * hair_known.clamp(0.0, 1.0);
    Evidence {
        alpha: ((alpha - 0.12) / 0.7).clamp(0.0, 1.0),
        trust: apart
            * smoothstep(0.10, 0.28, contrast)
            * (1.0 - smoothstep(0.12, 0.28, length(off_line)))
            * known,
        apart: apart * smoothstep(0.10, 0.28, contrast),
        contrast: smoothstep(2.6, 4.5, ratio) * smoothstep(0.28, 0.5, contrast),
        is_background: (1.0 - smoothstep(0.05, 0.13, length(from_background)))
            * smoothstep(0.18, 0.35, contrast)
            * apart,
    }
}

/// The matte at a pixel, moved by the evidence, near the matte's edge and away from the face.
fn correct(matte: f32, [depth, beyond, outside]: [f32; 3], evidence: &Evidence) -> f32 {
    let (alpha, trust) = (evidence.alpha, evidence.trust);
    let (near, wanted) = if matte > 0.5 {
        let reach = evidence.contrast;
        let near = 1.0 - smoothstep(0.04 + 0.12 * reach, 0.10 + 0.20 * reach, depth);
        (near, matte.min(alpha.max(matte * (1.0 - trust))))
    } else {
        let near = 1.0 - smoothstep(0.03, 0.08, beyond);
        (near, matte.max(alpha * 0.85 * trust))
    };
    // Where both look alike, half transparent hair is a smudge of the old background: a firmer edge is better.
    let firm = smoothstep(FIRM[0], FIRM[1], matte);
    let unclear = 1.0 - smoothstep(0.2, 0.7, evidence.apart);
    let away = smoothstep(0.05, 0.16, outside);
    let matte = matte + (firm - matte) * unclear * away;
    let near = near * away;
    let weight = near * trust;
    let moved = matte * (1.0 - weight) + wanted * weight;
    moved.min(1.0 - evidence.is_background * near)
}

fn difference(a: Rgb, b: Rgb) -> Rgb {
    std::array::from_fn(|c| a[c] - b[c])
}

fn dot(a: Rgb, b: Rgb) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn length(a: Rgb) -> f32 {
    dot(a, a).sqrt()
}
