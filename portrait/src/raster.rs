//! A grid of pixels: the one shape in which pictures and masks travel between the steps.

use image::RgbImage;
use rayon::prelude::*;
use std::fmt;

/// Red, green, blue, sRGB-encoded, each 0 to 1.
pub(crate) type Rgb = [f32; 3];
/// A colour picture.
pub(crate) type RgbRaster = Raster<Rgb>;
/// One value a pixel, 0 to 1: how much of something is there.
pub(crate) type Mask = Raster<f32>;

/// `height` rows of `width` pixels, row by row from the top left.
#[derive(Clone, PartialEq)]
pub(crate) struct Raster<T> {
    width: usize,
    height: usize,
    pixels: Vec<T>,
}

impl<T: Copy + Send + Sync> Raster<T> {
    /// A raster filled with one value.
    pub(crate) fn filled(width: usize, height: usize, value: T) -> Self {
        Self {
            width,
            height,
            pixels: vec![value; width * height],
        }
    }

    /// A raster over existing pixels.
    ///
    /// # Panics
    /// When `pixels` does not hold exactly `width * height` values: a mistake in the calling code.
    pub(crate) fn from_pixels(width: usize, height: usize, pixels: Vec<T>) -> Self {
        assert_eq!(pixels.len(), width * height, "a raster's pixels fill it");
        Self {
            width,
            height,
            pixels,
        }
    }

    /// Computes every pixel from its place, rows in parallel.
    pub(crate) fn from_fn(
        width: usize,
        height: usize,
        value_at: impl Fn(usize, usize) -> T + Sync,
    ) -> Self
    where
        T: Default,
    {
        let mut raster = Self::filled(width, height, T::default());
        raster.for_each_row(|y, row| {
            for (x, pixel) in row.iter_mut().enumerate() {
                *pixel = value_at(x, y);
            }
        });
        raster
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn height(&self) -> usize {
        self.height
    }

    pub(crate) fn pixels(&self) -> &[T] {
        &self.pixels
    }

    pub(crate) fn pixels_mut(&mut self) -> &mut [T] {
        &mut self.pixels
    }

    pub(crate) fn into_pixels(self) -> Vec<T> {
        self.pixels
    }

    pub(crate) fn row(&self, y: usize) -> &[T] {
        &self.pixels[y * self.width..(y + 1) * self.width]
    }

    /// The pixel at a place; the nearest edge pixel where the place lies outside.
    pub(crate) fn at_clamped(&self, x: isize, y: isize) -> T {
        let x = x.clamp(0, self.width as isize - 1) as usize;
        let y = y.clamp(0, self.height as isize - 1) as usize;
        self.pixels[y * self.width + x]
    }

    /// A part of the raster; what lies outside is left out.
    pub(crate) fn crop(&self, window: Window) -> Self {
        let Window {
            left,
            top,
            width,
            height,
        } = window;
        let pixels = (top..top + height).flat_map(|y| &self.row(y)[left..left + width]);
        Self {
            width,
            height,
            pixels: pixels.copied().collect(),
        }
    }

    /// Puts a part back where it was cut.
    pub(crate) fn paste(&mut self, part: &Self, window: Window) {
        for y in 0..part.height {
            let start = (window.top + y) * self.width + window.left;
            self.pixels[start..start + part.width].copy_from_slice(part.row(y));
        }
    }

    /// The picture turned clockwise, so many times by a quarter.
    pub(crate) fn turned(&self, quarters: usize) -> Self
    where
        T: Default,
    {
        let (width, height) = (self.width, self.height);
        match quarters % 4 {
            1 => Self::from_fn(height, width, |x, y| self.row(height - 1 - x)[y]),
            2 => Self::from_fn(width, height, |x, y| {
                self.row(height - 1 - y)[width - 1 - x]
            }),
            3 => Self::from_fn(height, width, |x, y| self.row(x)[width - 1 - y]),
            _ => self.clone(),
        }
    }

    /// Visits every row once, in parallel.
    pub(crate) fn for_each_row(&mut self, visit: impl Fn(usize, &mut [T]) + Sync + Send) {
        let width = self.width.max(1);
        self.pixels
            .par_chunks_mut(width)
            .enumerate()
            .for_each(|(y, row)| visit(y, row));
    }

    /// A new raster with every pixel changed, rows in parallel.
    pub(crate) fn map<U: Copy + Send + Sync + Default>(
        &self,
        change: impl Fn(T) -> U + Sync + Send,
    ) -> Raster<U> {
        Raster {
            width: self.width,
            height: self.height,
            pixels: self.pixels.par_iter().map(|&pixel| change(pixel)).collect(),
        }
    }
}

impl<T> fmt::Debug for Raster<T> {
    /// The size alone: nobody reads a million pixels.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} x {} pixels", self.width, self.height)
    }
}

