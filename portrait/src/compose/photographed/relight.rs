//! Moves the guests from the photo's light into the backdrop's: exposure, ambient colour, key light, rim.
//!
//! Shape comes from the matte alone, blown up like a balloon: crude, but smooth, and it has no seams
//! between face, hair and clothes as a face-only normal map would.

use crate::colour::{luma, mix, to_encoded, to_light};
use crate::filter::box_blur_mask;
use crate::theme::{Lamp, Light};
use crate::{Mask, Raster, Rgb, RgbRaster};

/// Exposure may change at most by this factor: beyond it noise and clipped highlights show.
const EXPOSURE_LIMIT: f32 = 1.7;

/// The foreground in the backdrop's light, at the photo's resolution.
///
/// `face_height` is in photo pixels and sets the size of the shapes that catch the light.
pub(crate) fn relight(
    foreground: &RgbRaster,
    alpha: &Mask,
    face_height: f32,
    light: &Light,
) -> RgbRaster {
    let gain = exposure_gain(foreground, alpha, light);
    let lamps: Vec<Source> = light.lamps.iter().map(Source::new).collect();
    let ambient = light
        .ambient
        .tint()
        .map(|tint| mix(1.0, tint, light.ambient_strength));
    let normals = balloon_normals(alpha, face_height);
    let solidity = box_blur_mask(alpha, radius(face_height, 0.06));

    let mut lit = foreground.clone();
    lit.for_each_row(|y, row| {
        let (normal_row, solidity_row) = (normals.row(y), solidity.row(y));
        for (x, pixel) in row.iter_mut().enumerate() {
            let arriving = arriving_light(&lamps, ambient, normal_row[x], solidity_row[x]);
            let own = pixel.map(to_light);
            // A rim also shows on black cloth, so it does not depend on the surface alone.
            let sheen = 0.06 + luma(own);
            *pixel = std::array::from_fn(|channel| {
                let reflected = own[channel] * arriving.diffuse[channel] * gain;
                to_encoded(soften_highlight(reflected + arriving.rim[channel] * sheen))
            });
        }
    });
    lit
}

/// A lamp made ready for arithmetic.
struct Source {
    direction: [f32; 3],
    tint: Rgb,
    strength: f32,
    rim: f32,
}

impl Source {
    fn new(lamp: &Lamp) -> Self {
        Self {
            direction: normalize(lamp.direction),
            tint: lamp.colour.tint(),
            strength: lamp.strength,
            rim: lamp.rim,
        }
    }
}

/// The light that reaches one pixel, 1 being as photographed.
struct Arriving {
    diffuse: Rgb,
    rim: Rgb,
}

fn arriving_light(lamps: &[Source], ambient: Rgb, normal: [f32; 3], solidity: f32) -> Arriving {
    let taken: f32 = lamps.iter().map(|lamp| lamp.strength).sum();
    // Lamps replace at most three quarters of the photo's own light: its modelling of the face stays.
    let mut diffuse = ambient.map(|value| value * (1.0 - taken * 0.5).max(0.25));
    let mut rim = [0.0; 3];
    for lamp in lamps {
        // Half Lambert: soft, never fully dark on the far side.
        let facing = dot(normal, lamp.direction) * 0.5 + 0.5;
        let edge = rim_light(normal, lamp.direction, solidity) * lamp.rim;
        for channel in 0..3 {
            diffuse[channel] += lamp.tint[channel] * lamp.strength * facing * facing;
            rim[channel] += lamp.tint[channel] * edge;
        }
    }
    Arriving { diffuse, rim }
}

/// Rolls light above 0.8 off towards 1 instead of clipping it.
fn soften_highlight(light: f32) -> f32 {
    const KNEE: f32 = 0.8;
    if light <= KNEE {
        return light;
    }
    let over = (light - KNEE) / (1.0 - KNEE);
    KNEE + (1.0 - KNEE) * over / (1.0 + over)
}

fn exposure_gain(foreground: &RgbRaster, alpha: &Mask, light: &Light) -> f32 {
    let (mut sum, mut weight) = (0.0_f64, 0.0_f64);
    for (pixel, &a) in foreground.pixels().iter().zip(alpha.pixels()).step_by(7) {
        sum += f64::from(luma(*pixel) * a);
        weight += f64::from(a);
    }
    let mean = (sum / weight.max(1.0)).max(0.02) as f32;
    let wanted = to_light(light.exposure) / to_light(mean);
    wanted
        .powf(light.exposure_strength)
        .clamp(1.0 / EXPOSURE_LIMIT, EXPOSURE_LIMIT)
}

/// Light that comes from behind and catches the edge: strongest where the matte ends towards the light.
fn rim_light(normal: [f32; 3], direction: [f32; 3], solidity: f32) -> f32 {
    let sideways = (normal[0] * direction[0] + normal[1] * direction[1]).max(0.0);
    let edge = ((1.0 - solidity) * 1.6).clamp(0.0, 1.0);
    sideways * edge
}

/// Unit normals (right, down, towards the viewer) of a balloon that fills the matte.
fn balloon_normals(alpha: &Mask, face_height: f32) -> Raster<[f32; 3]> {
    let wide = box_blur_mask(
        &box_blur_mask(alpha, radius(face_height, 0.30)),
        radius(face_height, 0.30),
    );
    let narrow = box_blur_mask(
        &box_blur_mask(alpha, radius(face_height, 0.10)),
        radius(face_height, 0.10),
    );
    let height_at =
        |x: isize, y: isize| wide.at_clamped(x, y) * 0.75 + narrow.at_clamped(x, y) * 0.25;
    // A slope of 1 over half a face is 45 degrees.
    let steepness = face_height * 0.55;
    Raster::from_fn(alpha.width(), alpha.height(), |x, y| {
        let (x, y) = (x as isize, y as isize);
        let dx = (height_at(x + 1, y) - height_at(x - 1, y)) * 0.5 * steepness;
        let dy = (height_at(x, y + 1) - height_at(x, y - 1)) * 0.5 * steepness;
        normalize([-dx, -dy, 0.6])
    })
}

fn radius(face_height: f32, share: f32) -> usize {
    (face_height * share).max(1.0) as usize
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn normalize(vector: [f32; 3]) -> [f32; 3] {
    let length = dot(vector, vector).sqrt().max(1e-6);
    vector.map(|value| value / length)
}
