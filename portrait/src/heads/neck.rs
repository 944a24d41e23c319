//! A neck down to the collar, whatever the guest wears: their own skin where it shows, its colour where not.

use super::sketch::Sketch;
use super::{Head, skin};
use crate::colour::{Lab, chroma, from_lab, mix_rgb, smoothstep, to_lab};
use crate::faces::CHIN;
use crate::filter::{gaussian, gaussian_mask};
use crate::{Mask, Raster, Rgb, RgbRaster};
use fastrand::Rng;

/// Half of a neck's width over half of the face's: narrowest, widest, and where none is seen.
const NARROWEST: f32 = 0.70;
const WIDEST: f32 = 0.90;
const USUAL: f32 = 0.78;
/// A drawn neck is this much darker than the face, in lightness: the chin shades it.
const SHADE: f32 = 0.82;
/// The darkest that skin which is carried on may be, over the face's lightness, and its least chroma over the face's.
const DARKEST: f32 = 0.74;
const SHADED_CHROMA: f32 = 1.4;

/// How a neck widens towards the shoulders, in face heights.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flare {
    /// How much wider it becomes on either side.
    pub amount: f32,
    /// How far below the chin it begins.
    pub start: f32,
}

/// Turns of the head, in degrees, between which the front of the neck comes to lie behind the chin.
const TURNED: [f32; 2] = [12.0, 28.0];
/// How far behind the chin it lies, and between which distances below the chin it widens to the collar.
const BEHIND_CHIN: f32 = 0.04;
const BELOW_CHIN: [f32; 2] = [0.06, 0.42];

/// The column's outline at one level.
struct Column {
    /// Positive where the head is turned towards the right of the picture, in degrees.
    yaw: f32,
    /// How far right the chin is, and how far down.
    tip: f32,
    chin: f32,
    middle: f32,
    half_width: f32,
    flare: Flare,
}

impl Column {
    fn half_width_at(&self, v: f32) -> f32 {
        self.half_width
            + self.flare.amount * smoothstep(self.chin + self.flare.start, self.chin + 0.66, v)
    }

    /// Half of the width on the side that the head is turned to.
    fn front_at(&self, v: f32) -> f32 {
        let turned = smoothstep(TURNED[0], TURNED[1], self.yaw.abs());
        let [from, to] = BELOW_CHIN.map(|distance| self.chin + distance);
        let behind = turned * (1.0 - smoothstep(from, to, v));
        let full = self.half_width_at(v);
        let at_chin = (self.tip - self.middle) * self.yaw.signum() - BEHIND_CHIN;
        full + (at_chin.clamp(0.0, full) - full) * behind
    }

    fn covers(&self, [u, v]: [f32; 2]) -> f32 {
        let aside = u - self.middle;
        let is_front = aside * self.yaw > 0.0;
        let half_width = if is_front {
            self.front_at(v)
        } else {
            self.half_width_at(v)
        };
        (1.0 - smoothstep(-0.02, 0.02, aside.abs() - half_width))
            * smoothstep(self.chin - 0.42, self.chin - 0.36, v)
            * (1.0 - smoothstep(self.chin + 0.60, self.chin + 0.78, v))
    }

    /// Shading of an upright cylinder.
    fn roundness(&self, [u, v]: [f32; 2]) -> f32 {
        let across = (u - self.middle) / (self.half_width_at(v) + 0.02);
        (1.0 - across * across).max(0.0).sqrt()
    }
}

