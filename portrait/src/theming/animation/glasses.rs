//! Glasses as cel animation draws them: clean frames along the photo's, clear lenses with two bands of light.

use super::Model;
use super::canvas::{both, either, lay, percentile, stroke, without};
use crate::colour::{Lab, from_lab, smoothstep, to_lab};
use crate::drawing::{fill_polygon, middle};
use crate::filter::gaussian_mask;
use crate::theming::glasses::Glasses;
use crate::{Mask, Rgb, RgbRaster};

/// Points of the mesh where arms leave the face.
const TEMPLES: [usize; 2] = [127, 356];
/// Frames are drawn no lighter than this.
const MOST_LIGHTNESS: f32 = 45.0;
/// How far the bridge is arched, in face heights.
const ARCH: f32 = 0.012;

pub(super) fn draw(glasses: &Glasses, model: &Model<'_>, picture: &mut RgbRaster) {
    let (width, height) = (model.width(), model.height());
    let line = (0.011 + 0.012 * smoothstep(0.2, 0.5, glasses.strength)) * model.face_height();
    for lens in &glasses.lenses {
        draw_light(model, lens, picture);
    }
    let rims = [0, 1].map(|side| {
        let mut points = glasses.lenses[side].clone();
        points.extend_from_within(..2);
        stroke(width, height, &points, |_| line)
    });
    let [from, to] = glasses.bridge();
    let [x, y] = middle(&[from, to]);
    let (sine, cosine) = model.head.landmarks.pose.roll.to_radians().sin_cos();
    let rise = ARCH * model.face_height();
    let arch = [from, [x + sine * rise, y - cosine * rise], to];
    let bridge = stroke(width, height, &arch, |_| line);
    let hinges = glasses.hinges();
    let arms = [0, 1].map(|side| {
        let arm = [hinges[side], model.head.landmarks.at(TEMPLES[side])];
        stroke(width, height, &arm, |t| line * (1.0 - 0.3 * t))
    });
    let frame = rims
        .iter()
        .chain(&arms)
        .fold(bridge, |frame, part| either(&frame, part));
    let frame = without(&frame, &model.head.hair);
    lay(picture, frame_colour(model, &glasses.lenses), &frame, 0.95);
}

/// The darker colours under the frame.
fn frame_colour(model: &Model<'_>, lenses: &[Vec<[f32; 2]>; 2]) -> Rgb {
    let mut colours: Vec<Lab> = lenses
        .iter()
        .flatten()
        .map(|[x, y]| to_lab(model.head.picture.sample(*x, *y)))
        .collect();
    colours.sort_by(|a, b| a[0].total_cmp(&b[0]));
    colours.truncate(colours.len().div_ceil(3));
    let [lightness, a, b] = [0, 1, 2].map(|axis| {
        percentile(
            &mut colours.iter().map(|lab| lab[axis]).collect::<Vec<_>>(),
            0.5,
        )
    });
    from_lab([lightness.min(MOST_LIGHTNESS) * 0.7, a * 0.7, b * 0.7])
}

/// A faint sheen and two slanted bands of light.
fn draw_light(model: &Model<'_>, lens: &[[f32; 2]], picture: &mut RgbRaster) {
    let glass = fill_polygon(model.width(), model.height(), lens);
    lay(picture, [1.0; 3], &glass, 0.06);
    for (offset, half, amount) in [(-0.045, 0.014, 0.22), (-0.008, 0.006, 0.16)] {
        let band = reflection(model, middle(lens), [offset, half], 0.5);
        let band = gaussian_mask(&both(&band, &glass), 0.7);
        lay(picture, [1.0; 3], &band, amount);
    }
}

/// A slanted band across a lens: how far beside the lens' `centre` it lies and half its width, in face heights, and how
/// far it leans sideways over its height.
fn reflection(model: &Model<'_>, [x, y]: [f32; 2], [offset, half]: [f32; 2], slant: f32) -> Mask {
    let (size, side) = (model.face_height(), model.light_side);
    let at = |along: f32, down: f32| {
        let right = side * (offset + along - slant * down);
        [x + right * size, y + down * size]
    };
    let corners = [
        at(-half, -0.2),
        at(half, -0.2),
        at(half, 0.2),
        at(-half, 0.2),
    ];
    fill_polygon(model.width(), model.height(), &corners)
}
