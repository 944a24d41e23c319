//! Tells hair, skin and clothes of one person apart: mixtures of colours times where each of them can be.

use super::sketch::{Sketch, Spot};
use crate::colour::{Lab, delta_e, smoothstep};
use crate::filter::{ColourGuide, Pieces, gaussian_mask};
use crate::mixture::{Mixture, separation};
use crate::{Mask, RgbRaster};

/// How far likelihoods count against places: below 1, for colours vary more than a model knows.
const TEMPER: f32 = 0.7;
/// Density of whatever is neither hair, skin nor clothes: bags, hands of others, chairs.
const OTHER_DENSITY: f32 = 2e-6;
/// How likely that is beforehand, alone and beside others.
const OTHER_ALONE: f32 = 0.02;
const OTHER_IN_GROUP: f32 = 0.30;
/// How much likelier it is beside the chin and lower, where hair ends on clothes.
const OTHER_LOW: f32 = 0.12;
/// How likely a bare arm beside the head is in a group. Alone it would take reddish beards.
const ARM_IN_GROUP: f32 = 0.25;
/// From the first to the second colour difference (CIE76) from a head's own, a colour in a group stops being hair.
const FOREIGN: [f32; 2] = [41.0, 51.0];
const ROUNDS: usize = 3;
/// From here on a label is sure enough to teach the next round's model.
const SURE: f32 = 0.85;
/// Points of the mesh that lie on bare skin of any face: cheeks, nose, brow.
const SKIN_POINTS: [usize; 14] = [50, 101, 118, 280, 330, 347, 205, 425, 36, 266, 4, 6, 151, 9];

/// How much of each pixel of a sketch is what; together with what is none of them they sum to 1.
pub(super) struct Labels {
    pub hair: Mask,
    pub skin: Mask,
    /// Clothes and everything else that stays behind.
    pub rest: Mask,
    /// How skin-coloured a pixel is, whatever lies near it.
    pub skin_colour: Mask,
    /// Whether hair hangs down at a pixel's side of the head.
    pub hangs: Mask,
    /// Whether something of hair's colour stands beside the chin at a side where no hair hangs: a collar, a shoulder.
    pub collar: Mask,
    /// How far apart the colours of hair and clothes are; below .25 hair below the chin is a guess.
    pub separation: f32,
}

/// The colours that each label starts from.
struct Seeds {
    skin: Vec<Lab>,
    hair: Vec<Lab>,
    cloth: Vec<Lab>,
}

struct Models {
    skin: Mixture,
    hair: Mixture,
    cloth: Mixture,
}

/// Posterior shares: hair, skin, cloth, other.
type Shares = [Mask; 4];

pub(super) fn label(sketch: &Sketch) -> Labels {
    let share = sketch.share.as_ref();
    let skin = skin_seeds(sketch);
    let hair = hair_seeds(sketch, &skin, share.is_some());
    let first = [Mixture::fit(&skin, 3), Mixture::fit(&hair, 3)];
    let [hangs, collar] = hanging(sketch, &first);
    let cloth = cloth_seeds(sketch, &first, &hangs);
    let seeds = Seeds { skin, hair, cloth };
    let priors = priors(sketch, &hangs, share);
    let mut models = Models {
        skin: Mixture::fit(&seeds.skin, 2),
        hair: Mixture::fit(&seeds.hair, 3),
        cloth: Mixture::fit(&seeds.cloth, 5),
    };
    let mut shares = posterior(sketch, &models, &priors, share.is_some());
    for _ in 1..ROUNDS {
        models = relearn(sketch, &seeds, &shares);
        shares = posterior(sketch, &models, &priors, share.is_some());
    }
    let [mut hair, skin, cloth, other] = shares;
    remove_loose_hair(sketch, &mut hair, &hangs);
    let sure = sketch.colours(|x, y, spot| hair.row(y)[x] > 0.7 && spot.v < 0.0);
    if share.is_some() && !sure.is_empty() {
        remove_foreign_colours(&sketch.lab, median(&sure), &mut hair);
    }
    let known_hair = sketch.colours(|x, y, spot| {
        spot.matte > 0.9 && spot.oval < 0.1 && spot.v < 0.0 && hair.row(y)[x] > 0.7
    });
    Labels {
        skin_colour: sketch.mask(|spot| {
            let (skin, hair) = (
                models.skin.density(spot.colour),
                models.hair.density(spot.colour),
            );
            skin / (skin + hair * 0.7 + 2e-7)
        }),
        rest: Mask::from_fn(cloth.width(), cloth.height(), |x, y| {
            cloth.row(y)[x] + other.row(y)[x]
        }),
        hair,
        skin,
        hangs,
        collar,
        separation: separation(&known_hair, &seeds.cloth).unwrap_or(9.0),
    }
}

