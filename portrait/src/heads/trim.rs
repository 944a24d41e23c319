//! How much of the hair is kept: what the photo cuts off ends softly, what does not belong to the head goes.

use super::labels::Labels;
use super::sketch::{Sketch, Spot};
use crate::colour::smoothstep;
use crate::filter::{Pieces, distance_to, gaussian_mask, grow};
use crate::{Mask, Window};
use fastrand::Rng;

/// How far a drawn neck reaches to either side and below the chin, in face heights.
const NECK_ASIDE: f32 = 0.75;
const NECK_DOWN: f32 = 0.85;

/// The crown: above these levels, and so far outside the face's oval, in face heights. Beside others less of it is sure.
const CROWN_LEVEL: [f32; 2] = [-0.30, -0.18];
const CROWN_ALONE: [f32; 2] = [0.20, 0.32];
const CROWN_IN_GROUP: [f32; 2] = [0.15, 0.24];
/// The same for the temples, lower and nearer to the face.
const TEMPLE_LEVEL: [f32; 2] = [-0.08, 0.04];
const TEMPLE: [f32; 2] = [0.07, 0.13];
/// Wider gaps over the face are really there, in face heights.
const WIDEST_GAP: f32 = 0.14;

/// Factors for the hair and the neck, at the sketch's size.
pub(super) struct Trim {
    pub hair: Mask,
    /// Ears and the neck's column; not the shoulders.
    pub neck: Mask,
    /// Forehead, temples and scalp: part of the head whatever colour they have.
    pub crown: Mask,
    /// The head above the face, with gaps closed that the matte leaves between forehead and hair.
    pub closed: Mask,
    /// The head as the sketch knows it.
    head: Mask,
}

pub(super) fn trim(sketch: &Sketch, labels: &Labels) -> Trim {
    let in_group = sketch.share.is_some();
    let border = border_distance(sketch);
    let cut = cut_edge(sketch, &border);
    let strands = strands(sketch);
    let hair = Mask::from_fn(sketch.lab.width(), sketch.lab.height(), |x, y| {
        let spot = sketch.spot(x, y);
        let hangs = labels.hangs.row(y)[x];
        let end = Ending {
            border: border.row(y)[x],
            cut: cut.row(y)[x],
            strand: strands.row(y)[x],
        };
        keep_below_chin(sketch, &spot, labels.separation, hangs)
            * (1.0 - labels.collar.row(y)[x] * close_to_jaw(sketch, &spot))
            * end.keep(&spot, sketch.axes.chin)
            * keep_in_reach(sketch, &spot, labels.separation, hangs, in_group)
    });
    let chin = sketch.axes.chin;
    let neck = sketch.mask(|spot| {
        let ear = if spot.v < chin - 0.05 {
            1.0 - smoothstep(0.13, 0.20, spot.outside)
        } else {
            0.0
        };
        smoothstep(0.05, 0.5, sketch.neck(spot)).max(ear)
    });
    let above_face = |reach: [f32; 2]| {
        move |spot: &Spot| {
            let level = 1.0 - smoothstep(CROWN_LEVEL[0], CROWN_LEVEL[1], spot.v);
            level * (1.0 - smoothstep(reach[0], reach[1], spot.outside))
        }
    };
    let crown_at = above_face(if in_group {
        CROWN_IN_GROUP
    } else {
        CROWN_ALONE
    });
    let crown = sketch.mask(|spot| {
        let crown = crown_at(spot);
        let temple = 1.0 - smoothstep(TEMPLE_LEVEL[0], TEMPLE_LEVEL[1], spot.v);
        crown.max(temple * (1.0 - smoothstep(TEMPLE[0], TEMPLE[1], spot.outside)))
    });
    let head = Mask::from_fn(hair.width(), hair.height(), |x, y| {
        let share = labels.hair.row(y)[x] * hair.row(y)[x] + labels.skin.row(y)[x] * neck.row(y)[x];
        (share + sketch.oval.row(y)[x]).min(1.0) * sketch.matte.row(y)[x]
    });
    let loose = loose_pieces(sketch, &head);
    Trim {
        closed: close_gaps(
            &head,
            &sketch.mask(above_face(CROWN_ALONE)),
            sketch.face_height(),
        ),
        hair: Mask::from_fn(hair.width(), hair.height(), |x, y| {
            hair.row(y)[x] * (1.0 - loose.row(y)[x].clamp(0.0, 1.0))
        }),
        head,
        neck,
        crown,
    }
}

