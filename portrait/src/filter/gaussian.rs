//! Gaussian blurs: exact for small radii, three box blurs for large ones.

use super::blur::box_blur;
use crate::{Mask, Raster};
use bytemuck::{Pod, cast_slice, cast_vec};
use rayon::prelude::*;

/// From this standard deviation on three box blurs are cheaper than the kernel and look the same.
const BOXES_FROM: f32 = 2.5;

/// The mask blurred with this standard deviation, in pixels; beyond the edge the edge pixel is repeated.
pub(crate) fn gaussian_mask(mask: &Mask, sigma: f32) -> Mask {
    let (width, height) = (mask.width(), mask.height());
    let pixels: &[[f32; 1]] = cast_slice(mask.pixels());
    let raster = Raster::from_pixels(width, height, pixels.to_vec());
    let blurred = gaussian(&raster, sigma).into_pixels();
    Mask::from_pixels(width, height, cast_vec(blurred))
}

/// [`gaussian_mask`] on each of `N` channels.
pub(crate) fn gaussian<const N: usize>(raster: &Raster<[f32; N]>, sigma: f32) -> Raster<[f32; N]>
where
    [f32; N]: Pod + Default,
{
    if sigma < 0.2 {
        return raster.clone();
    }
    if sigma < BOXES_FROM {
        return convolve(raster, &kernel(sigma));
    }
    let [first, second, third] = box_radii(sigma);
    box_blur(&box_blur(&box_blur(raster, first), second), third)
}

/// Radii of three boxes whose variances add up to that of the Gaussian.
fn box_radii(sigma: f32) -> [usize; 3] {
    let variance = sigma * sigma * 12.0;
    let ideal = (variance / 3.0 + 1.0).sqrt();
    let mut low = ideal.floor() as i32;
    if low % 2 == 0 {
        low -= 1;
    }
    let low = low.max(1) as f32;
    let narrow = (variance - 3.0 * low * low - 12.0 * low - 9.0) / (-4.0 * low - 4.0);
    let narrow = narrow.round().clamp(0.0, 3.0) as usize;
    std::array::from_fn(|index| {
        let width = if index < narrow { low } else { low + 2.0 };
        (width as usize - 1) / 2
    })
}

/// Half of a symmetric kernel, from its centre outwards; the whole sums to 1.
fn kernel(sigma: f32) -> Vec<f32> {
    let reach = (sigma * 3.0).ceil() as usize;
    let mut half: Vec<f32> = (0..=reach)
        .map(|step| (-0.5 * (step as f32 / sigma).powi(2)).exp())
        .collect();
    let sum = 2.0 * half.iter().sum::<f32>() - half[0];
    half.iter_mut().for_each(|weight| *weight /= sum);
    half
}

fn convolve<const N: usize>(raster: &Raster<[f32; N]>, half: &[f32]) -> Raster<[f32; N]>
where
    [f32; N]: Pod + Default,
{
    let (width, height) = (raster.width(), raster.height());
    let mut across = Raster::filled(width, height, [0.0; N]);
    across.for_each_row(|y, target| blur_row(raster.row(y), target, half));
    let mut down = vec![[0.0; N]; width * height];
    down.par_chunks_mut(width.max(1))
        .enumerate()
        .for_each(|(y, target)| {
            let row_at = |y: isize| across.row(y.clamp(0, height as isize - 1) as usize);
            add_row(target, row_at(y as isize), half[0]);
            for (step, &weight) in half.iter().enumerate().skip(1) {
                add_row(target, row_at(y as isize - step as isize), weight);
                add_row(target, row_at(y as isize + step as isize), weight);
            }
        });
    Raster::from_pixels(width, height, down)
}

fn blur_row<const N: usize>(source: &[[f32; N]], target: &mut [[f32; N]], half: &[f32]) {
    let last = source.len() - 1;
    for (x, pixel) in target.iter_mut().enumerate() {
        let mut sum = source[x].map(|value| value * half[0]);
        for (step, &weight) in half.iter().enumerate().skip(1) {
            let (left, right) = (source[x.saturating_sub(step)], source[(x + step).min(last)]);
            for channel in 0..N {
                sum[channel] += weight * (left[channel] + right[channel]);
            }
        }
        *pixel = sum;
    }
}

fn add_row<const N: usize>(target: &mut [[f32; N]], source: &[[f32; N]], weight: f32) {
    for (pixel, other) in target.iter_mut().zip(source) {
        for channel in 0..N {
            pixel[channel] += weight * other[channel];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_spreads_with_the_asked_deviation() {
        for sigma in [0.8, 2.0, 4.0, 9.5] {
            let point = Mask::from_fn(121, 121, |x, y| if (x, y) == (60, 60) { 1.0 } else { 0.0 });
            let spread = gaussian_mask(&point, sigma);
            let (mut sum, mut variance) = (0.0, 0.0);
            for y in 0..121 {
                for x in 0..121 {
                    let value = spread.row(y)[x];
                    sum += value;
                    variance += value * (x as f32 - 60.0).powi(2);
                }
            }
            assert!((sum - 1.0).abs() < 1e-3, "{sigma}: {sum}");
            let got = (variance / sum).sqrt();
            assert!((got - sigma).abs() < 0.06 * sigma, "{sigma}: {got}");
        }
    }
}
