//! Box blurs by running sums: the same cost for every radius.

use crate::{Mask, Raster, RgbRaster};
use bytemuck::{Pod, cast_slice, cast_slice_mut, cast_vec};
use rayon::prelude::*;

/// Rows that one thread blurs at a time. Fixed, so that rounding does not depend on the number of threads.
const BAND_ROWS: usize = 256;

/// The mean over a square of `2 * radius + 1` pixels; beyond the edge the edge pixel is repeated.
pub(crate) fn box_blur_mask(mask: &Mask, radius: usize) -> Mask {
    let pixels: &[[f32; 1]] = cast_slice(mask.pixels());
    let blurred = blur(pixels, mask.width(), mask.height(), radius);
    Mask::from_pixels(mask.width(), mask.height(), cast_vec(blurred))
}

/// [`box_blur_mask`] on each channel.
pub(crate) fn box_blur_rgb(picture: &RgbRaster, radius: usize) -> RgbRaster {
    box_blur(picture, radius)
}

/// [`box_blur_mask`] on each of `N` channels, which share the memory traffic.
pub(crate) fn box_blur<const N: usize>(raster: &Raster<[f32; N]>, radius: usize) -> Raster<[f32; N]>
where
    [f32; N]: Pod,
{
    let blurred = blur(raster.pixels(), raster.width(), raster.height(), radius);
    Raster::from_pixels(raster.width(), raster.height(), blurred)
}

fn blur<const N: usize>(
    pixels: &[[f32; N]],
    width: usize,
    height: usize,
    radius: usize,
) -> Vec<[f32; N]>
where
    [f32; N]: Pod,
{
    if radius == 0 || pixels.is_empty() {
        return pixels.to_vec();
    }
    let mut across = vec![[0.0; N]; pixels.len()];
    across
        .par_chunks_mut(width)
        .zip(pixels.par_chunks(width))
        .for_each(|(target, source)| blur_row(source, target, radius));
    let mut down = vec![[0.0; N]; pixels.len()];
    // Each band sums its first window afresh; taller bands keep that small beside wide windows.
    let band_rows = BAND_ROWS.max(4 * (2 * radius + 1));
    down.par_chunks_mut(band_rows * width)
        .enumerate()
        .for_each(|(band, target)| {
            let rows = Rows {
                values: cast_slice(&across),
                length: width * N,
                count: height,
            };
            blur_band(&rows, band * band_rows, cast_slice_mut(target), radius);
        });
    down
}

fn blur_row<const N: usize>(source: &[[f32; N]], target: &mut [[f32; N]], radius: usize) {
    let last = source.len() - 1;
    let scale = 1.0 / (2 * radius + 1) as f32;
    let mut sums = source[0].map(|value| value * (radius + 1) as f32);
    for step in 1..=radius {
        let entering = source[step.min(last)];
        for channel in 0..N {
            sums[channel] += entering[channel];
        }
    }
    for (x, pixel) in target.iter_mut().enumerate() {
        *pixel = sums.map(|sum| sum * scale);
        let entering = source[(x + radius + 1).min(last)];
        let leaving = source[x.saturating_sub(radius)];
        for channel in 0..N {
            sums[channel] += entering[channel] - leaving[channel];
        }
    }
}

/// Rows of plain numbers, the first and last repeated without end.
struct Rows<'a> {
    values: &'a [f32],
    length: usize,
    count: usize,
}

impl<'a> Rows<'a> {
    fn at(&self, y: isize) -> &'a [f32] {
        let y = y.clamp(0, self.count as isize - 1) as usize;
        &self.values[y * self.length..(y + 1) * self.length]
    }
}

fn blur_band(rows: &Rows, first: usize, target: &mut [f32], radius: usize) {
    let reach = radius as isize;
    let scale = 1.0 / (2 * radius + 1) as f32;
    let mut sums = vec![0.0; rows.length];
    for y in first as isize - reach..=first as isize + reach {
        for (sum, value) in sums.iter_mut().zip(rows.at(y)) {
            *sum += value;
        }
    }
    for (offset, row) in target.chunks_mut(rows.length).enumerate() {
        let y = (first + offset) as isize;
        let (entering, leaving) = (rows.at(y + reach + 1), rows.at(y - reach));
        for (((value, sum), entering), leaving) in
            row.iter_mut().zip(&mut sums).zip(entering).zip(leaving)
        {
            *value = *sum * scale;
            *sum += entering - leaving;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(width: usize, height: usize) -> Mask {
        Mask::from_fn(width, height, |x, y| {
            ((x * 7919 + y * 104_729) % 997) as f32 / 996.0
        })
    }

    #[test]
    fn agrees_with_summing_every_window() {
        let mask = noise(61, 700);
        for radius in [1, 5, 70] {
            let blurred = box_blur_mask(&mask, radius);
            let reach = radius as isize;
            for (x, y) in [(0, 0), (30, 255), (31, 256), (60, 699), (59, 420)] {
                let mut sum = 0.0;
                for dy in -reach..=reach {
                    for dx in -reach..=reach {
                        sum += f64::from(mask.at_clamped(x + dx, y + dy));
                    }
                }
                let wanted = sum / f64::from((2 * reach as i32 + 1).pow(2));
                let got = f64::from(blurred.at_clamped(x, y));
                assert!(
                    (got - wanted).abs() < 2e-5,
                    "radius {radius} at {x},{y}: {got} {wanted}"
                );
            }
        }
    }

    #[test]
    fn channels_do_not_mix() {
        let picture = RgbRaster::from_fn(40, 40, |x, _| [x as f32 / 40.0, 0.25, 1.0]);
        let blurred = box_blur_rgb(&picture, 3);
        let [red, green, blue] = blurred.row(20)[20];
        assert!(
            (red - 0.5).abs() < 1e-4 && (green - 0.25).abs() < 1e-4 && (blue - 1.0).abs() < 1e-4
        );
    }
}