/// Colours round points that lie on skin, without those far from their median: glasses, hair, light.
fn skin_seeds(sketch: &Sketch) -> Vec<Lab> {
    let mut colours = Vec::new();
    for [x, y] in sketch.landmarks.all_at(&SKIN_POINTS) {
        for dy in -2..=2 {
            for dx in -2..=2 {
                colours.push(sketch.lab.at_clamped(x as isize + dx, y as isize + dy));
            }
        }
    }
    let middle = median(&colours);
    let is_near = |colour: &Lab| {
        (0..3)
            .map(|axis| (colour[axis] - middle[axis]).abs())
            .sum::<f32>()
            < 40.0
    };
    let near: Vec<Lab> = colours.iter().copied().filter(is_near).collect();
    if near.is_empty() { colours } else { near }
}

/// The median of each axis.
pub(super) fn median(colours: &[Lab]) -> Lab {
    std::array::from_fn(|axis| {
        let mut values: Vec<f32> = colours.iter().map(|colour| colour[axis]).collect();
        let middle = values.len() / 2;
        if values.is_empty() {
            return 0.0;
        }
        *values.select_nth_unstable_by(middle, f32::total_cmp).1
    })
}

/// Colours of a band over the forehead. Skin colours count only far out, for bald heads have them near;
/// in a group they do not count, for there they may be the neighbour's.
fn hair_seeds(sketch: &Sketch, skin: &[Lab], in_group: bool) -> Vec<Lab> {
    let skin = Mixture::fit(skin, 2);
    let is_band = |spot: &Spot| {
        spot.matte > 0.9
            && spot.oval < 0.05
            && spot.outside > 0.05
            && spot.outside < 0.42
            && spot.v < -0.25
    };
    let is_skin = |spot: &Spot| skin.density(spot.colour) >= 3e-5;
    let band = sketch.colours(|_, _, spot| is_band(spot));
    let strict = sketch.colours(|_, _, spot| {
        is_band(spot) && (!is_skin(spot) || (!in_group && spot.outside > 0.22))
    });
    let enough = if in_group { band.len() * 3 / 10 } else { 0 };
    if strict.len() > enough.max(60) {
        return strict;
    }
    let loose =
        sketch.colours(|_, _, spot| is_band(spot) && (!is_skin(spot) || spot.outside > 0.22));
    if loose.len() > 60 { loose } else { band }
}

/// Whether hair hangs down on a pixel's side, and whether a collar stands there. Hair that hangs shows above the ear,
/// beside it, below it and beside the chin.
fn hanging(sketch: &Sketch, [skin, hair]: &[Mixture; 2]) -> [Mask; 2] {
    let (chin, half_width, neck) = (
        sketch.axes.chin,
        sketch.axes.half_width,
        sketch.axes.neck * 0.6,
    );
    let share_of = |side: f32, from: f32, to: f32| {
        let (mut seen, mut all) = (0.0_f32, 0.0_f32);
        let is_column = |[u, v]: [f32; 2]| {
            let out = side * (u - neck);
            v > from && v < to && out > half_width * 0.86 && out < half_width * 1.4
        };
        for (x, y) in sketch.pixels(is_column) {
            let spot = sketch.spot(x, y);
            if spot.inside < 0.9 {
                continue;
            }
            all += 1.0;
            let is_hair = hair.density(spot.colour) > (skin.density(spot.colour) * 1.5).max(1e-6);
            if is_hair && spot.matte > 0.5 {
                seen += 1.0;
            }
        }
        seen / all.max(1.0)
    };
    let sides = [-1.0, 1.0].map(|side| {
        let above_ear = share_of(side, chin - 0.60, chin - 0.44);
        let at_ear = share_of(side, chin - 0.5, chin - 0.28);
        let below_ear = share_of(side, chin - 0.40, chin - 0.28);
        let at_chin = share_of(side, chin - 0.17, chin + 0.08);
        // A collar ends below the ear, and what short hair there is beside it fills little.
        let hangs = smoothstep(0.38, 0.46, above_ear)
            * smoothstep(0.17, 0.25, at_ear.min(below_ear))
            * smoothstep(0.12, 0.4, at_chin);
        [hangs, (1.0 - hangs) * smoothstep(0.15, 0.4, at_chin)]
    });
    [0, 1].map(|which| {
        let mask = sketch.mask(|spot| sides[usize::from(spot.u >= neck)][which]);
        gaussian_mask(&mask, sketch.face_height() * 0.06)
    })
}

