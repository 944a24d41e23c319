//! Where a face is bearded or stubbly.

use super::Model;
use super::canvas::{both, either, lay, median_where, without};
use super::face_plane::FacePlane;
use crate::colour::{from_lab, lab_raster, smoothstep};
use crate::drawing::{add_polygon, grow as grow_outline};
use crate::filter::{Flow, Pieces, clean, gaussian_mask, kuwahara};
use crate::mesh_regions::NOSTRILS;
use crate::{Mask, RgbRaster};

/// Share of either half of the lower face that is stubbly from which on there is a beard.
const BEARD: [f32; 2] = [0.24, 0.30];
/// The same for stubble; less is the shade of a smile or of hair.
const STUBBLE: [f32; 2] = [0.14, 0.24];
/// How alike both halves are, from which on it is no shade.
const AGREEMENT: [f32; 2] = [0.36, 0.44];
/// Detail, in CIELAB lightness, that shows single hairs.
const GRAIN: [f32; 2] = [1.1, 1.5];
/// Fewer pixels are no beard worth drawing.
const LEAST: usize = 200;
/// How much darker than the skin a beard is drawn, in CIELAB lightness.
const CONTRAST: f32 = 24.0;
/// The mesh's point in the middle of the upper lip.
const UPPER_LIP: usize = 13;

/// Masks of the head's size.
pub(super) struct Beard {
    /// Hair on the face and below the chin.
    pub shape: Mask,
    pub stubble: Mask,
    /// The part of a beard below the chin, which belongs to the head as well.
    pub under_chin: Mask,
    /// How sure it is that there is a beard, 0 to 1.
    certainty: f32,
}

pub(super) fn find(model: &Model<'_>) -> Beard {
    let size = model.face_height();
    let lightness = model.flat_lab.map(|[lightness, ..]| lightness);
    let lower = lower_face(model);
    let grain = grain(&model.head.photo, size);
    let stubble = stubble(model, &lightness, &lower, &grain);
    let share = share_below(model, &stubble);
    let plane = FacePlane::of(&model.head.landmarks, [model.width(), model.height()]);
    let is_even = smoothstep(AGREEMENT[0], AGREEMENT[1], plane.agreement(&stubble));
    let certainty = smoothstep(BEARD[0], BEARD[1], share) * is_even;
    let has_stubble = smoothstep(STUBBLE[0], STUBBLE[1], share) * is_even;
    let around = gaussian_mask(&stubble, size * 0.025).map(|value| smoothstep(0.25, 0.5, value));
    let fine = gaussian_mask(&lightness, size * 0.008);
    let darker = |by: [f32; 2]| {
        model.mask(|x, y, _| {
            let dark = smoothstep(by[0], by[1], model.skin[0] - fine.row(y)[x]);
            dark * lower.row(y)[x] * around.row(y)[x]
        })
    };
    let [dark, darkest] = [darker([12.0, 24.0]), darker([22.0, 34.0])];
    let found =
        model.mask(|x, y, _| (dark.row(y)[x] * certainty).max(darkest.row(y)[x] * has_stubble));
    let under_chin = under_chin(model, certainty);
    let shape = either(&plane.symmetric(&found), &under_chin);
    let stubble = plane.symmetric(&stubble.map(|value| value * has_stubble));
    Beard {
        stubble: without(&stubble, &shape),
        shape,
        under_chin,
        certainty,
    }
}

/// The face below the nose, without lips and nostrils.
fn lower_face(model: &Model<'_>) -> Mask {
    let head = model.head;
    let mut nostrils = Mask::filled(model.width(), model.height(), 0.0);
    add_polygon(
        &mut nostrils,
        &grow_outline(&head.landmarks.all_at(&NOSTRILS), 0.3),
    );
    model.mask(|x, y, [_, v]| {
        smoothstep(0.05, 0.2, v)
            * head.oval.row(y)[x]
            * (1.0 - model.lips.row(y)[x])
            * (1.0 - nostrils.row(y)[x])
    })
}

/// Where the lower face is darker than its skin, and restless.
fn stubble(model: &Model<'_>, lightness: &Mask, lower: &Mask, grain: &Mask) -> Mask {
    let size = model.face_height();
    let darker = model.mask(|x, y, _| (model.skin[0] - lightness.row(y)[x]) * lower.row(y)[x]);
    let darker = gaussian_mask(&darker, size * 0.02);
    let texture = texture(lightness, size * 0.02, size * 0.03);
    model.mask(|x, y, _| {
        // The side that faces away from the light is darker without any stubble.
        let shaded = 8.0 * (0.5 - model.facing(x, y)).clamp(0.0, 1.0);
        smoothstep(9.0, 15.0, darker.row(y)[x] - shaded)
            * smoothstep(0.8, 1.8, texture.row(y)[x])
            * smoothstep(GRAIN[0], GRAIN[1], grain.row(y)[x])
            * f32::from(u8::from(model.head.skin.row(y)[x] < 0.97))
    })
}

