//! Sunglasses as cel animation draws them: the photo's shape in two flat tones, a band of light across each lens.

use super::Model;
use super::canvas::{both, either, ellipse, lay, median_where, without};
use super::glasses::reflection;
use crate::colour::{from_lab, smoothstep};
use crate::drawing::middle;
use crate::filter::{Pieces, clean, close, gaussian_mask, grow};
use crate::mesh_regions::{LEFT_EYE, RIGHT_EYE};
use crate::{Mask, Rgb, RgbRaster};

/// Half width and half height of the smallest lens, in face heights; sunglasses are detected in this ellipse round each
/// eye.
const LENS: [f32; 2] = [0.14, 0.10];
/// A pixel is dark below this share of the skin's lightness.
const DARK: f32 = 0.72;
/// Share of dark pixels round the eyes from which on sunglasses are worn. Four worn pairs measured 0.93 to 0.99, eyes
/// behind clear glasses in dim light 0.90 at most.
const LEAST_DARK: f32 = 0.915;
/// How far lenses reach beyond the smallest one, and half the height of the frame and its arms, in face heights.
const BEYOND: f32 = 0.05;
const TEMPLE: f32 = 0.05;
/// Lenses are drawn no lighter than this.
const MOST_LIGHTNESS: f32 = 34.0;

/// Dark glasses that hide the eyes.
pub(super) struct Sunglasses {
    /// Middles of both eyes, in pixels of the head.
    eyes: [[f32; 2]; 2],
    /// The smallest lens round each.
    lenses: [Mask; 2],
    shape: Mask,
}

/// The guest's sunglasses, if they wear some.
pub(super) fn find(model: &Model<'_>) -> Option<Sunglasses> {
    let eyes = [&LEFT_EYE, &RIGHT_EYE].map(|eye| middle(&model.head.landmarks.all_at(eye)));
    let lenses = eyes.map(|eye| smallest_lens(model, eye));
    let near = either(&lenses[0], &lenses[1]);
    let size = model.face_height();
    let levels = eyes.map(|eye| model.head.axes.place(eye)[1]);
    let level = (levels[0] + levels[1]) / 2.0;
    let reach = grow(&near, BEYOND * size);
    let dark = model.mask(|x, y, [_, v]| {
        let is_dark = model.flat_lab.row(y)[x][0] < DARK * model.skin[0];
        let is_bare = model.head.alpha.row(y)[x] > 0.5 && model.hair.row(y)[x] < 0.5;
        let is_near = reach.row(y)[x] > 0.5 || (v - level).abs() < TEMPLE;
        f32::from(u8::from(is_dark && is_bare && is_near))
    });
    let seen = both(&near, &model.head.oval);
    let area: f32 = seen.pixels().iter().sum();
    let share = both(&seen, &dark).pixels().iter().sum::<f32>() / area.max(1.0);
    if share < LEAST_DARK {
        return None;
    }
    // Reflections are part of the lens.
    let whole = close(&dark, (size * 0.03) as usize);
    let shape = clean(&whole, size * 0.12);
    let pieces = Pieces::find(&shape, |value| value > 0.3);
    let own = pieces.touching(|x, y| near.row(y)[x] > 0.5);
    let kept = model.mask(|x, y, _| {
        let label = pieces.label(x, y);
        f32::from(u8::from(label > 0 && own[label as usize]))
    });
    Some(Sunglasses {
        shape: both(&shape, &grow(&kept, 1.0)),
        eyes,
        lenses,
    })
}

fn smallest_lens(model: &Model<'_>, centre: [f32; 2]) -> Mask {
    let pose = model.head.landmarks.pose;
    let [wide, tall] = LENS.map(|side| side * model.face_height());
    let radii = [wide * pose.yaw.to_radians().cos(), tall];
    ellipse(model.width(), model.height(), centre, radii, pose.roll)
}

impl Sunglasses {
    pub(super) fn draw(&self, model: &Model<'_>, picture: &mut RgbRaster) {
        let size = model.face_height();
        let own = median_where(&model.flat_lab, 20, |x, y| self.shape.row(y)[x] > 0.8);
        let [lightness, a, b] = own.unwrap_or([12.0, 0.0, 0.0]);
        let tone = |lightness: f32| from_lab([lightness, a * 0.8, b * 0.8]);
        let lightness = lightness.min(MOST_LIGHTNESS);
        lay(picture, tone(lightness * 0.8), &self.shape, 1.0);
        let inner = grow(&self.shape, -0.016 * size);
        for (centre, lens) in self.eyes.iter().zip(&self.lenses) {
            let glass = both(&inner, &grow(lens, 0.1 * size));
            draw_glass(model, &glass, *centre, tone(lightness + 9.0), picture);
        }
        let edge = without(
            &grow(&self.shape, 0.006 * size),
            &grow(&self.shape, -0.005 * size),
        );
        lay(picture, model.ink(), &gaussian_mask(&edge, 0.7), 0.9);
    }
}

/// One lens round an eye's `centre`: lighter towards its lower edge, with a slanted band of light.
fn draw_glass(
    model: &Model<'_>,
    glass: &Mask,
    centre: [f32; 2],
    light: Rgb,
    picture: &mut RgbRaster,
) {
    let [_, level] = model.head.axes.place(centre);
    let low =
        model.mask(|x, y, [_, v]| glass.row(y)[x] * smoothstep(level - 0.01, level + 0.01, v));
    lay(picture, light, &low, 0.55);
    for (offset, half, amount) in [(-0.03, 0.017, 0.5), (0.015, 0.007, 0.35)] {
        let band = reflection(model, centre, [offset, half], 0.35);
        lay(picture, [1.0; 3], &both(&band, glass), amount);
    }
}
