//! Skin in two flat tones: its own and one in shadow, the shadow's shape half the mesh's and half the photo's.

use super::beard::Beard;
use super::canvas::{ellipse, lay, polar, shifted};
use super::{BROW_LEVEL, Model};
use crate::colour::{Lab, chroma, hue_degrees, hue_shift, smoothstep};
use crate::filter::{clean, gaussian_mask};
use crate::{Mask, Rgb, RgbRaster};

/// Lightness that drawn skin is lifted towards, how far, and by how much at most.
const LIFT_TOWARDS: f32 = 72.0;
const LIFT: f32 = 0.35;
const MOST_LIFT: f32 = 9.0;
/// More of a colour looks like orange paint.
const MOST_CHROMA: f32 = 31.0;
/// Less looks ill, unless the photo is about as grey as this.
const LEAST_CHROMA: f32 = 20.0;
const GREY: [f32; 2] = [4.0, 8.0];
/// Hues that skin is drawn in, in degrees, and how far one is turned to get there.
const HUES: [f32; 2] = [42.0, 68.0];
const MOST_TURN: f32 = 6.5;

/// Above the brows islands of skin, and holes in it, are not drawn if they are narrower than this, in face heights.
const SPECK: f32 = 0.12;

/// The colours that one person's skin is drawn in.
pub(super) struct Tones {
    pub base: Rgb,
    pub shadow: Rgb,
    pub deep: Rgb,
    pub light: Rgb,
    pub blush: Rgb,
    /// Lightness of the first.
    pub lightness: f32,
}

impl Tones {
    pub(super) fn of(skin: Lab, shadow_depth: f32) -> Self {
        let lift = ((LIFT_TOWARDS - skin[0]) * LIFT).clamp(0.0, MOST_LIFT) + 2.0;
        // Pale skin looks grey in a drawing; without any colour the photo is one in black and white.
        let least = LEAST_CHROMA * smoothstep(GREY[0], GREY[1], chroma(skin));
        let strength = (chroma(skin) * 1.12).min(MOST_CHROMA).max(least);
        let own = hue_degrees(skin);
        let drawn = own.clamp(HUES[0], HUES[1]);
        // Strange light is taken off a face, but its person's hue stays near.
        let hue = (own + hue_shift(own, drawn).clamp(-MOST_TURN, MOST_TURN)).to_radians();
        let lightness = (skin[0] + lift).min(90.0);
        Self {
            base: polar(lightness, hue, strength),
            shadow: polar(lightness - shadow_depth, hue - 0.20, strength * 1.12),
            deep: polar(lightness - shadow_depth * 1.7, hue - 0.28, strength * 1.1),
            light: polar((lightness + 7.0).min(96.0), hue, strength * 0.75),
            blush: polar(lightness - 6.0, hue - 0.45, strength * 1.5),
            lightness,
        }
    }
}

/// Draws skin into the picture and says where it lies.
pub(super) fn draw(
    model: &Model<'_>,
    tones: &Tones,
    beard: &Beard,
    hair: Rgb,
    picture: &mut RgbRaster,
) -> Mask {
    let size = model.face_height();
    let light = Light::of(model);
    let mut skin = RgbRaster::filled(model.width(), model.height(), tones.base);
    let under_jaw = light.under_jaw(model);
    lay(
        &mut skin,
        tones.shadow,
        &light.shadow(model, &under_jaw),
        1.0,
    );
    let deep = model.mask(|x, y, _| {
        under_jaw.row(y)[x] * (1.0 - smoothstep(-0.1, 0.1, light.shading.row(y)[x] + 0.35))
    });
    lay(&mut skin, tones.deep, &deep, 0.7);
    lay(&mut skin, tones.light, &light.highlights(model), 0.35);
    for (cheek, mouth) in [(50, 205), (280, 425)] {
        let (a, b) = (
            model.head.landmarks.at(cheek),
            model.head.landmarks.at(mouth),
        );
        let centre = [0, 1].map(|axis| a[axis] * 0.6 + b[axis] * 0.4);
        let roll = model.head.landmarks.pose.roll;
        let radii = [size * 0.085, size * 0.045];
        let blush = ellipse(model.width(), model.height(), centre, radii, roll);
        lay(
            &mut skin,
            tones.blush,
            &gaussian_mask(&blush, size * 0.032),
            0.5,
        );
    }
    let stubble = std::array::from_fn(|c| hair[c] * 0.55 + tones.shadow[c] * 0.45);
    lay(&mut skin, stubble, &beard.stubble, 0.42);
    let covered = covered(model, beard);
    picture.for_each_row(|y, row| {
        for (x, pixel) in row.iter_mut().enumerate() {
            let amount = covered.row(y)[x];
            let drawn = skin.row(y)[x];
            *pixel = std::array::from_fn(|c| pixel[c] + (drawn[c] - pixel[c]) * amount);
        }
    });
    covered
}

