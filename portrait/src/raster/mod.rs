//! A grid of pixels: the one shape in which pictures and masks travel between the steps.

mod sample;

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

#[cfg(test)]
mod tests {
    use super::*;

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
