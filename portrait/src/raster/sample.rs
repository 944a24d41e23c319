//! Values between a raster's pixels: `x` and `y` in pixels, whole numbers at pixels' centres.

use super::{Mask, Raster};

/// The two pixels on either side of a coordinate, and how far it lies from the first to the second.
fn split(position: f32, size: usize) -> (usize, usize, f32) {
    let clamped = position.clamp(0.0, (size - 1) as f32);
    let low = clamped as usize;
    (low, (low + 1).min(size - 1), clamped - low as f32)
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

/// Integer and fractional part of a coordinate above -2. Truncates: without SSE4.1 `floor` is a function call.
fn floor_and_fraction(position: f32) -> (isize, f32) {
    let before = (position + 2.0) as isize - 2;
    (before, position - before as f32)
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
        let is_outside =
            x <= -1.0 || y <= -1.0 || x >= self.width as f32 || y >= self.height as f32;
        if is_outside {
            return [0.0; 4];
        }
        let ((left, across), (top, down)) = (floor_and_fraction(x), floor_and_fraction(y));
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
        let is_outside =
            x <= -2.0 || y <= -2.0 || x > self.width as f32 + 1.0 || y > self.height as f32 + 1.0;
        if is_outside {
            return [0.0; 4];
        }
        let ((column, across), (row, down)) = (floor_and_fraction(x), floor_and_fraction(y));
        let (across, down) = (cubic_weights(across), cubic_weights(down));
        let (left, top) = (column - 1, row - 1);
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
    fn outside_there_is_nothing_and_on_pixels_there_is_their_value() {
        let raster = Raster::from_fn(6, 5, |x, y| [(x * 10 + y) as f32; 4]);
        for (x, y) in [
            (-1.5, 2.0),
            (2.0, -1.0),
            (6.0, 2.0),
            (2.0, 5.0),
            (f32::MIN, f32::MAX),
        ] {
            assert_eq!(raster.sample_linear(x, y), [0.0; 4], "{x}, {y}");
        }
        for (x, y) in [(-2.5, 2.0), (2.0, -3.0), (8.0, 2.0), (2.0, 7.5)] {
            assert_eq!(raster.sample_cubic(x, y), [0.0; 4], "{x}, {y}");
        }
        for (x, y) in [(0, 0), (3, 2), (5, 4)] {
            let value = [(x * 10 + y) as f32; 4];
            assert_eq!(raster.sample_linear(x as f32, y as f32), value);
            assert_eq!(raster.sample_cubic(x as f32, y as f32), value);
        }
        // Half a pixel outside half of the edge's value is left.
        assert_eq!(raster.sample_linear(5.5, 2.0), [26.0; 4]);
        assert_eq!(raster.sample_linear(-0.5, 2.0), [1.0; 4]);
        assert_eq!(raster.sample_linear(1.5, 2.5), [17.5; 4]);
        assert_eq!(raster.sample_cubic(2.5, 2.0), [27.0; 4]);
    }
}