/// Where skin is drawn: face, ears and neck, but no beard.
fn covered(model: &Model<'_>, beard: &Beard) -> Mask {
    let head = model.head;
    let size = model.face_height();
    let chin = head.axes.chin;
    let any = model.mask(|x, y, _| {
        head.skin.row(y)[x]
            .max(model.eyes.row(y)[x])
            .max(model.brows.row(y)[x])
            .max(model.lips.row(y)[x])
    });
    let wide = gaussian_mask(&any, size * 0.02);
    let skin = model.mask(|x, y, [_, v]| {
        let (oval, hair) = (head.oval.row(y)[x], model.hair.row(y)[x]);
        let face = ((head.skin.row(y)[x] * 1.6 - 0.2).clamp(0.0, 1.0))
            .max((wide.row(y)[x] * 2.2 - 0.5).clamp(0.0, 1.0) * oval);
        let is_head = f32::from(u8::from(v < chin - 0.05));
        let ears = (head.neck_skin.row(y)[x] * (1.0 - oval) * 2.0 - 0.5).clamp(0.0, 1.0) * is_head;
        let neck = head.neck.row(y)[x] * (1.0 - oval) * (1.0 - hair);
        // What is neither hair nor anything else on a head is skin.
        let is_open = head.alpha.row(y)[x] > 0.3 && v < chin - 0.02;
        let rest = f32::from(u8::from(is_open))
            * (1.0 - smoothstep(0.3, 0.6, hair))
            * (1.0 - smoothstep(0.25, 0.6, head.hair.row(y)[x] * (1.0 - oval)));
        let bare = model.bare.row(y)[x] * head.alpha.row(y)[x];
        let parts = [ears, neck, rest, bare];
        parts.into_iter().fold(face, f32::max).clamp(0.0, 1.0)
    });
    // No specks of the photo's shade on the brow, no specks of skin in hair.
    let shapes = clean(&skin, size * SPECK);
    let covered = model.mask(|x, y, [_, v]| {
        let above_brows =
            1.0 - smoothstep(BROW_LEVEL - 0.04, BROW_LEVEL + 0.04, v) * head.oval.row(y)[x];
        let own = skin.row(y)[x];
        let shape = own + (shapes.row(y)[x] - own) * above_brows;
        shape * (1.0 - 0.9 * beard.shape.row(y)[x])
    });
    gaussian_mask(&covered, size * 0.004)
}

/// The light on the face: below 0 is shadow.
struct Light {
    shading: Mask,
    /// How much lighter than the skin's own a place is in the photo.
    own: Mask,
}

impl Light {
    fn of(model: &Model<'_>) -> Self {
        let size = model.face_height();
        let lightness = model.flat_lab.map(|[lightness, ..]| lightness);
        let own = gaussian_mask(&lightness, size * 0.035).map(|l| (l - model.skin[0]) / 22.0);
        let shading = model.mask(|x, y, _| {
            0.75 * (model.facing(x, y) - 0.26) / 0.30 + 0.55 * (own.row(y)[x] + 0.42)
        });
        Self { shading, own }
    }

    fn shadow(&self, model: &Model<'_>, under_jaw: &Mask) -> Mask {
        let size = model.face_height();
        let soft = gaussian_mask(&self.shading, size * 0.014);
        let shade = clean(
            &soft.map(|value| 1.0 - smoothstep(-0.05, 0.05, value)),
            size * 0.10,
        );
        let cast = gaussian_mask(&hair_shadow(model), size * 0.006);
        model.mask(|x, y, _| {
            shade.row(y)[x]
                .max(smoothstep(0.35, 0.65, cast.row(y)[x]))
                .max(under_jaw.row(y)[x])
        })
    }

    /// The jaw's shadow on the neck.
    fn under_jaw(&self, model: &Model<'_>) -> Mask {
        let size = model.face_height();
        let oval = &model.head.oval;
        let side = -model.light_side();
        let lowered = shifted(oval, side * 0.03 * size, 0.11 * size);
        let chin = model.head.axes.chin;
        model.mask(|x, y, [_, v]| {
            let is_low = f32::from(u8::from(v > chin - 0.35));
            smoothstep(
                0.4,
                0.6,
                lowered.row(y)[x] * (1.0 - oval.row(y)[x]) * is_low,
            )
        })
    }

    fn highlights(&self, model: &Model<'_>) -> Mask {
        let size = model.face_height();
        let light = model.mask(|x, y, _| {
            0.5 * (model.facing(x, y) - 0.80) / 0.2 + 0.6 * (self.own.row(y)[x] - 0.35)
        });
        let light = gaussian_mask(&light, size * 0.014).map(|value| smoothstep(0.35, 0.5, value));
        clean(&light, size * 0.09)
    }
}

/// What hair shades of the face below it.
fn hair_shadow(model: &Model<'_>) -> Mask {
    let size = model.face_height();
    let bare =
        model.mask(|x, y, _| model.hair.row(y)[x] * (1.0 - model.head.skin_everywhere.row(y)[x]));
    let side = -model.light_side();
    let lowered = shifted(&bare, side * 0.018 * size, 0.055 * size);
    let chin = model.head.axes.chin;
    model.mask(|x, y, [_, v]| {
        let is_face = f32::from(u8::from(v < chin - 0.1));
        (lowered.row(y)[x] - model.hair.row(y)[x]).clamp(0.0, 1.0) * is_face
    })
}