/// A part of a raster, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub left: usize,
    pub top: usize,
    pub width: usize,
    pub height: usize,
}

impl Window {
    /// The pixels between these bounds (left, top, right, bottom) that a raster of this size has, at least one.
    pub(crate) fn within(bounds: [f32; 4], width: usize, height: usize) -> Self {
        let [left, top, right, bottom] = bounds;
        let left = (left.floor().max(0.0) as usize).min(width - 1);
        let top = (top.floor().max(0.0) as usize).min(height - 1);
        let right = (right.ceil().max(0.0) as usize).clamp(left + 1, width);
        let bottom = (bottom.ceil().max(0.0) as usize).clamp(top + 1, height);
        Self {
            left,
            top,
            width: right - left,
            height: bottom - top,
        }
    }

    /// A place of the whole raster inside the window.
    pub(crate) fn place(self, [x, y]: [f32; 2]) -> [f32; 2] {
        [x - self.left as f32, y - self.top as f32]
    }
}

/// The two pixels on either side of a coordinate, and how far it lies from the first to the second.
fn split(position: f32, size: usize) -> (usize, usize, f32) {
    let clamped = position.clamp(0.0, (size - 1) as f32);
    let low = clamped as usize;
    (low, (low + 1).min(size - 1), clamped - low as f32)
}

impl From<&RgbImage> for RgbRaster {
    fn from(picture: &RgbImage) -> Self {
        let (pixels, _) = picture.as_raw().as_chunks::<3>();
        let values = pixels
            .par_iter()
            .map(|pixel| pixel.map(|value| f32::from(value) / 255.0));
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        Self::from_pixels(width, height, values.collect())
    }
}

impl Mask {
    /// The value between pixels; `x` and `y` in pixels, whole numbers at pixels' centres.
    pub(crate) fn sample(&self, x: f32, y: f32) -> f32 {
        let (left, right, across) = split(x, self.width);
        let (top, bottom, down) = split(y, self.height);
        let (upper, lower) = (self.row(top), self.row(bottom));
        let at_top = upper[left] + (upper[right] - upper[left]) * across;
        let at_bottom = lower[left] + (lower[right] - lower[left]) * across;
        at_top + (at_bottom - at_top) * down
    }
}

impl Raster<u8> {
    /// The value between pixels as 0 to 1; `x` and `y` in pixels, whole numbers at pixels' centres.
    pub(crate) fn sample(&self, x: f32, y: f32) -> f32 {
        let (left, right, across) = split(x, self.width);
        let (top, bottom, down) = split(y, self.height);
        let (upper, lower) = (self.row(top), self.row(bottom));
        let between = |row: &[u8]| {
            let (a, b) = (f32::from(row[left]), f32::from(row[right]));
            a + (b - a) * across
        };
        let (at_top, at_bottom) = (between(upper), between(lower));
        (at_top + (at_bottom - at_top) * down) / 255.0
    }
}

/// Pixels that can be weighted and added up.
pub(crate) trait Channels: Copy + Send + Sync {
    fn channels(self) -> [f32; 4];
}

impl Channels for [f32; 4] {
    fn channels(self) -> [f32; 4] {
        self
    }
}

impl Channels for [u8; 4] {
    fn channels(self) -> [f32; 4] {
        self.map(|value| f32::from(value) / 255.0)
    }
}

impl<T: Channels> Raster<T> {
    /// The values between pixels by straight lines; nothing (0) outside, with a soft edge.
    pub(crate) fn sample_linear(&self, x: f32, y: f32) -> [f32; 4] {
        let (column, row) = (x.floor(), y.floor());
        let is_outside =
            column < -1.0 || row < -1.0 || column >= self.width as f32 || row >= self.height as f32;
        if is_outside {
            return [0.0; 4];
        }
        let (across, down) = (x - column, y - row);
        let (left, top) = (column as isize, row as isize);
        let mut sum = [0.0; 4];
        for (step, weight) in [
            ([0, 0], (1.0 - across) * (1.0 - down)),
            ([1, 0], across * (1.0 - down)),
            ([0, 1], (1.0 - across) * down),
            ([1, 1], across * down),
        ] {
            let (x, y) = (left + step[0], top + step[1]);
            if x >= 0 && y >= 0 && x < self.width as isize && y < self.height as isize {
                let pixel = self.pixels[y as usize * self.width + x as usize].channels();
                for channel in 0..4 {
                    sum[channel] += pixel[channel] * weight;
                }
            }
        }
        sum
    }

