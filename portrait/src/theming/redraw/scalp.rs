//! Tells the skin above the face mesh (a high forehead, a bald head) from the hair around it.

use super::canvas::median_where;
use crate::colour::{Lab, delta_e, smoothstep};
use crate::filter::{Pieces, clean, distance_to, gaussian_mask};
use crate::{Mask, RgbRaster};

/// Height of the strip below the mesh's upper edge that shows the forehead's own colour, in face heights.
const STRIP: f32 = 0.10;
/// Fewer pixels say nothing.
const LEAST: usize = 30;
/// Colours of forehead and hair that lie nearer than this, in CIELAB, cannot be told apart.
const LEAST_CONTRAST: f32 = 16.0;
/// Still nearer, a smooth scalp is bare, unless the strip shows hair: that is darker than skin by more than this.
const BALD: f32 = 9.0;
const FOREHEAD_SHADE: f32 = 15.0;
/// A bare scalp's lightness strays less than this, in CIELAB: one measured 2.2, hair of the skin's colour 5.5.
const SMOOTH: f32 = 3.0;
/// So far beside the face, in face heights, no ear reaches; more of the hair than this share lies there where it hangs.
const ASIDE: f32 = 0.06;
const HANGING: f32 = 0.04;
/// Holes narrower than this are skin, in face heights.
const SPECK: f32 = 0.12;
/// From hair (0) to forehead (1): where skin begins beside the mesh, and at [`BESIDE`] and farther out.
const SKIN: [f32; 2] = [0.25, 0.42];
const BESIDE: f32 = 0.12;
/// A bare forehead reaches so far above the mesh, in face heights.
const REACH: [f32; 2] = [0.20, 0.30];
/// The same beside the mesh, where less of a forehead is missing.
const REACH_ASIDE: [f32; 2] = [0.07, 0.13];

/// A small copy of a head, and what is known of it. All rasters have one size.
pub(super) struct SmallHead<'a> {
    /// The picture in CIELAB.
    pub lab: &'a RgbRaster,
    pub hair: &'a Mask,
    pub oval: &'a Mask,
    /// In pixels of the copy.
    pub face_height: f32,
    /// Where the mesh ends above, in face heights down from the face's centre.
    pub top: f32,
    /// Lightness of the face's skin.
    pub skin: f32,
}

/// Where skin shows although it was counted as hair. `level` says how far down of the face's centre a pixel lies, in
/// face heights.
pub(super) fn bare_skin(view: &SmallHead<'_>, level: impl Fn(usize, usize) -> f32 + Sync) -> Mask {
    let &SmallHead {
        lab,
        hair,
        oval,
        face_height,
        top,
        ..
    } = view;
    let nothing = || Mask::filled(lab.width(), lab.height(), 0.0);
    let is_forehead = |x: usize, y: usize| oval.row(y)[x] > 0.9 && level(x, y) < top + STRIP;
    let is_hair = |x: usize, y: usize| hair.row(y)[x] > 0.8 && level(x, y) < 0.0;
    let (Some(forehead), Some(own)) = (
        median_where(lab, LEAST, is_forehead),
        median_where(lab, LEAST, is_hair),
    ) else {
        return nothing();
    };
    let contrast = delta_e(own, forehead);
    if contrast >= LEAST_CONTRAST {
        return connected_to_face(view, |x, y| {
            let reach = if level(x, y) < top {
                REACH
            } else {
                REACH_ASIDE
            };
            (towards_skin(lab.row(y)[x], own, forehead), reach)
        });
    }
    let shows_forehead = forehead[0] > view.skin - FOREHEAD_SHADE;
    if contrast < BALD && shows_forehead && !hangs(view, &level) {
        let inside = distance_to(hair, |value| value < 0.5);
        let is_crown =
            |x: usize, y: usize| inside.row(y)[x] > 0.06 * face_height && level(x, y) < top;
        if texture(lab, 0.04 * face_height, is_crown) < SMOOTH {
            let head = |x: usize, y: usize| f32::from(u8::from(level(x, y) < 0.0));
            return Mask::from_fn(lab.width(), lab.height(), |x, y| {
                hair.row(y)[x] * head(x, y)
            });
        }
    }
    nothing()
}

/// Whether hair falls beside the face, as it does on no bald head.
fn hangs(view: &SmallHead<'_>, level: &impl Fn(usize, usize) -> f32) -> bool {
    let outside = distance_to(view.oval, |value| value > 0.5);
    let (mut hanging, mut all) = (0.0, 0.0);
    for y in 0..view.hair.height() {
        for x in 0..view.hair.width() {
            let hair = view.hair.row(y)[x];
            let is_aside = outside.row(y)[x] > ASIDE * view.face_height;
            all += hair;
            hanging += hair * f32::from(u8::from(is_aside && level(x, y) > 0.0));
        }
    }
    hanging > HANGING * all
}

