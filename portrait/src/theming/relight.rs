//! Takes the photo's light off a head and casts the theme's on it; the person's skin keeps its tone.

use super::shape::Shape;
use super::skin_tone::SkinTone;
use super::surface::normalize;
use crate::colour::{luma, screen, smoothstep, to_encoded, to_light};
use crate::filter::{gaussian_mask, luma_mask, resize_mask, resize_rgb};
use crate::heads::Head;
use crate::theme::{Lamp, Light};
use crate::{Mask, Raster, Rgb, RgbRaster};

/// How much of the photo's own shading is taken off, as a power of it.
const UNSHADE: f32 = 0.55;
/// How much darker or lighter a place may become.
const RATIO: [f32; 2] = [0.48, 2.0];
/// How far light reaches round a surface that faces away from a lamp.
const WRAP: f32 = 0.30;
/// How strong rims are on hair and skin.
const RIM_ON_HAIR: f32 = 0.75;
const RIM_ON_SKIN: f32 = 0.30;
const RIM: f32 = 0.55;

/// Relights in place.
pub(super) fn relight(head: &mut Head, shape: &Shape, light: &Light, tone: &SkinTone) {
    let ratio = ratio(head, shape, light);
    head.picture.for_each_row(|y, row| {
        let small_y = shape.place(y);
        for (x, pixel) in row.iter_mut().enumerate() {
            let factor = ratio.sample(shape.place(x), small_y);
            *pixel = std::array::from_fn(|c| to_encoded(to_light(pixel[c]) * factor[c]).min(1.0));
        }
    });
    tone.keep(head, 1);
    add_rim(head, shape, light);
}

/// New light over old, at the shape's size.
fn ratio(head: &Head, shape: &Shape, light: &Light) -> RgbRaster {
    let (width, height) = (shape.normals.width(), shape.normals.height());
    let lights = resize_rgb(&head.picture, width, height).map(|pixel| luma(pixel.map(to_light)));
    let skin = resize_mask(&head.skin, width, height);
    let oval = resize_mask(&head.oval, width, height);
    let is_skin = |index: usize| skin.pixels()[index] > 0.5 && oval.pixels()[index] > 0.95;
    let faces: Vec<usize> = (0..width * height)
        .filter(|&index| is_skin(index))
        .collect();
    let old = old_shading(shape, &lights, &faces);
    let new = new_shading(shape, light, &faces);
    Raster::from_fn(width, height, |x, y| {
        let old = old.row(y)[x].powf(UNSHADE);
        new.row(y)[x].map(|value| (value / old).clamp(RATIO[0], RATIO[1]))
    })
}

/// The photo's light as a plane over normals, fitted to the skin with outliers counting less; 1 at its median.
fn old_shading(shape: &Shape, lights: &Mask, faces: &[usize]) -> Mask {
    if faces.len() < 200 {
        return lights.map(|_| 1.0);
    }
    let sample: Vec<([f32; 4], f32)> = faces
        .iter()
        .step_by((faces.len() / 4000).max(1))
        .map(|&index| {
            let [x, y, z] = shape.normals.pixels()[index];
            ([1.0, x, y, z], lights.pixels()[index])
        })
        .collect();
    let mut weights = vec![1.0; sample.len()];
    let mut plane = [0.0; 4];
    for _ in 0..4 {
        plane = least_squares(&sample, &weights);
        let errors: Vec<f32> = sample
            .iter()
            .map(|(row, value)| value - dot(row, &plane))
            .collect();
        let typical = errors.iter().map(|e| e.abs()).sum::<f32>() / errors.len() as f32 + 1e-6;
        for (weight, error) in weights.iter_mut().zip(&errors) {
            *weight = 1.0 / (1.0 + (error / typical).powi(2)).powi(2);
        }
    }
    let mut fitted: Vec<f32> = sample.iter().map(|(row, _)| dot(row, &plane)).collect();
    let middle = fitted.len() / 2;
    let median = *fitted.select_nth_unstable_by(middle, f32::total_cmp).1;
    shape
        .normals
        .map(|[x, y, z]| (dot(&[1.0, x, y, z], &plane) / median.max(1e-3)).clamp(0.45, 1.9))
}

/// The theme's light on each normal, its colour held back, 1 on the skin's median.
fn new_shading(shape: &Shape, light: &Light, faces: &[usize]) -> RgbRaster {
    let lamps: Vec<([f32; 3], Rgb)> = light
        .lamps
        .iter()
        .map(|lamp| (normalize(lamp.direction), lamp_light(lamp)))
        .collect();
    let ambient = light.ambient.0.map(|value| value * light.ambient_strength);
    let raw = shape.normals.map(|normal| {
        let mut sum = ambient;
        for (direction, colour) in &lamps {
            let facing: f32 = (0..3).map(|axis| normal[axis] * direction[axis]).sum();
            let arriving = ((facing + WRAP) / (1.0 + WRAP)).max(0.0) * 1.3;
            sum = std::array::from_fn(|c| sum[c] + colour[c] * arriving);
        }
        let grey = luma(sum);
        sum.map(|value| grey + (value - grey) * light.colour_strength)
    });
    let on_skin = median(&raw, faces);
    let neutral = luma(on_skin) * (1.0 - light.white_balance);
    let white = on_skin.map(|value| value * light.white_balance + neutral);
    raw.map(|value| std::array::from_fn(|c| (value[c] / white[c].max(1e-3)).clamp(0.30, 2.2)))
}

