//! Hair in three tones of its own colour, with a ring of light where the head faces upwards.

use super::Model;
use super::canvas::{both, lay, median_where, percentile};
use super::draft::reach;
use crate::colour::{Lab, chroma, from_lab, hue_degrees, lab_raster, smoothstep};
use crate::filter::{clean, gaussian_mask};
use crate::{Mask, Rgb, RgbRaster};
use fastrand::Rng;
use std::ops::Range;

/// Fewer pixels are no hair worth drawing.
const LEAST: usize = 500;
/// How far up the dome's normal leans where the ring lies, and how wide it is.
const RING_AT: f32 = -0.47;
const RING_WIDTH: f32 = 0.03;
/// Colours this far from the hair's own are something else: bands, hats, highlights.
const FOREIGN: [f32; 2] = [14.0, 28.0];
/// So much lighter than dark hair is no shine but cloth: the crown of a cap, a bandana.
const WHITE: [f32; 2] = [44.0, 54.0];
/// Colours this near to the skin's are scalp under short hair.
const SKIN_LIKE: [f32; 2] = [8.0, 18.0];
/// Hues of hair that nobody dyed, in degrees, and the chroma from which on another hue is a dye.
const NATURAL_HUES: Range<f32> = 15.0..95.0;
const DYED: f32 = 16.0;
/// Lightness steps of what keeps its own colours.
const POSTER_STEP: f32 = 10.0;

/// The hair's own colour, darkened where there is none.
pub(super) struct HairColours {
    pub base: Rgb,
}

/// Draws the hair into the picture.
pub(super) fn draw(model: &Model<'_>, picture: &mut RgbRaster) -> HairColours {
    let lab = lab_raster(&model.strands);
    let is_hair = |x: usize, y: usize| model.hair.row(y)[x] > 0.6;
    let Some(own) = median_where(&lab, LEAST, is_hair) else {
        let [lightness, a, b] = model.skin;
        return HairColours {
            base: from_lab([lightness * 0.4, a, b]),
        };
    };
    let limits = lightness_limits(&lab, is_hair);
    let tones = Tones::of(own);
    let mut drawn = RgbRaster::filled(model.width(), model.height(), tones.dark);
    let size = model.face_height();
    let above = |limit: f32| {
        model.mask(|x, y, _| {
            smoothstep(-1.5, 1.5, lab.row(y)[x][0] - limit)
                * f32::from(u8::from(model.hair.row(y)[x] > 0.05))
        })
    };
    let [low, middle, high, _] = limits;
    lay(
        &mut drawn,
        tones.base,
        &clean(&above(low * 0.45 + middle * 0.55), size * 0.045),
        1.0,
    );
    lay(
        &mut drawn,
        tones.light,
        &clean(&above(middle * 0.2 + high * 0.8), size * 0.05),
        0.85,
    );
    let ring = ring(model, &lab, limits);
    lay(
        &mut drawn,
        tones.shine,
        &clean(&ring, size * 0.06),
        model.recipe.hair_shine,
    );
    let foreign = foreign(model, &lab, own);
    picture.for_each_row(|y, row| {
        for (x, pixel) in row.iter_mut().enumerate() {
            let amount = smoothstep(0.3, 0.6, model.hair.row(y)[x]);
            if amount <= 0.0 {
                continue;
            }
            let poster = poster(lab.row(y)[x]);
            let other = foreign.row(y)[x];
            *pixel = std::array::from_fn(|c| {
                let hair = drawn.row(y)[x][c] + (poster[c] - drawn.row(y)[x][c]) * other;
                pixel[c] + (hair - pixel[c]) * amount
            });
        }
    });
    HairColours { base: tones.base }
}

struct Tones {
    dark: Rgb,
    base: Rgb,
    light: Rgb,
    shine: Rgb,
}

