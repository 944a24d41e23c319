//! Paint, gold leaf, scars and light on a face: stencils that lie in the mesh's plane and turn with the head.

use super::regions::Regions;
use crate::colour::{luma, screen, smoothstep};
use crate::filter::{ColourGuide, gaussian, gaussian_mask};
use crate::theme::{PaintKind, Stencil};
use crate::{Mask, Raster, Rgb, RgbRaster};

/// Where light falls from on gold, towards it: right, down, out of the picture; of length 1.
const GOLD_LIGHT: [f32; 3] = [0.307, -0.562, 0.768];
/// How far paint's edges reach into bare skin, in face heights.
const PAINT_EDGE: f32 = 0.006;
/// How steep a full step of a leaf's height looks.
const RELIEF: f32 = 2.7;

/// Paints one stencil and marks in `painted` what is no bare skin any more. `skin_luma` is how light this
/// person's skin is.
pub(super) fn apply(
    picture: &mut RgbRaster,
    painted: &mut Mask,
    regions: &Regions,
    stencil: &Stencil,
    skin_luma: f32,
) {
    let zone = if stencil.bridges {
        &regions.bridged
    } else {
        &regions.bare
    };
    let lips = if stencil.spares_lips { 1.0 } else { 0.0 };
    let coverage = regions.look_up(&stencil.coverage);
    let coverage = Mask::from_fn(picture.width(), picture.height(), |x, y| {
        let free = zone.row(y)[x] * (1.0 - lips * regions.lips.row(y)[x]);
        (coverage.row(y)[x] * free * stencil.opacity).clamp(0.0, 1.0)
    });
    if stencil.kind.hides_skin() {
        let wide = gaussian_mask(&coverage, regions.face_height * PAINT_EDGE);
        painted.for_each_row(|y, row| {
            for (value, covered) in row.iter_mut().zip(wide.row(y)) {
                *value = value.max((covered * 2.0).min(1.0));
            }
        });
    }
    match stencil.kind {
        PaintKind::Pigment => pigment(picture, &coverage, stencil.colour.0, skin_luma),
        PaintKind::Stain => stain(picture, &coverage, stencil.colour.0),
        PaintKind::Scar => scar(picture, &coverage, stencil.colour.0),
        PaintKind::Sheen => sheen(picture, &coverage, stencil.colour.0, skin_luma),
        PaintKind::Glow => glow(picture, &coverage, stencil.colour.0, skin_luma, regions),
        PaintKind::Leaf => leaf(picture, &coverage, stencil, skin_luma, regions),
    }
}

impl Regions {
    /// A stencil as it lies on the face.
    fn look_up(&self, stencil: &Raster<u8>) -> Mask {
        let (width, height) = (stencil.width() as f32, stencil.height() as f32);
        Mask::from_fn(self.window.width, self.window.height, |x, y| {
            if self.surface.covered.row(y)[x] < 0.5 {
                return 0.0;
            }
            let [u, v] = self.surface.uv.row(y)[x];
            stencil.sample(u * width - 0.5, v * height - 0.5)
        })
    }
}

/// Opaque paint that keeps the skin's shading and texture.
fn pigment(picture: &mut RgbRaster, coverage: &Mask, colour: Rgb, skin_luma: f32) {
    change(picture, coverage, |pixel, amount| {
        let shading = (luma(pixel) / skin_luma.max(0.05))
            .clamp(0.25, 1.9)
            .powf(1.1);
        std::array::from_fn(|c| {
            pixel[c] + ((colour[c] * shading).clamp(0.0, 1.0) - pixel[c]) * amount
        })
    });
}

/// A glaze: dirt, flushed skin.
fn stain(picture: &mut RgbRaster, coverage: &Mask, colour: Rgb) {
    change(picture, coverage, |pixel, amount| {
        std::array::from_fn(|c| pixel[c] * (1.0 - amount * (1.0 - colour[c])))
    });
}

/// Smooth, lighter skin.
fn scar(picture: &mut RgbRaster, coverage: &Mask, colour: Rgb) {
    change(picture, coverage, |pixel, amount| {
        std::array::from_fn(|c| {
            pixel[c] + ((pixel[c] * 1.18 + colour[c]).min(1.0) - pixel[c]) * amount
        })
    });
}

/// Powder that shines where light falls.
fn sheen(picture: &mut RgbRaster, coverage: &Mask, colour: Rgb, skin_luma: f32) {
    change(picture, coverage, |pixel, amount| {
        let light = (luma(pixel) / skin_luma.max(0.05)).clamp(0.3, 1.3) * amount;
        std::array::from_fn(|c| screen(pixel[c], colour[c] * light))
    });
}