fn lamp_light(lamp: &Lamp) -> Rgb {
    lamp.colour.0.map(|value| to_light(value) * lamp.strength)
}

/// The median of each channel over some pixels, or the mean of all where there are few.
fn median(picture: &RgbRaster, at: &[usize]) -> Rgb {
    std::array::from_fn(|channel| {
        let mut values: Vec<f32> = if at.len() > 200 {
            at.iter()
                .map(|&index| picture.pixels()[index][channel])
                .collect()
        } else {
            picture
                .pixels()
                .iter()
                .map(|pixel| pixel[channel])
                .collect()
        };
        let middle = values.len() / 2;
        *values.select_nth_unstable_by(middle, f32::total_cmp).1
    })
}

fn dot(a: &[f32; 4], b: &[f32; 4]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Solves the weighted normal equations by elimination; a direction that nothing says anything about gets 0.
fn least_squares(sample: &[([f32; 4], f32)], weights: &[f32]) -> [f32; 4] {
    let mut system = [[0.0_f64; 5]; 4];
    for ((row, value), weight) in sample.iter().zip(weights) {
        for i in 0..4 {
            for j in 0..4 {
                system[i][j] += f64::from(weight * row[i] * row[j]);
            }
            system[i][4] += f64::from(weight * row[i] * value);
        }
    }
    for (index, row) in system.iter_mut().enumerate() {
        row[index] += 1e-6;
    }
    for pivot in 0..4 {
        for other in 0..4 {
            if other != pivot {
                let (factor, row) = (system[other][pivot] / system[pivot][pivot], system[pivot]);
                for (value, own) in system[other].iter_mut().zip(row) {
                    *value -= factor * own;
                }
            }
        }
    }
    std::array::from_fn(|index| (system[index][4] / system[index][index]) as f32)
}

/// Light from behind along the edges that face each lamp, strongest on hair.
fn add_rim(head: &mut Head, shape: &Shape, light: &Light) {
    let face_height = head.axes.face_height;
    let (width, height) = (shape.dome.width(), shape.dome.height());
    let small_alpha = resize_mask(&head.alpha, width, height);
    let solid = gaussian_mask(&small_alpha, face_height / shape.scale * 0.03);
    let rims: Vec<([f32; 2], Rgb)> = light
        .lamps
        .iter()
        .map(|lamp| {
            let [x, y, _] = lamp.direction;
            let length = x.hypot(y) + 1e-6;
            (
                [x / length, y / length],
                lamp.colour.0.map(|value| to_light(value) * lamp.rim),
            )
        })
        .collect();
    let rim = Raster::from_fn(width, height, |x, y| -> Rgb {
        let edge = 1.0 - (solid.row(y)[x] * 1.9 - 0.9).clamp(0.0, 1.0);
        let [nx, ny, _] = shape.dome.row(y)[x];
        let mut sum = [0.0; 3];
        for ([dx, dy], colour) in &rims {
            let facing = (nx * dx + ny * dy).clamp(0.0, 1.0).powf(1.5) * edge;
            sum = std::array::from_fn(|c| sum[c] + colour[c] * facing);
        }
        sum
    });
    let lumas = luma_mask(&head.picture);
    let smooth = gaussian_mask(&lumas, face_height * 0.02);
    let (axes, hair, skin) = (head.axes, &head.hair, &head.skin_everywhere);
    head.picture.for_each_row(|y, row| {
        let small_y = shape.place(y);
        for (x, pixel) in row.iter_mut().enumerate() {
            let light = rim.sample(shape.place(x), small_y);
            if light == [0.0; 3] {
                continue;
            }
            let [_, v] = axes.place([x as f32, y as f32]);
            let (hair, skin) = (hair.row(y)[x], skin.row(y)[x]);
            let strength = (RIM_ON_HAIR * hair * (1.0 - 0.6 * skin) + RIM_ON_SKIN * (1.0 - hair))
                * (1.0 - smoothstep(axes.chin + 0.1, axes.chin + 0.5, v));
            // Strands catch the light, the gaps between them do not.
            let detail = (lumas.row(y)[x] / (smooth.row(y)[x] + 0.02)).clamp(0.4, 2.2);
            *pixel = std::array::from_fn(|c| {
                let rim = light[c] * strength * detail * RIM;
                screen(
                    pixel[c],
                    to_encoded(rim * 0.6).min(1.0) * (rim * 3.0).min(1.0),
                )
            });
        }
    });
}