/// How much a pixel lies under the shoulder line of an average body.
fn torso(sketch: &Sketch, spot: &Spot) -> f32 {
    let shoulder = sketch.axes.chin + 0.16 + 0.42 * smoothstep(0.15, 1.0, spot.beside_neck);
    smoothstep(-0.04, 0.10, spot.v - shoulder)
}

/// Colours of the torso, unless they look like skin, or like hair on a side where it hangs.
fn cloth_seeds(sketch: &Sketch, [skin, hair]: &[Mixture; 2], hangs: &Mask) -> Vec<Lab> {
    let is_torso = |x: usize, y: usize, spot: &Spot| {
        let looks_like_hair =
            hair.density(spot.colour) > (skin.density(spot.colour) * 1.5).max(1e-6);
        spot.matte > 0.9
            && spot.inside > 0.9
            && spot.u.abs() < 1.9
            && torso(sketch, spot) > 0.9
            && !(looks_like_hair && hangs.row(y)[x] > 0.5)
    };
    let bare =
        sketch.colours(|x, y, spot| is_torso(x, y, spot) && skin.density(spot.colour) <= 2e-5);
    if bare.len() >= 40 {
        return bare;
    }
    sketch.colours(is_torso)
}

/// Where hair, skin and clothes can be, before any colour is looked at.
fn priors(sketch: &Sketch, hangs: &Mask, share: Option<&Mask>) -> [Mask; 3] {
    let (width, height) = (sketch.lab.width(), sketch.lab.height());
    let at = |which: fn(&Sketch, &Spot, f32) -> f32, counts_share: bool| {
        Mask::from_fn(width, height, |x, y| {
            let own = share
                .filter(|_| counts_share)
                .map_or(1.0, |share| share.row(y)[x]);
            which(sketch, &sketch.spot(x, y), hangs.row(y)[x]) * own
        })
    };
    [
        at(hair_prior, true),
        at(skin_prior, true),
        at(cloth_prior, false),
    ]
}

/// 1 at the level of the head, 0 below it.
fn level_of_head(sketch: &Sketch, spot: &Spot) -> f32 {
    1.0 - smoothstep(sketch.axes.chin - 0.42, sketch.axes.chin - 0.12, spot.v)
}

fn hair_prior(sketch: &Sketch, spot: &Spot, hangs: f32) -> f32 {
    let (chin, half_width) = (sketch.axes.chin, sketch.axes.half_width);
    let head = level_of_head(sketch, spot);
    let on_head = head * (1.0 - smoothstep(0.62, 1.0, spot.outside));
    let aside = (spot.u - sketch.axes.neck / 0.8 * 0.4).abs();
    let hanging = (1.0 - head)
        * smoothstep(half_width * 0.35, half_width * 0.8, aside)
        * (1.0 - smoothstep(0.7, 1.5, spot.u.abs()))
        * (1.0 - 0.6 * smoothstep(chin + 0.4, chin + 1.4, spot.v))
        * 0.6
        * hangs;
    (0.004 + 0.996 * (on_head + hanging)) * (1.0 - 0.9 * sketch.neck(spot))
}

/// The neck, ears, upper chest, and the forehead above the mesh.
fn skin_prior(sketch: &Sketch, spot: &Spot, _hangs: f32) -> f32 {
    let (chin, half_width) = (sketch.axes.chin, sketch.axes.half_width);
    let ears = if spot.u.abs() > half_width * 0.7 {
        0.25 * (1.0 - smoothstep(0.02, 0.14, spot.outside)) * level_of_head(sketch, spot)
    } else {
        0.0
    };
    let chest = 0.12
        * smoothstep(chin, chin + 0.3, spot.v)
        * (1.0 - smoothstep(0.35, 0.8, spot.beside_neck))
        * (1.0 - smoothstep(chin + 0.5, chin + 1.0, spot.v));
    let forehead = if spot.v < -0.15 {
        0.55 * (1.0 - smoothstep(0.06, 0.20, spot.outside))
    } else {
        0.0
    };
    0.005 + 0.9 * sketch.neck(spot) + ears + chest + forehead
}

fn cloth_prior(sketch: &Sketch, spot: &Spot, hangs: f32) -> f32 {
    let (chin, neck) = (sketch.axes.chin, sketch.neck(spot));
    let collar = 0.30
        * smoothstep(chin - 0.26, chin + 0.1, spot.v)
        * (1.0 - 0.8 * neck)
        * (1.0 - 0.6 * hangs);
    0.004 + 0.9 * torso(sketch, spot) * (1.0 - 0.6 * neck) + collar
}