impl Tones {
    fn of(own: Lab) -> Self {
        let is_natural = NATURAL_HUES.contains(&hue_degrees(own));
        let saturation = match chroma(own) {
            // A room's light on dark hair, not its colour.
            faint if faint < DYED && !is_natural => 0.3,
            faint if faint < 6.0 => 1.0,
            _ => 1.15,
        };
        let [lightness, a, b] = own;
        let (a, b) = (a * saturation, b * saturation);
        Self {
            dark: from_lab([(lightness * 0.62 - 2.0).clamp(8.0, 60.0), a + 2.0, b - 5.0]),
            base: from_lab([(lightness + 6.0).clamp(16.0, 88.0), a, b]),
            light: from_lab([(lightness + 15.0).clamp(32.0, 95.0), a, b - 2.0]),
            shine: from_lab([(lightness + 30.0).clamp(46.0, 97.0), a, b - 2.0]),
        }
    }
}

/// Lightness below which a tenth, two fifths, four fifths and nearly all of the hair lie.
fn lightness_limits(lab: &RgbRaster, is_hair: impl Fn(usize, usize) -> bool) -> [f32; 4] {
    let mut values = Vec::new();
    for y in (0..lab.height()).step_by(2) {
        for x in (0..lab.width()).step_by(2) {
            if is_hair(x, y) {
                values.push(lab.row(y)[x][0]);
            }
        }
    }
    [0.10, 0.40, 0.82, 0.97].map(|share| percentile(&mut values, share))
}

/// A ragged band of light round the crown.
fn ring(model: &Model<'_>, lab: &RgbRaster, [_, middle, high, _]: [f32; 4]) -> Mask {
    let draft = &model.draft;
    let mut rng = Rng::with_seed(4);
    let (width, height) = (draft.hair.width(), draft.hair.height());
    let white = (0..width * height).map(|_| rng.f32() - 0.5).collect();
    let noise = gaussian_mask(&Mask::from_pixels(width, height, white), 4.5 * draft.unit);
    let ragged = draft
        .hair_flow
        .drag(&noise, &draft.hair, reach(13.0, 3.0, 18.0, draft.unit));
    let count = (width * height) as f32;
    let deviation = (ragged.pixels().iter().map(|v| v * v).sum::<f32>() / count)
        .sqrt()
        .max(1e-9);
    let ragged = model.full_size(&ragged.map(|value| (value + 1.0) / 2.0));
    model.mask(|x, y, _| {
        let [_, up, out] = model.dome.row(y)[x];
        let band =
            (up - RING_AT).abs() - RING_WIDTH - 0.055 * (ragged.row(y)[x] * 2.0 - 1.0) / deviation;
        (1.0 - smoothstep(-0.02, 0.03, band))
            * smoothstep(0.1, 0.3, out)
            * smoothstep(middle - 6.0, high, lab.row(y)[x][0])
    })
}

/// Where hair has another colour than its own and than the skin below it: bands, hats, dyed strands.
fn foreign(model: &Model<'_>, lab: &RgbRaster, own: Lab) -> Mask {
    let size = model.face_height();
    let away = model.mask(|x, y, _| {
        let [lightness, a, b] = lab.row(y)[x];
        let from = |other: Lab| (a - other[1]).hypot(b - other[2]);
        let coloured = from(own) * smoothstep(SKIN_LIKE[0], SKIN_LIKE[1], from(model.skin));
        let white = smoothstep(WHITE[0], WHITE[1], lightness - own[0]) * FOREIGN[1];
        coloured.max(white)
    });
    let soft = gaussian_mask(&away, size * 0.02).map(|d| smoothstep(FOREIGN[0], FOREIGN[1], d));
    both(
        &soft,
        &clean(&soft.map(|value| smoothstep(0.2, 0.4, value)), size * 0.14),
    )
}

/// A colour in steps of lightness.
pub(super) fn poster([lightness, a, b]: Lab) -> Rgb {
    from_lab([
        (lightness / POSTER_STEP).round() * POSTER_STEP,
        a * 1.15,
        b * 1.15,
    ])
}
