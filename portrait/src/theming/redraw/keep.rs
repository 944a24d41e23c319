//! What of the photo a drawing keeps: beards, stubble and the frames of glasses.

use super::Model;
use super::canvas::either;
use crate::colour::{lab_raster, smoothstep};
use crate::drawing::{add_polygon, grow as grow_outline};
use crate::filter::{Flow, Pieces, clean, close, gaussian_mask, grow, kuwahara, luma_mask};
use crate::mesh_regions::{LEFT_EYE, NOSTRILS, RIGHT_EYE};
use crate::{Mask, RgbRaster};

/// Share of the lower face that is stubbly from which on there is a beard.
const BEARD: [f32; 2] = [0.30, 0.44];
/// The same for stubble; less is the shade of a smile or of hair.
const STUBBLE: [f32; 2] = [0.14, 0.26];

/// Masks of the head's size.
pub(super) struct Kept {
    /// Beards and frames: darker than this skin can be.
    pub dark: Mask,
    pub beard: Mask,
    pub stubble: Mask,
    /// The part of a beard below the chin, which belongs to the head as well.
    pub under_chin: Mask,
    /// Whether glasses are worn, 0 to 1.
    pub glasses: f32,
    has_beard: f32,
}

pub(super) fn find(model: &Model<'_>) -> Kept {
    let (beard, stubble, under_chin, has_beard) = beard(model);
    let (frames, glasses) = frames(model);
    let dark = model.mask(|x, y, _| (frames.row(y)[x] * glasses + beard.row(y)[x]).clamp(0.0, 1.0));
    Kept {
        dark,
        beard,
        stubble,
        under_chin,
        glasses,
        has_beard,
    }
}

/// Beard, stubble, beard below the chin, and how sure it is that there is a beard.
fn beard(model: &Model<'_>) -> (Mask, Mask, Mask, f32) {
    let head = model.head;
    let size = model.face_height();
    let skin = model.skin[0];
    let (width, height) = (model.width(), model.height());
    let lightness = model.flat_lab.map(|[lightness, ..]| lightness);
    let mut nostrils = Mask::filled(width, height, 0.0);
    add_polygon(
        &mut nostrils,
        &grow_outline(&head.landmarks.all_at(&NOSTRILS), 0.3),
    );
    let lower = model.mask(|x, y, [_, v]| {
        smoothstep(0.05, 0.2, v)
            * head.oval.row(y)[x]
            * (1.0 - model.lips.row(y)[x])
            * (1.0 - nostrils.row(y)[x])
    });
    let darker = model.mask(|x, y, _| (skin - lightness.row(y)[x]) * lower.row(y)[x]);
    let darker = gaussian_mask(&darker, size * 0.02);
    let texture = texture(&lightness, size * 0.02, size * 0.03);
    let stubble = model.mask(|x, y, _| {
        // The side that faces away from the light is darker without any stubble.
        let shaded = 8.0 * (0.5 - model.facing(x, y)).clamp(0.0, 1.0);
        smoothstep(9.0, 15.0, darker.row(y)[x] - shaded)
            * smoothstep(0.8, 1.8, texture.row(y)[x])
            * f32::from(u8::from(head.skin.row(y)[x] < 0.97))
    });
    let share = share_below(model, &stubble);
    let has_beard = smoothstep(BEARD[0], BEARD[1], share);
    let has_stubble = smoothstep(STUBBLE[0], STUBBLE[1], share);
    let around = gaussian_mask(&stubble, size * 0.025).map(|value| smoothstep(0.25, 0.5, value));
    let fine = gaussian_mask(&lightness, size * 0.008);
    let on_face = model.mask(|x, y, [_, v]| {
        let dark = smoothstep(12.0, 24.0, skin - fine.row(y)[x]) * lower.row(y)[x];
        dark * around.row(y)[x] * f32::from(u8::from(v > 0.10))
    });
    let under_chin = under_chin(model, has_beard);
    let shape = clean(&either(&on_face, &under_chin), size * 0.06);
    let strong = model.mask(|x, y, _| {
        let dark = smoothstep(22.0, 34.0, skin - fine.row(y)[x]) * lower.row(y)[x];
        dark * around.row(y)[x] * has_stubble
    });
    let beard = model.mask(|x, y, _| strong.row(y)[x].max(shape.row(y)[x] * has_beard));
    let stubble = gaussian_mask(&stubble, size * 0.018)
        .map(|value| smoothstep(0.35, 0.55, value) * has_stubble);
    (
        beard,
        gaussian_mask(&stubble, size * 0.003),
        under_chin,
        has_beard,
    )
}