/// Completes the head by its neck. Where a hand lies near the chin none of the photo's is used.
pub(super) fn build(head: &mut Head, sketch: &Sketch, flare: Flare, is_hand_near: bool) {
    let axes = head.axes;
    let own = own_skin(head, sketch, is_hand_near);
    let column = Column {
        yaw: head.landmarks.pose.yaw,
        tip: axes.place(head.landmarks.at(CHIN))[0],
        chin: axes.chin,
        middle: axes.neck,
        half_width: measure(head, sketch),
        flare,
    };
    let drawn = drawn_skin(head, sketch, &own, &column);
    let seen = gaussian_mask(&own, sketch.face_height() * 0.008);
    let frame = head.frame;
    let in_sketch = |x: usize, y: usize| sketch.frame.place(frame.to_photo([x as f32, y as f32]));
    let (hair, oval, cloth) = (&head.hair, &head.oval, &head.cloth);
    let Head {
        picture,
        alpha,
        neck,
        ..
    } = head;
    let painted = Raster::from_fn(picture.width(), picture.height(), |x, y| {
        let place @ [u, v] = axes.place([x as f32, y as f32]);
        let covers = column.covers(place);
        let edge = smoothstep(
            0.0,
            0.06,
            column.half_width_at(v) + 0.03 - (u - axes.neck).abs(),
        );
        let [small_x, small_y] = in_sketch(x, y);
        let is_seen = (seen.sample(small_x, small_y) * 1.6 - 0.6).clamp(0.0, 1.0) * edge;
        let (hair, oval) = (hair.row(y)[x], oval.row(y)[x]);
        let top = 1.0 - smoothstep(axes.chin - 0.1, axes.chin + 0.02, v);
        let neck_alpha = (neck.row(y)[x] * top).max(covers * (1.0 - oval));
        let mut colour = picture.row(y)[x];
        if covers > 0.0 {
            let keep = (is_seen + hair * (1.0 - cloth.row(y)[x]) + oval).clamp(0.0, 1.0);
            colour = mix_rgb(drawn.sample(small_x, small_y), colour, keep);
            let below = ((v - axes.chin + 0.02).max(0.0) / -0.16).exp() * (1.0 - oval);
            let shadow = (0.12 + 0.20 * (1.0 - is_seen)) * below * (1.0 - hair);
            colour = colour.map(|value| value * (1.0 - shadow));
        }
        [colour[0], colour[1], colour[2], neck_alpha]
    });
    let matte = &head.matte;
    alpha.for_each_row(|y, row| {
        for (x, value) in row.iter_mut().enumerate() {
            let neck = painted.row(y)[x][3];
            *value = (oval.row(y)[x] * matte.row(y)[x] + hair.row(y)[x] + neck).clamp(0.0, 1.0);
        }
    });
    *neck = painted.map(|[.., alpha]| alpha);
    *picture = painted.map(|[red, green, blue, _]| [red, green, blue]);
}

/// Where the photo shows the guest's own neck, at the sketch's size.
fn own_skin(head: &Head, sketch: &Sketch, is_hand_near: bool) -> Mask {
    let chin = sketch.axes.chin;
    sketch_mask(sketch, |x, y| {
        let spot = sketch.spot(x, y);
        let skin = neck_skin_at(head, sketch, x, y);
        let is_own = skin > 0.7 && sketch.neck(&spot) > 0.2 && spot.v < chin + 0.5;
        if is_own && !is_hand_near { skin } else { 0.0 }
    })
}

fn sketch_mask(sketch: &Sketch, value_at: impl Fn(usize, usize) -> f32 + Sync) -> Mask {
    Mask::from_fn(sketch.lab.width(), sketch.lab.height(), value_at)
}

/// How much neck skin lies at a pixel of the sketch.
fn neck_skin_at(head: &Head, sketch: &Sketch, x: usize, y: usize) -> f32 {
    let [x, y] = head
        .frame
        .place(sketch.frame.to_photo([x as f32, y as f32]));
    let is_outside = x < 0.0
        || y < 0.0
        || x > head.frame.width as f32 - 1.0
        || y > head.frame.height as f32 - 1.0;
    if is_outside {
        0.0
    } else {
        head.neck_skin.sample(x, y)
    }
}

/// Half of the neck's width, read from the skin beside and below the chin where there is enough of it.
fn measure(head: &Head, sketch: &Sketch) -> f32 {
    let axes = &sketch.axes;
    let widths = |from: f32, to: f32, share: f32| {
        let mut distances = Vec::new();
        let is_near = |[u, v]: [f32; 2]| {
            v > axes.chin + from && v < axes.chin + to && (u - axes.neck).abs() < axes.half_width
        };
        for (x, y) in sketch.pixels(is_near) {
            let spot = sketch.spot(x, y);
            if spot.oval < 0.5 && neck_skin_at(head, sketch, x, y) > 0.5 {
                distances.push(spot.beside_neck);
            }
        }
        let enough = axes.face_height.powi(2) * 0.01;
        let index = (distances.len() as f32 * share) as usize;
        (distances.len() as f32 > enough)
            .then(|| *distances.select_nth_unstable_by(index, f32::total_cmp).1)
    };
    let below = widths(0.06, 0.16, 0.5).map(|middle| middle * 2.0);
    let beside = widths(-0.12, 0.04, 0.9);
    let seen = below
        .into_iter()
        .chain(beside)
        .fold(None, |widest: Option<f32>, width| {
            Some(widest.map_or(width, |other| other.max(width)))
        });
    let [narrowest, usual, widest] =
        [NARROWEST, USUAL, WIDEST].map(|share| share * axes.half_width);
    seen.unwrap_or(usual).clamp(narrowest, widest)
}

