//! Tells the skin above the face mesh (a high forehead, a bald head) from the hair around it.

use super::canvas::median_where;
use crate::Mask;
use crate::RgbRaster;
use crate::colour::{Lab, smoothstep};
use crate::filter::{Pieces, clean, distance_to, gaussian_mask};
use crate::heads::{Head, skin};

/// Height of the strip below the mesh's upper edge that shows the forehead's own colour, in face heights.
const STRIP: f32 = 0.10;
/// Fewer pixels say nothing.
const LEAST: usize = 30;
/// Colours of forehead and hair that lie nearer than this, in CIELAB, cannot be told apart.
const LEAST_CONTRAST: f32 = 16.0;
/// Holes narrower than this are skin, in face heights.
const SPECK: f32 = 0.12;
/// Still nearer, a smooth scalp is bare, unless the strip shows hair: that is darker than skin by more than this.
const BALD: f32 = 9.0;
const FOREHEAD_SHADE: f32 = 15.0;
/// A bare scalp's lightness strays less than this, in CIELAB: one measured 2.0, hair of the skin's colour 5.5.
const SMOOTH: f32 = 3.0;
/// From hair (0) to forehead (1): where skin begins.
const SKIN: f32 = 0.42;
/// A bare forehead reaches so far above the mesh, in face heights.
const REACH: [f32; 2] = [0.20, 0.30];
/// The same beside the mesh, where less of a forehead is missing.
const REACH_ASIDE: [f32; 2] = [0.07, 0.13];

/// Where skin shows although it was counted as hair; everything at the size of `lab`, a small copy of the picture.
pub(super) fn bare(head: &Head, lab: &RgbRaster, hair: &Mask, oval: &Mask) -> Mask {
    let (width, height) = (lab.width(), lab.height());
    let nothing = Mask::filled(width, height, 0.0);
    let scale = head.alpha.width() as f32 / width as f32;
    let place = |x: usize, y: usize| head.axes.place([x as f32 * scale, y as f32 * scale]);
    let top = head.axes.place(head.landmarks.at(10))[1];
    let is_forehead = |x: usize, y: usize| oval.row(y)[x] > 0.9 && place(x, y)[1] < top + STRIP;
    let is_hair = |x: usize, y: usize| hair.row(y)[x] > 0.8 && place(x, y)[1] < 0.0;
    let (Some(forehead), Some(own)) = (
        median_where(lab, LEAST, is_forehead),
        median_where(lab, LEAST, is_hair),
    ) else {
        return nothing;
    };
    let contrast = distance(own, forehead);
    let face_height = head.axes.face_height / scale;
    let shows_forehead = forehead[0] > skin::tone(head)[0] - FOREHEAD_SHADE;
    if contrast < BALD && shows_forehead {
        let inside = distance_to(hair, |value| value < 0.5);
        let texture = texture(lab, 0.04 * face_height, |x, y| {
            inside.row(y)[x] > 0.06 * face_height && place(x, y)[1] < top
        });
        if texture > SMOOTH {
            return nothing;
        }
        return Mask::from_fn(width, height, |x, y| {
            hair.row(y)[x] * f32::from(u8::from(place(x, y)[1] < 0.0))
        });
    }
    if contrast < LEAST_CONTRAST {
        return nothing;
    }
    let outside = distance_to(oval, |value| value > 0.5).map(|distance| distance / face_height);
    let bare = Mask::from_fn(width, height, |x, y| {
        if oval.row(y)[x] > 0.5 {
            return 1.0;
        }
        let reach = if place(x, y)[1] < top {
            REACH
        } else {
            REACH_ASIDE
        };
        let near = 1.0 - smoothstep(reach[0], reach[1], outside.row(y)[x]);
        near * smoothstep(
            SKIN - 0.08,
            SKIN + 0.08,
            towards_skin(lab.row(y)[x], own, forehead),
        )
    });
    let pieces = Pieces::find(&bare, |value| value > 0.5);
    let joined = pieces.touching(|x, y| oval.row(y)[x] > 0.5);
    let with_face = Mask::from_fn(width, height, |x, y| {
        let label = pieces.label(x, y);
        f32::from(u8::from(label > 0 && joined[label as usize]))
    });
    // Wrinkles and shine are no hair.
    clean(&with_face, SPECK * face_height)
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

fn distance(a: Lab, b: Lab) -> f32 {
    (0..3)
        .map(|axis| (a[axis] - b[axis]).powi(2))
        .sum::<f32>()
        .sqrt()
}

/// How far a colour lies on the way from hair (0) to skin (1).
fn towards_skin(colour: Lab, hair: Lab, skin: Lab) -> f32 {
    let along = |axis: usize| (colour[axis] - hair[axis]) * (skin[axis] - hair[axis]);
    (0..3).map(along).sum::<f32>() / distance(hair, skin).powi(2)
}