/// Models of the seeds and of what the last round was sure of.
fn relearn(sketch: &Sketch, seeds: &Seeds, shares: &Shares) -> Models {
    let learn = |seeds: &[Lab], share: &Mask, count: usize| {
        let sure = sketch
            .colours(|x, y, spot| spot.matte > 0.9 && spot.oval < 0.3 && share.row(y)[x] > SURE);
        Mixture::fit(&[seeds, &sure].concat(), count)
    };
    Models {
        skin: learn(&seeds.skin, &shares[1], 3),
        hair: learn(&seeds.hair, &shares[0], 4),
        cloth: learn(&seeds.cloth, &shares[2], 6),
    }
}

/// Priors times likelihoods, laid along the picture's edges.
fn posterior(sketch: &Sketch, models: &Models, priors: &[Mask; 3], in_group: bool) -> Shares {
    let (other, arm) = if in_group {
        (OTHER_IN_GROUP, ARM_IN_GROUP)
    } else {
        (OTHER_ALONE, 0.0)
    };
    let unknown = OTHER_DENSITY.powf(TEMPER);
    let (width, height) = (sketch.lab.width(), sketch.lab.height());
    let raw = crate::Raster::from_fn(width, height, |x, y| -> [f32; 4] {
        let spot = sketch.spot(x, y);
        let temper = |density: f32| density.powf(TEMPER);
        let skin = temper(models.skin.density(spot.colour));
        let mut likely = [
            priors[0].row(y)[x] * temper(models.hair.density(spot.colour)),
            priors[1].row(y)[x] * skin,
            priors[2].row(y)[x] * temper(models.cloth.density(spot.colour)),
            0.0,
        ];
        if spot.oval < 0.3 {
            let beside = smoothstep(0.14, 0.24, spot.outside) * (1.0 - sketch.neck(&spot));
            let low =
                OTHER_LOW * smoothstep(sketch.axes.chin - 0.1, sketch.axes.chin + 0.1, spot.v);
            likely[3] = (other + low) * unknown + arm * beside * skin;
        }
        let sum: f32 = likely.iter().sum::<f32>() + 1e-12;
        likely.map(|value| value / sum)
    });
    let radius = (sketch.face_height() * 0.05).max(3.0) as usize;
    let guide = ColourGuide::of(&sketch.picture, radius, 4e-4);
    let smooth: Shares = std::array::from_fn(|class| {
        let plane = raw.map(|shares| shares[class]);
        guide.filter(&plane).map(|value| value.clamp(0.0, 1.0))
    });
    let sum = Mask::from_fn(width, height, |x, y| {
        smooth.iter().map(|plane| plane.row(y)[x]).sum::<f32>() + 1e-6
    });
    smooth.map(|plane| Mask::from_fn(width, height, |x, y| plane.row(y)[x] / sum.row(y)[x]))
}

/// Hair hangs on a head, and none hangs low on a side where none was seen.
fn remove_loose_hair(sketch: &Sketch, hair: &mut Mask, hangs: &Mask) {
    let (chin, half_width) = (sketch.axes.chin, sketch.axes.half_width);
    let pieces = Pieces::find(hair, |value| value > 0.3);
    let attached = pieces.touching(|x, y| {
        let spot = sketch.spot(x, y);
        spot.outside < 0.12 && spot.v < chin
    });
    hair.for_each_row(|y, row| {
        for (x, value) in row.iter_mut().enumerate() {
            let label = pieces.label(x, y);
            if label > 0 && !attached[label as usize] {
                *value = 0.0;
                continue;
            }
            let spot = sketch.spot(x, y);
            let low = smoothstep(chin - 0.22, chin - 0.02, spot.v)
                * smoothstep(half_width * 0.95, half_width * 1.15, spot.beside_neck);
            *value *= 1.0 - (1.0 - smoothstep(0.1, 0.5, hangs.row(y)[x])) * low;
        }
    });
}

/// Beside others, what differs much from a head's hair is somebody's arm or clothes.
fn remove_foreign_colours(lab: &RgbRaster, own: Lab, hair: &mut Mask) {
    hair.for_each_row(|y, row| {
        for (value, &colour) in row.iter_mut().zip(lab.row(y)) {
            *value *= 1.0 - smoothstep(FOREIGN[0], FOREIGN[1], delta_e(colour, own));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arm_is_no_hair_and_lit_strands_are() {
        let (dark, lit, arm) = ([20.0, 6.0, 8.0], [52.0, 8.0, 4.0], [62.0, 18.0, 45.0]);
        let lab = RgbRaster::from_pixels(3, 1, vec![dark, lit, arm]);
        let mut hair = Mask::filled(3, 1, 1.0);
        remove_foreign_colours(&lab, dark, &mut hair);
        assert_eq!(hair.pixels(), [1.0, 1.0, 0.0]);
    }
}