/// Signs that shine by themselves, with light on the skin round them.
fn glow(picture: &mut RgbRaster, coverage: &Mask, colour: Rgb, skin_luma: f32, regions: &Regions) {
    let near = gaussian_mask(coverage, regions.face_height * 0.012);
    let far = gaussian_mask(coverage, regions.face_height * 0.04);
    let core_colour = colour.map(|value| value + (1.0 - value) * 0.7);
    picture.for_each_row(|y, row| {
        for (x, pixel) in row.iter_mut().enumerate() {
            let halo = near.row(y)[x] * 0.9 + far.row(y)[x] * 1.3;
            if halo < 1e-3 {
                continue;
            }
            let core = coverage.row(y)[x] * 0.9;
            *pixel = std::array::from_fn(|c| {
                let albedo = (pixel[c] / skin_luma.max(0.05)).clamp(0.3, 1.6);
                let lit = pixel[c] + albedo * colour[c] * halo * 0.27;
                let bloomed = screen(lit.min(1.0), colour[c] * halo * 0.30);
                bloomed + (core_colour[c] - bloomed) * core
            });
        }
    });
}

/// Metal leaf, embossed, its light that of the face below it.
fn leaf(
    picture: &mut RgbRaster,
    coverage: &Mask,
    stencil: &Stencil,
    skin_luma: f32,
    regions: &Regions,
) {
    let (colour, height) = (stencil.colour.0, regions.look_up(&stencil.relief));
    let shadow = gaussian_mask(coverage, regions.face_height * 0.004);
    let steepness = RELIEF * regions.face_height / 400.0;
    picture.for_each_row(|y, row| {
        for (x, pixel) in row.iter_mut().enumerate() {
            let amount = coverage.row(y)[x];
            let edge = (shadow.row(y)[x] - amount).clamp(0.0, 1.0);
            if amount < 1e-3 && edge < 1e-3 {
                continue;
            }
            let (ix, iy) = (x as isize, y as isize);
            let across = height.at_clamped(ix + 1, iy) - height.at_clamped(ix - 1, iy);
            let down = height.at_clamped(ix, iy + 1) - height.at_clamped(ix, iy - 1);
            let normal = regions.surface.normals.row(y)[x];
            let normal = super::surface::normalize([
                normal[0] - across * steepness,
                normal[1] - down * steepness,
                normal[2],
            ]);
            let facing: f32 = (0..3).map(|axis| normal[axis] * GOLD_LIGHT[axis]).sum();
            let facing = facing.clamp(0.0, 1.0);
            let shine = 0.60 + 0.38 * facing.powi(2) + facing.powi(12);
            let light = 0.70 + 0.30 * (luma(*pixel) / skin_luma.max(0.05)).clamp(0.3, 1.5);
            *pixel = std::array::from_fn(|c| {
                let skin = pixel[c] * (1.0 - 0.5 * edge);
                skin + ((colour[c] * shine * light).clamp(0.0, 1.0) - skin) * amount
            });
        }
    });
}

fn change(picture: &mut RgbRaster, coverage: &Mask, paint: impl Fn(Rgb, f32) -> Rgb + Sync + Send) {
    picture.for_each_row(|y, row| {
        for (pixel, &amount) in row.iter_mut().zip(coverage.row(y)) {
            if amount > 1e-3 {
                *pixel = paint(*pixel, amount).map(|value| value.clamp(0.0, 1.0));
            }
        }
    });
}

/// Evens skin out as polished stone is, and lets its lights shine.
pub(super) fn polish(
    picture: &mut RgbRaster,
    regions: &Regions,
    smoothing: f32,
    shine: f32,
    skin_luma: f32,
) {
    let radius = (regions.face_height * 0.03).max(3.0) as usize;
    let planes: [Mask; 3] = {
        let guide = ColourGuide::of(picture, radius, 6e-3);
        std::array::from_fn(|c| guide.filter(&picture.map(|pixel| pixel[c])))
    };
    let blurred = gaussian(picture, regions.face_height * 0.006);
    picture.for_each_row(|y, row| {
        for (x, pixel) in row.iter_mut().enumerate() {
            let skin = regions.skin.row(y)[x] * regions.face.row(y)[x];
            let soft =
                skin * (1.0 - regions.eyes.row(y)[x]) * (1.0 - regions.lips.row(y)[x]) * smoothing;
            let light = smoothstep(skin_luma * 1.08, skin_luma * 1.55, luma(*pixel)) * skin * shine;
            *pixel = std::array::from_fn(|c| {
                // A quarter of the pores stays.
                let pores = 0.25 * (pixel[c] - blurred.row(y)[x][c]);
                let even = planes[c].row(y)[x] + pores;
                screen((pixel[c] + (even - pixel[c]) * soft).clamp(0.0, 1.0), light)
            });
        }
    });
}