    /// The values between pixels by a Catmull-Rom cubic; nothing (0) outside, with a soft edge.
    pub(crate) fn sample_cubic(&self, x: f32, y: f32) -> [f32; 4] {
        let (column, row) = (x.floor(), y.floor());
        let is_outside =
            column < -2.0 || row < -2.0 || column > self.width as f32 || row > self.height as f32;
        if is_outside {
            return [0.0; 4];
        }
        let across = cubic_weights(x - column);
        let down = cubic_weights(y - row);
        let (left, top) = (column as isize - 1, row as isize - 1);
        let mut sum = [0.0; 4];
        let is_inside = left >= 0
            && top >= 0
            && left + 4 <= self.width as isize
            && top + 4 <= self.height as isize;
        if is_inside {
            for (line, weight_y) in (top as usize..).zip(down) {
                let pixels = &self.row(line)[left as usize..left as usize + 4];
                let mut of_row = [0.0; 4];
                for (pixel, weight_x) in pixels.iter().zip(across) {
                    let pixel = pixel.channels();
                    for channel in 0..4 {
                        of_row[channel] += pixel[channel] * weight_x;
                    }
                }
                for channel in 0..4 {
                    sum[channel] += of_row[channel] * weight_y;
                }
            }
            return sum;
        }
        for (step_y, weight_y) in (0..).zip(down) {
            let y = top + step_y;
            if y < 0 || y >= self.height as isize {
                continue;
            }
            let line = self.row(y as usize);
            let mut of_row = [0.0; 4];
            for (step_x, weight_x) in (0..).zip(across) {
                let x = left + step_x;
                if x < 0 || x >= self.width as isize {
                    continue;
                }
                let pixel = line[x as usize].channels();
                for channel in 0..4 {
                    of_row[channel] += pixel[channel] * weight_x;
                }
            }
            for channel in 0..4 {
                sum[channel] += of_row[channel] * weight_y;
            }
        }
        sum
    }
}

/// Weights of the four pixels round a place that lies this far after the second.
fn cubic_weights(t: f32) -> [f32; 4] {
    let (square, cube) = (t * t, t * t * t);
    [
        -0.5 * t + square - 0.5 * cube,
        1.0 - 2.5 * square + 1.5 * cube,
        0.5 * t + 2.0 * square - 1.5 * cube,
        -0.5 * square + 0.5 * cube,
    ]
}

impl<const N: usize> Raster<[f32; N]> {
    /// The values between pixels; `x` and `y` in pixels, whole numbers at pixels' centres.
    pub(crate) fn sample(&self, x: f32, y: f32) -> [f32; N] {
        let (left, right, across) = split(x, self.width);
        let (top, bottom, down) = split(y, self.height);
        let (upper, lower) = (self.row(top), self.row(bottom));
        std::array::from_fn(|c| {
            let at_top = upper[left][c] + (upper[right][c] - upper[left][c]) * across;
            let at_bottom = lower[left][c] + (lower[right][c] - lower[left][c]) * across;
            at_top + (at_bottom - at_top) * down
        })
    }

    /// What [`Self::sample`] gives at many places of one row, worked out faster.
    pub(crate) fn sample_row(&self, xs: impl Iterator<Item = f32>, y: f32) -> Vec<[f32; N]> {
        let (top, bottom, down) = split(y, self.height);
        let between = |a: &[f32; N], b: &[f32; N], share: f32| {
            std::array::from_fn(|c| a[c] + (b[c] - a[c]) * share)
        };
        let rows = self.row(top).iter().zip(self.row(bottom));
        let row: Vec<[f32; N]> = rows.map(|(a, b)| between(a, b, down)).collect();
        xs.map(|x| {
            let (left, right, across) = split(x, self.width);
            between(&row[left], &row[right], across)
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_samples_is_made_of_single_ones() {
        let raster = Raster::from_fn(5, 4, |x, y| [(x * y) as f32, x as f32]);
        let xs = [-1.0, 0.0, 1.25, 3.5, 4.75];
        for y in [-0.5, 1.75, 3.0] {
            let row = raster.sample_row(xs.into_iter(), y);
            for (x, sampled) in xs.into_iter().zip(row) {
                let single = raster.sample(x, y);
                assert!(
                    sampled
                        .iter()
                        .zip(single)
                        .all(|(a, b)| (a - b).abs() < 1e-5),
                    "{x}, {y}: {sampled:?}, {single:?}"
                );
            }
        }
    }

    #[test]
    fn a_quarter_turn_brings_the_left_side_to_the_top() {
        // 1 2 3
        // 4 5 6
        let picture = Raster::from_pixels(3, 2, vec![1, 2, 3, 4, 5, 6]);
        let turned = |quarters| picture.turned(quarters).into_pixels();
        assert_eq!(turned(1), [4, 1, 5, 2, 6, 3]);
        assert_eq!(turned(2), [6, 5, 4, 3, 2, 1]);
        assert_eq!(turned(3), [3, 6, 2, 5, 1, 4]);
        assert_eq!(
            (picture.turned(1).width(), picture.turned(1).height()),
            (2, 3)
        );
    }
}
