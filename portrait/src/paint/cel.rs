//! Cel animation: people redrawn flat by the cel network, shaded in steps, outlined in ink.

use super::{coverage, sampled};
use crate::colour::{luma, mix, mix_rgb, saturate, smoothstep};
use crate::compose::Composite;
use crate::filter::{box_blur_mask, guided_filter, luma_mask, resize_rgb, soft};
use crate::models::CelPainter;
use crate::theme::CelBrush;
use crate::{Device, Mask, PortraitSize, RenderError, Rgb, RgbRaster};

/// Ink and tones are worked out at half the full size: both are several pixels wide in any case.
const DESK_WIDTH: usize = 1200;

/// Narrowest and widest drawing in pixels: less loses the scene, more costs seconds (1 s at 288).
const DRAWING_WIDTHS: [usize; 2] = [96, 320];
const DRAWING_STEP: usize = 32;

pub(super) fn paint(
    network: &CelPainter,
    composite: &Composite,
    brush: &CelBrush,
) -> Result<RgbRaster, RenderError> {
    if composite
        .photographed
        .pixels()
        .iter()
        .all(|&amount| amount < 0.01)
    {
        // Everything is drawn already.
        return Ok(composite.picture.clone());
    }
    let (full_width, full_height) = (composite.picture.width(), composite.picture.height());
    let width = drawing_width(brush, composite.face_height, full_width);
    let height = width * full_height / full_width;
    let drawing = network.run(&resize_rgb(&composite.picture, width, height))?;
    let desk = Desk::lay_out(&drawing, composite);
    let mut picture = resize_rgb(&drawing, full_width, full_height);
    picture.for_each_row(|y, row| {
        let (own_row, people_row) = (composite.picture.row(y), composite.photographed.row(y));
        let (soft_y, desk_y) = (soft(y), desk.place(y));
        for (x, pixel) in row.iter_mut().enumerate() {
            let (own, people) = (own_row[x], people_row[x]);
            let face = composite.faces.sample(soft(x), soft_y);
            let amount = coverage(&brush.cover, people, face);
            if amount <= 0.0 {
                *pixel = own;
                continue;
            }
            let desk_x = desk.place(x);
            // Hard steps would swallow the whites of eyes and teeth.
            let hardness = brush.tone_hardness * (1.0 - 0.4 * face);
            let light = desk.light.sample(desk_x, desk_y);
            let toned = saturate(
                step_tones(*pixel, light, brush.tones, hardness),
                brush.saturation,
            );
            let line = smoothstep(0.25, 0.75, desk.ink.sample(desk_x, desk_y));
            let inked = mix_rgb(toned, brush.ink.0, line * brush.ink_strength);
            let own_light = luma(own) - luma(inked);
            let kept = inked.map(|value| value + own_light * brush.cover.keep_luma);
            *pixel = mix_rgb(own, kept, amount).map(|value| value.clamp(0.0, 1.0));
        }
    });
    Ok(picture)
}

/// The width at which the tallest face has the brush's height, in steps that keep a GPU's memory flat.
fn drawing_width(brush: &CelBrush, face_height: f32, full_width: usize) -> usize {
    let [narrowest, widest] = drawing_widths(full_width);
    let ideal = full_width as f32 * brush.face_pixels / face_height.max(1.0);
    let steps = (ideal / DRAWING_STEP as f32).round() as usize;
    (steps * DRAWING_STEP).clamp(narrowest, widest)
}

/// The narrowest and widest drawing for portraits of this width.
fn drawing_widths(full_width: usize) -> [usize; 2] {
    let [narrowest, widest] = DRAWING_WIDTHS;
    // The network enlarges four times: more than the portrait's own pixels would be lost again.
    let enough = full_width.div_ceil(4 * DRAWING_STEP) * DRAWING_STEP;
    [narrowest, enough.clamp(narrowest, widest)]
}

/// Runs the network at every size that it may draw at. A processor is as fast the first time as the second; one
/// small run shows that it works there.
pub(super) fn warm_up(
    network: &CelPainter,
    size: PortraitSize,
    device: Device,
) -> Result<(), RenderError> {
    let [narrowest, widest] = drawing_widths(size.width());
    let widest = if device == Device::Cpu {
        narrowest
    } else {
        widest
    };
    for width in (narrowest..=widest).step_by(DRAWING_STEP) {
        let height = width * size.height() / size.width();
        network.run(&RgbRaster::filled(width, height, [0.5; 3]))?;
    }
    Ok(())
}

/// What is worked out from the drawing before the picture is coloured.
struct Desk {
    /// How many times smaller than the portrait it is.
    scale: f32,
    /// Luma with small texture smoothed away and edges kept, so that tones form clean shapes.
    light: Mask,
    /// How much ink lies at a place, 0 to 1.
    ink: Mask,
}

impl Desk {
    fn lay_out(drawing: &RgbRaster, composite: &Composite) -> Self {
        let (full_width, full_height) = (composite.picture.width(), composite.picture.height());
        let width = full_width.min(DESK_WIDTH);
        let height = width * full_height / full_width;
        let scale = full_width as f32 / width as f32;
        let luma = luma_mask(&resize_rgb(drawing, width, height));
        let face_height = composite.face_height / scale;
        let radius = (face_height * 0.02).clamp(2.0, 16.0) as usize;
        Self {
            scale,
            light: guided_filter(&luma, &luma, radius, 0.004),
            ink: draw_ink(
                &luma,
                &sampled(&composite.people, width, height),
                face_height,
            ),
        }
    }

    /// A portrait pixel's centre on the desk.
    fn place(&self, position: usize) -> f32 {
        (position as f32 + 0.5) / self.scale - 0.5
    }
}

/// The pixel's light, moved towards the nearest of a few tones; the steps between them are narrow.
fn step_tones(pixel: Rgb, light: f32, tones: u32, hardness: f32) -> Rgb {
    let light = light.max(0.01);
    let tones = tones as f32;
    let position = light * tones - 0.5;
    let step = position.floor();
    let toned = ((step + smoothstep(0.40, 0.60, position - step) + 0.5) / tones).max(0.0);
    let gain = mix(1.0, toned / light, hardness);
    pixel.map(|value| value * gain)
}

/// Ink where the drawing darkens suddenly, and along the guests' outline.
///
/// An extended difference of Gaussians (Winnemoeller, Kyprianidis, Olsen 2012), its threshold hard
/// enough that a line is a line and not a smudge.
fn draw_ink(luma: &Mask, people: &Mask, face_height: f32) -> Mask {
    const SHARPNESS: f32 = 18.0;
    const THRESHOLD: f32 = 0.012;
    let line_width = (face_height * 0.006).clamp(1.0, 4.0);
    let fine = blur(luma, line_width);
    let coarse = blur(luma, line_width * 2.2);
    let inside = blur(people, line_width);
    Mask::from_fn(luma.width(), luma.height(), |x, y| {
        let difference = coarse.row(y)[x] - fine.row(y)[x] - THRESHOLD;
        let feature = (difference * SHARPNESS).clamp(0.0, 1.0);
        // A band where the blurred matte is almost solid: inside the soft edge of hair.
        let outline = 1.0 - ((inside.row(y)[x] - 0.82).abs() * 6.0).min(1.0);
        feature.max(outline * 0.75)
    })
}

/// Two box passes: close enough to a Gaussian of this standard deviation.
fn blur(mask: &Mask, sigma: f32) -> Mask {
    let radius = (sigma * 1.2).round().max(1.0) as usize;
    box_blur_mask(&box_blur_mask(mask, radius), radius)
}
