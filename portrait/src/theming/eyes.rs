//! Clearer eyes: light in the irises, a catch light, and a glow where a theme wants one.

use super::regions::Regions;
use crate::colour::{screen, smoothstep};
use crate::drawing::fill_polygon;
use crate::filter::gaussian_mask;
use crate::heads::Head;
use crate::mesh_regions::{LEFT_EYE, LEFT_IRIS, RIGHT_EYE, RIGHT_IRIS};
use crate::theme::EyeLight;
use crate::{Mask, RgbRaster};

/// Brightens the irises in place, unless dark glasses hide them.
pub(super) fn light(picture: &mut RgbRaster, regions: &Regions, head: &Head, recipe: &EyeLight) {
    if regions.dark_glasses {
        return;
    }
    let mut irises = Mask::filled(picture.width(), picture.height(), 0.0);
    for (iris, outline) in [(LEFT_IRIS, &LEFT_EYE), (RIGHT_IRIS, &RIGHT_EYE)] {
        let eye = Eye::of(regions, head, iris, outline);
        eye.light(picture, &mut irises, recipe);
    }
    if recipe.glow > 0.0 {
        add_glow(picture, &irises, regions.face_height, recipe);
    }
}

struct Eye {
    opening: Mask,
    centre: [f32; 2],
    radius: f32,
}

impl Eye {
    fn of(regions: &Regions, head: &Head, iris: usize, outline: &[usize]) -> Self {
        let window = regions.window;
        let corners: Vec<[f32; 2]> = head
            .landmarks
            .all_at(outline)
            .into_iter()
            .map(|point| window.place(point))
            .collect();
        let opening = fill_polygon(window.width, window.height, &corners);
        let centre = window.place(head.landmarks.at(iris));
        let rim = (iris + 1..iris + 5).map(|point| {
            let [x, y] = window.place(head.landmarks.at(point));
            (x - centre[0]).hypot(y - centre[1])
        });
        Self {
            opening: gaussian_mask(&opening, regions.face_height * 0.003),
            centre,
            radius: (rim.sum::<f32>() / 4.0).max(1.0),
        }
    }

    fn light(&self, picture: &mut RgbRaster, irises: &mut Mask, recipe: &EyeLight) {
        let ([centre_x, centre_y], radius) = (self.centre, self.radius);
        let colour = recipe.colour.0;
        let iris_at = |x: f32, y: f32| {
            let (dx, dy) = ((x - centre_x) / radius, (y - centre_y) / radius);
            (dx.hypot(dy), dy)
        };
        picture.for_each_row(|y, row| {
            for (x, pixel) in row.iter_mut().enumerate() {
                let opening = self.opening.row(y)[x];
                let (away, down) = iris_at(x as f32, y as f32);
                if opening < 1e-3 || away > 1.6 {
                    continue;
                }
                let iris = (1.0 - smoothstep(0.85, 1.05, away)) * opening;
                let ring =
                    iris * smoothstep(0.35, 0.6, away) * (1.0 - 0.35 * smoothstep(0.75, 1.0, away));
                // Light that enters above leaves below.
                let low = 0.6 + 0.6 * smoothstep(-0.4, 0.9, down);
                let lit = pixel_screen(*pixel, colour, ring * low * recipe.strength);
                let (hx, hy) = (
                    x as f32 - centre_x + radius * 0.32,
                    y as f32 - centre_y + radius * 0.38,
                );
                let spot = (-0.5 * (hx * hx + hy * hy) / (radius * 0.16).powi(2)).exp();
                let catch = spot * opening * 0.6;
                *pixel = lit.map(|value| value * (1.0 - catch) + 0.97 * catch);
            }
        });
        irises.for_each_row(|y, row| {
            for (x, value) in row.iter_mut().enumerate() {
                let (away, _) = iris_at(x as f32, y as f32);
                let iris = (1.0 - smoothstep(0.85, 1.05, away)) * self.opening.row(y)[x];
                *value = value.max(iris);
            }
        });
    }
}

fn pixel_screen(pixel: crate::Rgb, colour: crate::Rgb, amount: f32) -> crate::Rgb {
    std::array::from_fn(|c| screen(pixel[c], colour[c] * amount))
}

fn add_glow(picture: &mut RgbRaster, irises: &Mask, face_height: f32, recipe: &EyeLight) {
    let near = gaussian_mask(irises, face_height * 0.02);
    let far = gaussian_mask(irises, face_height * 0.06);
    picture.for_each_row(|y, row| {
        for (x, pixel) in row.iter_mut().enumerate() {
            let halo = (near.row(y)[x] * 0.8 + far.row(y)[x] * 0.5) * recipe.glow;
            if halo > 1e-3 {
                *pixel = pixel_screen(*pixel, recipe.colour.0, halo);
            }
        }
    });
}