/// How much single hairs show: detail finer than any that a smooth, small or blurred photo has.
fn grain(photo: &RgbRaster, size: f32) -> Mask {
    let lightness = lab_raster(photo).map(|[lightness, ..]| lightness);
    let lightness = gaussian_mask(&lightness, size * 0.002);
    texture(&lightness, size * 0.008, size * 0.06)
}

/// How restless the lightness is.
fn texture(lightness: &Mask, fine: f32, wide: f32) -> Mask {
    let smooth = gaussian_mask(lightness, fine);
    let difference = Mask::from_fn(lightness.width(), lightness.height(), |x, y| {
        (lightness.row(y)[x] - smooth.row(y)[x]).abs()
    });
    gaussian_mask(&difference, wide)
}

/// The mean of a mask over that half of the lower face where it is less: beards grow on both, shade falls on one.
fn share_below(model: &Model<'_>, mask: &Mask) -> f32 {
    let axes = &model.head.axes;
    let [middle, _] = axes.place(model.head.landmarks.at(UPPER_LIP));
    let (mut sums, mut areas) = ([0.0; 2], [0.0; 2]);
    for y in (0..model.height()).step_by(2) {
        for x in (0..model.width()).step_by(2) {
            let [u, v] = axes.place([x as f32, y as f32]);
            if v > 0.12 {
                let half = usize::from(u > middle);
                let oval = model.head.oval.row(y)[x];
                sums[half] += mask.row(y)[x] * oval;
                areas[half] += oval;
            }
        }
    }
    let [left, right] = [0, 1].map(|half| sums[half] / f32::max(areas[half], 1.0));
    left.min(right)
}

/// Dark, restless hair on the neck that hangs together with the face; nothing where there is no beard.
fn under_chin(model: &Model<'_>, certainty: f32) -> Mask {
    let head = model.head;
    let size = model.face_height();
    let axes = head.axes;
    if certainty < 0.05 {
        return Mask::filled(model.width(), model.height(), 0.0);
    }
    let lightness = gaussian_mask(&lab_raster(&head.photo).map(|[l, ..]| l), size * 0.008);
    let texture = texture(&lightness, size * 0.02, size * 0.04);
    let raw = model.mask(|x, y, [u, v]| {
        let is_below = (u - axes.neck).abs() < 0.55 * axes.half_width && v > axes.chin - 0.1;
        if !is_below {
            return 0.0;
        }
        let near = 1.0 - smoothstep(axes.chin + 0.30, axes.chin + 0.42, v);
        smoothstep(10.0, 22.0, model.skin[0] - lightness.row(y)[x])
            * smoothstep(1.2, 2.0, texture.row(y)[x])
            * near
            * (1.0 - head.oval.row(y)[x])
            * smoothstep(0.3, 0.6, head.neck_skin.row(y)[x] + head.hair.row(y)[x])
    });
    let soft = gaussian_mask(&raw, size * 0.02).map(|value| smoothstep(0.3, 0.6, value));
    let with_face = either(&soft, &head.oval);
    let pieces = Pieces::find(&with_face, |value| value > 0.3);
    let own = pieces.touching(|x, y| head.oval.row(y)[x] > 0.5);
    model.mask(|x, y, _| {
        if own[pieces.label(x, y) as usize] {
            soft.row(y)[x] * certainty
        } else {
            0.0
        }
    })
}

impl Beard {
    /// Lays the beard in two tones of its own colour.
    pub(super) fn draw(&self, model: &Model<'_>, picture: &mut RgbRaster) {
        let size = model.face_height();
        let lab = lab_raster(picture);
        let is_beard = |x: usize, y: usize| self.shape.row(y)[x] > 0.8;
        let Some([lightness, a, b]) = median_where(&lab, LEAST, is_beard) else {
            return;
        };
        let drawn = lightness.clamp(14.0, (model.skin[0] - CONTRAST).max(14.0));
        lay(picture, from_lab([drawn, a, b]), &self.shape, 1.0);
        let deep = model.mask(|x, y, _| {
            smoothstep(2.0, 6.0, lightness - lab.row(y)[x][0]) * self.shape.row(y)[x]
        });
        let deep = both(&clean(&deep, size * 0.05), &self.shape);
        lay(
            picture,
            from_lab([drawn * 0.72, a + 1.0, b - 2.0]),
            &deep,
            1.0,
        );
    }

    /// Lays the part below the chin as flat strokes of the photo, since the head's neck has none.
    pub(super) fn lay_under_chin(&self, model: &Model<'_>, picture: &mut RgbRaster) {
        if self.certainty < 0.05 {
            return;
        }
        let photo = &model.head.photo;
        let flow = Flow::of(photo, 2.5 * model.unit);
        let radii = self
            .under_chin
            .map(|value| if value > 0.02 { 3.5 * model.unit } else { 0.0 });
        let strokes = kuwahara(photo, &radii, |x, y| flow.at(x, y));
        picture.for_each_row(|y, row| {
            for (x, pixel) in row.iter_mut().enumerate() {
                let amount = self.under_chin.row(y)[x];
                if amount > 0.0 {
                    let own = strokes.row(y)[x];
                    *pixel = std::array::from_fn(|c| pixel[c] + (own[c] - pixel[c]) * amount);
                }
            }
        });
    }
}
