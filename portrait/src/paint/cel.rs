//! Cel animation: people redrawn flat by the cel network, shaded in steps, outlined in ink.

use super::coverage;
use super::region::{LEAST_COVER, Region, SHORTEST, STEP};
use crate::colour::{luma, mix, mix_rgb, saturate, smoothstep};
use crate::compose::Composite;
use crate::filter::{box_blur_mask, guided_filter, luma_mask, resize_mask, resize_rgb, soft};
use crate::models::CelPainter;
use crate::theme::CelBrush;
use crate::{Device, Mask, RenderError, Rgb, RgbRaster};

/// Ink and tones are worked out at half the full size: both are several pixels wide in any case.
const DESK_WIDTH: usize = 1200;
/// Sides of drawings that a GPU is prepared for.
const COMMON_SIDES: [usize; 3] = [128, 192, 320];

pub(super) fn paint(
    network: &CelPainter,
    composite: &Composite,
    brush: &CelBrush,
) -> Result<RgbRaster, RenderError> {
    let full = &composite.picture;
    let everything;
    let painted = if brush.cover.world > 0.0 {
        everything = Mask::filled(full.width(), full.height(), 1.0);
        &everything
    } else {
        &composite.photographed
    };
    let Some(region) = Region::around(painted, composite.face_height, brush.face_pixels) else {
        return Ok(full.clone());
    };
    let window = region.window;
    let drawing = network.run(&resize_rgb(&full.crop(window), region.width, region.height))?;
    let desk_scale = (full.width() as f32 / DESK_WIDTH as f32).max(1.0);
    let desk = Desk::lay_out(&drawing, composite, &region, desk_scale);
    let drawing = resize_rgb(&drawing, window.width, window.height);
    let mut picture = full.clone();
    picture.for_each_row(|y, row| {
        let Some(line) = y
            .checked_sub(window.top)
            .filter(|&line| line < window.height)
        else {
            return;
        };
        let (photographed, soft_y) = (composite.photographed.row(y), soft(y));
        for (column, &drawn) in drawing.row(line).iter().enumerate() {
            let x = window.left + column;
            let face = composite.faces.sample(soft(x), soft_y);
            let amount = coverage(&brush.cover, photographed[x], face);
            if amount >= LEAST_COVER {
                let painted = desk.ink_and_tone(drawn, [column, line], face, brush);
                let own_light = luma(row[x]) - luma(painted);
                let kept = painted.map(|value| value + own_light * brush.cover.keep_luma);
                row[x] = mix_rgb(row[x], kept, amount).map(|value| value.clamp(0.0, 1.0));
            }
        }
    });
    Ok(picture)
}

/// Runs the network at sizes that it draws at. A processor is as fast the first time as the second; one small run shows
/// that it works there.
pub(super) fn warm_up(network: &CelPainter, device: Device) -> Result<(), RenderError> {
    let sides: &[usize] = if device == Device::Cpu {
        &[SHORTEST]
    } else {
        &COMMON_SIDES
    };
    for &side in sides {
        network.run(&RgbRaster::filled(side, side + STEP, [0.5; 3]))?;
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
    fn lay_out(drawing: &RgbRaster, composite: &Composite, region: &Region, scale: f32) -> Self {
        let window = region.window;
        let [width, height] =
            [window.width, window.height].map(|side| ((side as f32 / scale) as usize).max(1));
        let luma = luma_mask(&resize_rgb(drawing, width, height));
        let people = resize_mask(&composite.people.crop(window), width, height);
        let face_height = composite.face_height / scale;
        let radius = (face_height * 0.02).clamp(2.0, 16.0) as usize;
        Self {
            scale,
            light: guided_filter(&luma, &luma, radius, 0.004),
            ink: draw_ink(&luma, &people, face_height),
        }
    }

    /// A drawn colour in steps of tone, with ink on it; the pixel is the region's.
    fn ink_and_tone(&self, drawn: Rgb, pixel: [usize; 2], face: f32, brush: &CelBrush) -> Rgb {
        let [x, y] = pixel.map(|position| (position as f32 + 0.5) / self.scale - 0.5);
        // Hard steps would swallow the whites of eyes and teeth.
        let hardness = brush.tone_hardness * (1.0 - 0.4 * face);
        let light = self.light.sample(x, y);
        let toned = saturate(
            step_tones(drawn, light, brush.tones, hardness),
            brush.saturation,
        );
        let line = smoothstep(0.25, 0.75, self.ink.sample(x, y));
        mix_rgb(toned, brush.ink.0, line * brush.ink_strength)
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