/// Skin for where none is seen: the neck's own carried on, else the face's in shade; round and grainy.
fn drawn_skin(head: &Head, sketch: &Sketch, own: &Mask, column: &Column) -> RgbRaster {
    let face_height = sketch.face_height();
    let face = skin::median(&head.picture, head);
    let base = from_lab([face[0] * SHADE, face[1], face[2]]);
    let enough = own.pixels().iter().sum::<f32>() / face_height.powi(2);
    let (width, height) = (own.width(), own.height());
    let small = &sketch.picture;
    let weighted = Raster::from_fn(width, height, |x, y| {
        let weight = own.row(y)[x];
        let [red, green, blue] = small.row(y)[x];
        [red * weight, green * weight, blue * weight, weight]
    });
    let near = gaussian(&weighted, face_height * 0.05);
    let far = gaussian(&weighted, face_height * 0.2);
    let grain = grain(width, height);
    Raster::from_fn(width, height, |x, y| {
        let [red, green, blue, weight] = near.row(y)[x];
        let [far_red, far_green, far_blue, far_weight] = far.row(y)[x];
        let mut colour = base;
        if enough > 0.015 && far_weight > 1e-4 {
            let is_near = (weight * 6.0).clamp(0.0, 1.0);
            let carried = mix_rgb(
                [far_red, far_green, far_blue].map(|value| value / far_weight),
                [red, green, blue].map(|value| value / weight.max(1e-4)),
                is_near,
            );
            let [_, a, b] = to_lab(carried);
            // Skin that is carried on must look like this person's.
            let strange = smoothstep(12.0, 26.0, chroma([0.0, a - face[1], b - face[2]]));
            let covered = (far_weight * 4.0).clamp(0.0, 1.0);
            colour = mix_rgb(base, carried, covered * (1.0 - strange));
        }
        let colour = like_skin(colour, face);
        let place = sketch.axes.place([x as f32, y as f32]);
        let shade = 0.70 + 0.30 * column.roundness(place);
        colour.map(|value| (value * shade + grain.row(y)[x]).clamp(0.0, 1.0))
    })
}

/// Shaded skin, neither darker nor greyer than that below a chin of this colour.
fn like_skin(colour: Rgb, face: Lab) -> Rgb {
    let [lightness, a, b] = to_lab(colour);
    let more = (chroma(face) * SHADED_CHROMA / chroma([lightness, a, b]).max(1.0)).clamp(1.0, 2.0);
    from_lab([lightness.max(face[0] * DARKEST), a * more, b * more])
}

/// Fine noise; drawn skin without it looks like plastic.
fn grain(width: usize, height: usize) -> Mask {
    let mut rng = Rng::with_seed(5);
    let noise = (0..width * height).map(|_| (rng.f32() + rng.f32() - 1.0) * 0.02);
    Mask::from_pixels(width, height, noise.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(yaw: f32) -> Column {
        Column {
            yaw,
            tip: 0.15 * yaw.signum(),
            chin: 0.5,
            middle: 0.0,
            half_width: 0.3,
            flare: Flare {
                amount: 0.0,
                start: 0.2,
            },
        }
    }

    #[test]
    fn a_turned_head_hides_the_neck_on_the_side_that_it_looks_to() {
        let beside_mouth = [[-0.25, 0.25], [0.25, 0.25]];
        let shown = |yaw: f32| beside_mouth.map(|place| column(yaw).covers(place));
        assert_eq!(shown(0.0), [1.0, 1.0]);
        assert_eq!(shown(35.0), [1.0, 0.0]);
        assert_eq!(shown(-35.0), [0.0, 1.0]);
        let below = [[0.08, 0.52], [0.27, 1.0]].map(|place| column(35.0).covers(place));
        assert_eq!(below, [1.0, 1.0], "below the chin and at the collar");
    }

    #[test]
    fn skin_that_is_carried_on_is_neither_dark_nor_grey() {
        let face = [80.0, 5.0, 10.0];
        let [lightness, a, b] = to_lab(like_skin(from_lab([40.0, 1.0, 2.0]), face));
        assert!(lightness > 55.0, "{lightness}");
        assert!(a.hypot(b) > 1.5 * 1.0f32.hypot(2.0), "{a} {b}");
    }
}