/// How restless the lightness is.
fn texture(lightness: &Mask, fine: f32, wide: f32) -> Mask {
    let smooth = gaussian_mask(lightness, fine);
    let difference = Mask::from_fn(lightness.width(), lightness.height(), |x, y| {
        (lightness.row(y)[x] - smooth.row(y)[x]).abs()
    });
    gaussian_mask(&difference, wide)
}

/// The mean of a mask over the lower face.
fn share_below(model: &Model<'_>, mask: &Mask) -> f32 {
    let (mut sum, mut area) = (0.0, 0.0);
    for y in (0..model.height()).step_by(2) {
        for x in (0..model.width()).step_by(2) {
            let [_, v] = model.head.axes.place([x as f32, y as f32]);
            if v > 0.12 {
                let oval = model.head.oval.row(y)[x];
                sum += mask.row(y)[x] * oval;
                area += oval;
            }
        }
    }
    sum / f32::max(area, 1.0)
}

/// Dark, restless hair on the neck that hangs together with the face; nothing where there is no beard.
fn under_chin(model: &Model<'_>, has_beard: f32) -> Mask {
    let head = model.head;
    let size = model.face_height();
    let axes = head.axes;
    if has_beard < 0.05 {
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
            soft.row(y)[x] * has_beard
        } else {
            0.0
        }
    })
}

/// Thin dark lines round the eyes that are neither eyes nor brows, and how sure it is that glasses are worn.
fn frames(model: &Model<'_>) -> (Mask, f32) {
    let head = model.head;
    let size = model.face_height();
    let light = gaussian_mask(&luma_mask(&head.picture), size * 0.004);
    let closed = close(&light, (size * 0.035) as usize);
    let mut eyes = Mask::filled(model.width(), model.height(), 0.0);
    for eye in [&LEFT_EYE, &RIGHT_EYE] {
        add_polygon(&mut eyes, &grow_outline(&head.landmarks.all_at(eye), 0.25));
    }
    let eyes = gaussian_mask(&eyes, size * 0.01);
    let brows = grow(&model.brows, size * 0.01);
    let frames = model.mask(|x, y, [_, v]| {
        if !(-0.22..0.12).contains(&v) {
            return 0.0;
        }
        smoothstep(0.10, 0.22, closed.row(y)[x] - light.row(y)[x])
            * (1.0 - eyes.row(y)[x])
            * (1.0 - brows.row(y)[x])
            * head.oval.row(y)[x]
    });
    let soft = gaussian_mask(&frames, size * 0.01);
    let (mut sum, mut area) = (0.0_f32, 0.0_f32);
    for y in (0..model.height()).step_by(2) {
        for x in (0..model.width()).step_by(2) {
            let [_, v] = head.axes.place([x as f32, y as f32]);
            if v.abs() < 0.12 && head.oval.row(y)[x] > 0.5 {
                sum += soft.row(y)[x];
                area += 1.0;
            }
        }
    }
    (frames, smoothstep(0.03, 0.07, sum / area.max(1.0)))
}

impl Kept {
    /// The beard below the chin as flat strokes of the photo, since no neck was drawn through it.
    pub(super) fn lay_beard(&self, model: &Model<'_>, picture: &mut RgbRaster) {
        if self.has_beard < 0.05 {
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