/// Skin connected to the face. The closure says how skin-like a pixel is, hair 0 and forehead 1, and how
/// far from the face such skin may lie.
fn connected_to_face(
    view: &SmallHead<'_>,
    skin_at: impl Fn(usize, usize) -> (f32, [f32; 2]) + Sync,
) -> Mask {
    let oval = view.oval;
    let outside = distance_to(oval, |value| value > 0.5);
    let bare = Mask::from_fn(oval.width(), oval.height(), |x, y| {
        if oval.row(y)[x] > 0.5 {
            return 1.0;
        }
        let (skin, reach) = skin_at(x, y);
        let outside = outside.row(y)[x] / view.face_height;
        let from = SKIN[0] + (SKIN[1] - SKIN[0]) * (outside / BESIDE).min(1.0);
        let near = 1.0 - smoothstep(reach[0], reach[1], outside);
        near * smoothstep(from - 0.08, from + 0.08, skin)
    });
    let pieces = Pieces::find(&bare, |value| value > 0.5);
    let connected = pieces.touching(|x, y| oval.row(y)[x] > 0.5);
    let with_face = Mask::from_fn(oval.width(), oval.height(), |x, y| {
        let label = pieces.label(x, y);
        f32::from(u8::from(label > 0 && connected[label as usize]))
    });
    // Wrinkles and shine are no hair.
    clean(&with_face, SPECK * view.face_height)
}

/// How far lightness strays from its surroundings on average, in CIELAB.
fn texture(lab: &RgbRaster, sigma: f32, is_wanted: impl Fn(usize, usize) -> bool) -> f32 {
    let lightness = lab.map(|[lightness, ..]| lightness);
    let smooth = gaussian_mask(&lightness, sigma);
    let (mut sum, mut count) = (0.0, 0.0);
    for y in 0..lab.height() {
        for x in 0..lab.width() {
            if is_wanted(x, y) {
                sum += (lightness.row(y)[x] - smooth.row(y)[x]).abs();
                count += 1.0;
            }
        }
    }
    sum / f32::max(count, 1.0)
}

/// How far a colour lies on the way from hair (0) to skin (1).
fn towards_skin(colour: Lab, hair: Lab, skin: Lab) -> f32 {
    let along = |axis: usize| (colour[axis] - hair[axis]) * (skin[axis] - hair[axis]);
    (0..3).map(along).sum::<f32>() / delta_e(hair, skin).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A face of 100 pixels' height in the middle of 200, its mesh ending at the row 60; above it `forehead` down from
    /// the row 45, hair from the row 20.
    fn bare_rows(forehead: Lab, hair: impl Fn(usize, usize) -> Lab + Sync) -> Vec<usize> {
        let face: Lab = [62.0, 18.0, 20.0];
        let oval = Mask::from_fn(200, 200, |x, y| {
            f32::from(u8::from((60..150).contains(&x) && (60..160).contains(&y)))
        });
        let counted = Mask::from_fn(200, 200, |x, y| {
            f32::from(u8::from((55..155).contains(&x) && (20..60).contains(&y)))
        });
        let lab = RgbRaster::from_fn(200, 200, |x, y| match y {
            0..45 => hair(x, y),
            45..75 => forehead,
            _ => face,
        });
        let view = SmallHead {
            lab: &lab,
            hair: &counted,
            oval: &oval,
            face_height: 100.0,
            top: -0.5,
            skin: face[0],
        };
        let bare = bare_skin(&view, |_, y| (y as f32 - 110.0) / 100.0);
        (20..60).filter(|&y| bare.row(y)[105] > 0.5).collect()
    }

    const DARK: Lab = [15.0, 3.0, 4.0];

    #[test]
    fn a_shiny_forehead_above_the_mesh_is_no_hair() {
        for forehead in [[62.0, 18.0, 20.0], [78.0, 6.0, 8.0], [45.0, 9.0, 10.0]] {
            let rows = bare_rows(forehead, |_, _| DARK);
            let expected: Vec<usize> = (45..60).collect();
            assert_eq!(rows, expected, "{forehead:?}");
        }
    }

    #[test]
    fn a_fringe_over_the_mesh_stays_hair() {
        assert_eq!(bare_rows(DARK, |_, _| DARK), Vec::<usize>::new());
    }

    #[test]
    fn a_smooth_scalp_is_bald_and_strands_of_the_skins_colour_are_not() {
        let skin = [70.0, 9.0, 12.0];
        assert_eq!(bare_rows(skin, |_, _| skin).len(), 40);
        let strands = |x: usize, _: usize| [if x % 6 < 3 { 62.0 } else { 78.0 }, 9.0, 12.0];
        assert_eq!(bare_rows(skin, strands), Vec::<usize>::new());
    }
}
