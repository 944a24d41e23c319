//! Removes a wall of one strong colour wherever it shows, also where both networks take it for a person: between a
//! braid and a shoulder, beside a sleeve.

use crate::colour::{Lab, chroma, lab_raster, smoothstep};
use crate::filter::{Pieces, box_blur_mask, distance_to, grow};
use crate::{Mask, RgbRaster};

/// The wall is known from this distance to the segmenter's people on, in face heights.
const KNOWN_FROM: f32 = 0.34;
/// The segmenter may be seeing a person from here on.
const SEGMENTED: f32 = 0.25;
/// Share of the picture that must be known as wall.
const LEAST_WALL: f32 = 0.08;
/// A paler wall may have the colour of skin, hair or a shirt.
const LEAST_CHROMA: f32 = 30.0;
/// How far, in CIELAB's a and b, the wall's own pixels may lie from its colour, and how many of them must.
const SPREAD: f32 = 15.0;
const LEAST_SHARE: f32 = 0.9;
/// Colours nearer than the first are wall, those beyond the second are not.
const DIFFERENCE: [f32; 2] = [16.0, 26.0];
/// Half the width up to which the wall's colour is a pattern on clothes, in face heights.
const PATTERN: f32 = 0.03;
/// Half the width from which on a piece is wall though a person surrounds it.
const LEAST_DEPTH: f32 = 0.1;
/// Larger holes in a person than this share of them are clothes of the wall's colour.
const MOST_REMOVED: f32 = 0.2;
/// Half the width of a rough wall's grains, in face heights.
const GRAIN: f32 = 0.02;
/// How far the soft edge of a removed piece reaches, in face heights.
const EDGE: f32 = 0.02;

/// The matte without the wall; `picture` and `segmented` have its size, `face_height` is in its pixels.
pub(super) fn remove(
    mut matte: Mask,
    picture: &RgbRaster,
    segmented: &Mask,
    face_height: f32,
) -> Mask {
    let lab = lab_raster(picture);
    let away = distance_to(segmented, |value| value > SEGMENTED);
    let is_known = |x: usize, y: usize| away.row(y)[x] > KNOWN_FROM * face_height;
    let Some(wall) = wall_colour(&lab, is_known) else {
        return matte;
    };
    let likeness =
        lab.map(|colour| 1.0 - smoothstep(DIFFERENCE[0], DIFFERENCE[1], difference(colour, wall)));
    // Grains of a rough wall go with what surrounds them.
    let around = box_blur_mask(&likeness, (GRAIN * face_height).ceil() as usize);
    let solid = around.map(|value| smoothstep(0.45, 0.75, value));
    let depth = distance_to(&solid, |value| value <= 0.5);
    let pieces = Pieces::find(&depth, |depth| depth > PATTERN * face_height);
    let is_wall =
        pieces.touching(|x, y| is_known(x, y) || depth.row(y)[x] > LEAST_DEPTH * face_height);
    let wall = Mask::from_fn(matte.width(), matte.height(), |x, y| {
        f32::from(u8::from(is_wall[pieces.label(x, y) as usize]))
    });
    let wall = grow(&wall, ((PATTERN + EDGE) * face_height).max(1.0));
    let wall = Mask::from_fn(matte.width(), matte.height(), |x, y| {
        wall.row(y)[x] * likeness.row(y)[x].max(solid.row(y)[x])
    });
    if share_of(&matte, &wall) > MOST_REMOVED {
        return matte;
    }
    matte.for_each_row(|y, row| {
        for (value, wall) in row.iter_mut().zip(wall.row(y)) {
            *value *= 1.0 - wall;
        }
    });
    matte
}

/// The colour of the wall; `None` where it is pale, patterned or hardly seen.
fn wall_colour(lab: &RgbRaster, is_known: impl Fn(usize, usize) -> bool) -> Option<Lab> {
    let mut known = Vec::new();
    for y in 0..lab.height() {
        known.extend(
            (0..lab.width())
                .filter(|&x| is_known(x, y))
                .map(|x| lab.row(y)[x]),
        );
    }
    if (known.len() as f32) < LEAST_WALL * (lab.width() * lab.height()) as f32 {
        return None;
    }
    let colour = std::array::from_fn(|axis| {
        let mut values: Vec<f32> = known.iter().map(|colour| colour[axis]).collect();
        let middle = values.len() / 2;
        *values.select_nth_unstable_by(middle, f32::total_cmp).1
    });
    let near = known
        .iter()
        .filter(|&&own| difference(own, colour) < SPREAD);
    let is_even = near.count() as f32 > LEAST_SHARE * known.len() as f32;
    (is_even && chroma(colour) > LEAST_CHROMA).then_some(colour)
}

/// Shadows on a wall change its lightness alone.
fn difference(a: Lab, b: Lab) -> f32 {
    (a[1] - b[1]).hypot(a[2] - b[2])
}

/// The part of the first mask that the second covers.
fn share_of(mask: &Mask, covering: &Mask) -> f32 {
    let (mut covered, mut all) = (0.0, 0.0);
    for (&value, &covers) in mask.pixels().iter().zip(covering.pixels()) {
        covered += value * covers;
        all += value;
    }
    covered / f32::max(all, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rgb;

    const SIDE: usize = 300;
    const FACE: f32 = 80.0;
    const PINK: Rgb = [0.88, 0.5, 0.82];
    const DARK: Rgb = [0.2, 0.15, 0.1];

    fn is_person(x: usize, y: usize) -> bool {
        (x as f32 - 150.0).hypot(y as f32 - 150.0) < 70.0
    }

    /// A gap through which the wall shows, which both networks take for the person.
    fn is_gap(x: usize, y: usize) -> bool {
        (160..190).contains(&x) && (120..150).contains(&y)
    }

    fn removed(wall: Rgb, colour_at: impl Fn(usize, usize) -> Rgb + Sync) -> Mask {
        let picture = RgbRaster::from_fn(SIDE, SIDE, |x, y| match is_person(x, y) {
            true => colour_at(x, y),
            false => wall,
        });
        let person = Mask::from_fn(SIDE, SIDE, |x, y| f32::from(u8::from(is_person(x, y))));
        remove(person.clone(), &picture, &person, FACE)
    }

    #[test]
    fn the_wall_in_a_gap_goes_and_a_fine_pattern_of_its_colour_stays() {
        let matte = removed(PINK, |x, y| {
            let is_stripe = x % 12 < 4 && y > 170;
            if is_gap(x, y) || is_stripe {
                PINK
            } else {
                DARK
            }
        });
        assert_eq!(matte.row(135)[175], 0.0, "the gap");
        assert_eq!(matte.row(100)[150], 1.0, "the person");
        assert_eq!(matte.row(190)[147], 1.0, "a stripe");
    }

    #[test]
    fn a_pale_wall_and_a_shirt_of_the_walls_colour_stay() {
        let pale = removed([0.9, 0.9, 0.88], |x, y| match is_gap(x, y) {
            true => [0.9, 0.9, 0.88],
            false => DARK,
        });
        assert_eq!(pale.row(135)[175], 1.0, "white on white");
        let shirt = removed(PINK, |_, y| if y > 130 { PINK } else { DARK });
        assert_eq!(shirt.row(180)[150], 1.0, "pink on pink");
    }
}