impl Trim {
    /// The part of the sketch that the head and its neck take up, with a little room for shadows and lines.
    pub(super) fn window(&self, sketch: &Sketch) -> Window {
        let axes = &sketch.axes;
        let margin = 0.08 * axes.face_height;
        let [mut left, mut top, mut right, mut bottom] = sketch.landmarks.bounds();
        // A drawn neck: down to the collar, and as wide as the widest one flares.
        for corner in [[-NECK_ASIDE, 0.0], [NECK_ASIDE, 0.0], [0.0, NECK_DOWN]] {
            let [x, y] = axes.pixel([axes.neck + corner[0], axes.chin + corner[1]]);
            (left, right) = (left.min(x), right.max(x));
            (top, bottom) = (top.min(y), bottom.max(y));
        }
        for y in 0..self.head.height() {
            let row = self.head.row(y);
            let seen: Vec<f32> = row
                .iter()
                .zip(self.hair.row(y))
                .map(|(head, hair)| head * hair.max(0.02))
                .collect();
            if let Some(first) = seen.iter().position(|&alpha| alpha > 0.01) {
                let last = seen
                    .iter()
                    .rposition(|&alpha| alpha > 0.01)
                    .unwrap_or(first);
                left = left.min(first as f32);
                right = right.max(last as f32);
                top = top.min(y as f32);
                bottom = bottom.max(y as f32);
            }
        }
        let bounds = [left - margin, top - margin, right + margin, bottom + margin];
        Window::within(bounds, self.head.width(), self.head.height())
    }
}

/// Closes narrow gaps that run into the head above the face (a morphological closing).
fn close_gaps(head: &Mask, above_face: &Mask, face_height: f32) -> Mask {
    let radius = WIDEST_GAP / 2.0 * face_height;
    let closed = grow(&grow(head, radius), -radius);
    let closed = Mask::from_fn(head.width(), head.height(), |x, y| {
        closed.row(y)[x] * above_face.row(y)[x]
    });
    gaussian_mask(&closed, 0.01 * face_height)
}

/// Pieces of the head that do not hang together with the face: other people's hair, curtains. 1 where
/// they are, at the sketch's size.
fn loose_pieces(sketch: &Sketch, head: &Mask) -> Mask {
    let face_height = sketch.face_height();
    // Narrow bridges do not hold.
    let depth = distance_to(head, |value| value <= 0.35);
    let core = depth.map(|distance| f32::from(u8::from(distance > (face_height * 0.012).max(1.0))));
    let pieces = Pieces::find(&core, |value| value > 0.5);
    let own = pieces.touching(|x, y| sketch.oval.row(y)[x] > 0.5);
    let (width, height) = (head.width(), head.height());
    let marked = |wanted: bool| {
        let piece = Mask::from_fn(width, height, |x, y| {
            let label = pieces.label(x, y);
            f32::from(u8::from(label > 0 && own[label as usize] == wanted))
        });
        distance_to(&piece, |value| value > 0.5)
    };
    let (to_own, to_loose) = (marked(true), marked(false));
    let gone = Mask::from_fn(width, height, |x, y| {
        let is_own = to_own.row(y)[x] <= (face_height * 0.03).max(2.0);
        let is_loose = to_loose.row(y)[x] <= (face_height * 0.02).max(2.0);
        f32::from(u8::from(is_loose && !is_own))
    });
    gaussian_mask(&gone, 1.5)
}

/// Hair below the chin counts as far as its colours part from the clothes', and on sides where it hangs.
fn keep_below_chin(sketch: &Sketch, spot: &Spot, separation: f32, hangs: f32) -> f32 {
    let chin = sketch.axes.chin;
    let trust = smoothstep(0.2, 0.5, separation);
    let by_colour = 1.0 - (1.0 - trust) * smoothstep(chin - 0.22, chin + 0.12, spot.v);
    // Short hair ends at the ears: what stands beside the jaw is a collar or a shoulder.
    let beside_jaw =
        smoothstep(0.06, 0.13, spot.outside) * smoothstep(chin - 0.36, chin - 0.16, spot.v);
    let below = smoothstep(chin - 0.12, chin + 0.1, spot.v) * (1.0 - 0.7 * sketch.neck(spot));
    let by_side = 1.0 - (1.0 - (hangs * 1.3).clamp(0.0, 1.0)) * below.max(beside_jaw);
    by_colour.min(by_side)
}

/// 1 beside the jaw and below it, from just outside the face's oval on; farther out up to the ears.
fn close_to_jaw(sketch: &Sketch, spot: &Spot) -> f32 {
    let axes = &sketch.axes;
    let level = spot.v + (spot.outside - 0.05).clamp(0.0, 0.12);
    smoothstep(0.02, 0.05, spot.outside)
        * smoothstep(axes.chin - 0.42, axes.chin - 0.32, level)
        * smoothstep(
            axes.half_width * 0.6,
            axes.half_width * 0.8,
            spot.beside_neck,
        )
}

