//! Painterly strokes: the 26-style network over a small copy, its change carried up to full size.

use super::{coverage, sampled};
use crate::colour::{luma, mix, mix_rgb};
use crate::compose::Composite;
use crate::filter::{resize_change, resize_mask, resize_rgb};
use crate::models::{MultiStyle, STYLES};
use crate::theme::StyleBrush;
use crate::{PortraitSize, RenderError, Rgb, RgbRaster};

/// The largest size at which the network paints: 768 is where its strokes stop destroying faces, and one
/// fixed size keeps a GPU's memory flat.
const CANVAS_WIDTH: usize = 768;
const CANVAS_HEIGHT: usize = 1024;

pub(super) fn paint(
    network: &MultiStyle,
    composite: &Composite,
    brush: &StyleBrush,
) -> Result<RgbRaster, RenderError> {
    let picture = &composite.picture;
    let (width, height) = canvas(picture.width(), picture.height());
    let small = resize_rgb(picture, width, height);
    let painting = network.run(&small, &weights(brush))?;
    let change = blend_change(&small, &painting, composite, brush);
    Ok(carry_up(composite, &small, change, brush.detail))
}

/// How large a portrait of this width and height is painted.
fn canvas(width: usize, height: usize) -> (usize, usize) {
    (width.min(CANVAS_WIDTH), height.min(CANVAS_HEIGHT))
}

/// Runs the network once at the size at which it paints portraits of this size.
pub(super) fn warm_up(network: &MultiStyle, size: PortraitSize) -> Result<(), RenderError> {
    let (width, height) = canvas(size.width(), size.height());
    let grey = RgbRaster::filled(width, height, [0.5; 3]);
    network.run(&grey, &[1.0 / STYLES as f32; STYLES])?;
    Ok(())
}

/// Shares of a recipe as the network's 26 weights, summing to 1.
fn weights(brush: &StyleBrush) -> [f32; STYLES] {
    let mut weights = [0.0; STYLES];
    for (number, share) in &brush.styles {
        // The catalogue has checked the numbers.
        if let Some(weight) = number.parse().ok().and_then(|n: usize| weights.get_mut(n)) {
            *weight = *share;
        }
    }
    let sum: f32 = weights.iter().sum();
    weights.map(|weight| weight / sum.max(f32::EPSILON))
}

/// What the painting changes, weighted by where it should show.
fn blend_change(
    small: &RgbRaster,
    painting: &RgbRaster,
    composite: &Composite,
    brush: &StyleBrush,
) -> RgbRaster {
    let people = resize_mask(&composite.people, small.width(), small.height());
    let faces = sampled(&composite.faces, small.width(), small.height());
    let mut change = small.clone();
    change.for_each_row(|y, row| {
        for (x, pixel) in row.iter_mut().enumerate() {
            let guest = people.row(y)[x];
            let face = faces.row(y)[x] * guest;
            let painted = keep_likeness(painting.row(y)[x], *pixel, guest, brush);
            let amount = coverage(&brush.cover, guest, face);
            *pixel = std::array::from_fn(|c| (painted[c] - pixel[c]) * amount);
        }
    });
    change
}

/// The painted pixel with part of the guest's own luma, and the recipe's share of the painting's colour.
fn keep_likeness(painted: Rgb, own: Rgb, guest: f32, brush: &StyleBrush) -> Rgb {
    let painted_luma = luma(painted);
    let own_luma = luma(own);
    let wanted = mix(painted_luma, own_luma, brush.cover.keep_luma * guest);
    // The own colours at the wanted lightness: what a glaze of pure shading would give.
    let shaded = own.map(|value| value + wanted - own_luma);
    let coloured = painted.map(|value| value + wanted - painted_luma);
    mix_rgb(shaded, coloured, brush.colour)
}

/// Enlarges the change and adds it to the composite, with `detail` of what the small copy had lost.
fn carry_up(
    composite: &Composite,
    small: &RgbRaster,
    mut change: RgbRaster,
    detail: f32,
) -> RgbRaster {
    let lost = 1.0 - detail;
    // picture - lost * (picture - up(small)) + up(change): one enlargement carries both.
    change.for_each_row(|y, row| {
        for (pixel, own) in row.iter_mut().zip(small.row(y)) {
            *pixel = std::array::from_fn(|c| pixel[c] + lost * own[c]);
        }
    });
    let mut picture = resize_change(
        &change,
        composite.picture.width(),
        composite.picture.height(),
    );
    picture.for_each_row(|y, row| {
        for (pixel, own) in row.iter_mut().zip(composite.picture.row(y)) {
            *pixel = std::array::from_fn(|c| (pixel[c] + detail * own[c]).clamp(0.0, 1.0));
        }
    });
    picture
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Mask;

    #[test]
    fn a_painting_darkens_as_much_as_it_brightens() {
        let composite = Composite {
            picture: RgbRaster::filled(240, 320, [0.6; 3]),
            people: Mask::filled(240, 320, 1.0),
            photographed: Mask::filled(240, 320, 1.0),
            faces: Mask::filled(40, 53, 0.0),
            features: Mask::filled(80, 106, 0.0),
            face_height: 60.0,
        };
        let small = RgbRaster::filled(120, 160, [0.6; 3]);
        for (by, detail) in [(-0.4, 0.9), (0.3, 0.9), (-0.4, 0.2)] {
            let change = RgbRaster::filled(120, 160, [by; 3]);
            let painted = carry_up(&composite, &small, change, detail).row(160)[120][0];
            assert!(
                (painted - 0.6 - by).abs() < 1e-3,
                "{by} became {}",
                painted - 0.6
            );
        }
    }
}