/// No hair far from the head; in a group nearer is already somebody else's.
fn keep_in_reach(sketch: &Sketch, spot: &Spot, separation: f32, hangs: f32, in_group: bool) -> f32 {
    let away = spot.u.hypot((spot.v + 0.12) * 0.9);
    if !in_group {
        return 1.0 - smoothstep(1.15, 1.6, away);
    }
    let chin = sketch.axes.chin;
    let trust = (smoothstep(0.2, 0.5, separation) * hangs).clamp(0.0, 1.0);
    let low = smoothstep(chin - 0.05, chin + 0.25, spot.v);
    (1.0 - smoothstep(0.86, 1.12, away)) * (1.0 - low * (1.0 - trust))
}

/// How near a pixel is to where hair has to end.
struct Ending {
    /// To the photo's own border, in face heights.
    border: f32,
    /// Whether that border cuts the guest here.
    cut: f32,
    /// Noise along the strands, so that no straight line shows.
    strand: f32,
}

impl Ending {
    fn keep(&self, spot: &Spot, chin: f32) -> f32 {
        let length = 1.0 - smoothstep(chin + 0.8, chin + 1.3, spot.v + 0.09 * self.strand);
        let at_border = if spot.v > chin - 0.4 {
            smoothstep(0.02, 0.34, self.border + 0.06 * self.strand)
        } else {
            1.0 - self.cut * (1.0 - smoothstep(0.0, 0.13, self.border + 0.05 * self.strand))
        };
        length * at_border
    }
}

/// How far inside the photo a pixel lies, in face heights.
fn border_distance(sketch: &Sketch) -> Mask {
    let face_height = sketch.face_height();
    distance_to(&sketch.inside, |value| value < 0.5).map(|d| (d / face_height).min(9.0))
}

/// Where the photo's border cuts through the guest, with soft surroundings.
fn cut_edge(sketch: &Sketch, border: &Mask) -> Mask {
    let face_height = sketch.face_height();
    let on_edge = Mask::from_fn(border.width(), border.height(), |x, y| {
        let border = border.row(y)[x];
        let is_cut = sketch.matte.row(y)[x] > 0.5 && border > 0.0 && border < 0.03;
        f32::from(u8::from(is_cut))
    });
    let near = distance_to(&on_edge, |value| value > 0.5)
        .map(|distance| f32::from(u8::from(distance <= face_height * 0.09)));
    gaussian_mask(&near, face_height * 0.03)
}

/// Noise of mean 0 and deviation 1 that runs downwards like strands; the same for every photo.
fn strands(sketch: &Sketch) -> Mask {
    let mut rng = Rng::with_seed(3);
    let (width, height) = (sketch.lab.width(), sketch.lab.height());
    let white = (0..width * height).map(|_| rng.f32() - 0.5).collect();
    let white = Mask::from_pixels(width, height, white);
    let face_height = sketch.face_height();
    let fine = gaussian_mask(&white, face_height * 0.012);
    let long = smear_down(&fine, (face_height * 0.12) as isize);
    let count = (width * height) as f32;
    let mean = long.pixels().iter().sum::<f32>() / count;
    let variance = long
        .pixels()
        .iter()
        .map(|v| (v - mean).powi(2))
        .sum::<f32>()
        / count;
    let deviation = variance.sqrt().max(1e-6);
    long.map(|value| (value - mean) / deviation)
}

fn smear_down(mask: &Mask, reach: isize) -> Mask {
    Mask::from_fn(mask.width(), mask.height(), |x, y| {
        (-reach..=reach)
            .map(|step| mask.at_clamped(x as isize, y as isize + step))
            .sum::<f32>()
            / (2 * reach + 1) as f32
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_between_forehead_and_hair_is_closed_and_nothing_else() {
        // A face of 100 pixels below the row 60, hair in the rows 20 to 50.
        let head = Mask::from_fn(200, 200, |x, y| {
            let is_head = (50..150).contains(&x) && (60..160).contains(&y) || y > 19 && y < 50;
            f32::from(u8::from(is_head && (40..160).contains(&x)))
        });
        let above = Mask::from_fn(200, 200, |_, y| f32::from(u8::from(y < 70)));
        let closed = close_gaps(&head, &above, 100.0);
        assert!(closed.row(55)[100] > 0.9, "the gap");
        assert!(closed.row(10)[100] < 0.1, "above the hair");
        assert!(closed.row(55)[20] < 0.1, "beside the head");
        assert!(closed.row(120)[100] < 0.1, "the face");
    }
}
