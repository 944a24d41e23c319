//! Exact Euclidean distances to the nearest marked pixel.
//!
//! Felzenszwalb, Huttenlocher: "Distance Transforms of Sampled Functions" (2012).

use crate::Mask;
use rayon::prelude::*;

/// Larger than any squared distance in a picture.
const FAR: f32 = 1e12;

/// How far each pixel is from the nearest one whose value is marked, in pixels; huge where none is.
pub(crate) fn distance_to(mask: &Mask, is_marked: impl Fn(f32) -> bool + Sync) -> Mask {
    let (width, height) = (mask.width(), mask.height());
    // Columns first, as rows of a transposed raster.
    let mut columns = vec![0.0; width * height];
    columns
        .par_chunks_mut(height.max(1))
        .enumerate()
        .for_each(|(x, column)| {
            for (y, value) in column.iter_mut().enumerate() {
                *value = if is_marked(mask.row(y)[x]) { 0.0 } else { FAR };
            }
            Envelope::new(height).transform(column);
        });
    let mut distances = Mask::filled(width, height, 0.0);
    distances.for_each_row(|y, row| {
        for (x, value) in row.iter_mut().enumerate() {
            *value = columns[x * height + y];
        }
        Envelope::new(width).transform(row);
        row.iter_mut().for_each(|value| *value = value.sqrt());
    });
    distances
}

/// The lower envelope of parabolas, one a sample.
struct Envelope {
    /// Samples whose parabolas are part of it, and from where on each is the lowest.
    vertices: Vec<usize>,
    starts: Vec<f32>,
    heights: Vec<f32>,
}

impl Envelope {
    fn new(length: usize) -> Self {
        Self {
            vertices: Vec::with_capacity(length),
            starts: Vec::with_capacity(length),
            heights: Vec::with_capacity(length),
        }
    }

    /// Replaces squared heights by squared distances along one line.
    fn transform(&mut self, line: &mut [f32]) {
        for (position, &height) in line.iter().enumerate() {
            let mut start = f32::NEG_INFINITY;
            while let (Some(&vertex), Some(&lowest)) = (self.vertices.last(), self.heights.last()) {
                start = crossing(vertex, lowest, position, height);
                if start > self.starts[self.starts.len() - 1] {
                    break;
                }
                self.vertices.pop();
                self.starts.pop();
                self.heights.pop();
                start = f32::NEG_INFINITY;
            }
            self.vertices.push(position);
            self.starts.push(start);
            self.heights.push(height);
        }
        let mut current = 0;
        for (position, value) in line.iter_mut().enumerate() {
            while current + 1 < self.starts.len() && self.starts[current + 1] < position as f32 {
                current += 1;
            }
            let away = position as f32 - self.vertices[current] as f32;
            *value = away * away + self.heights[current];
        }
    }
}

/// Where the parabola at `right` falls below the one at `left`.
fn crossing(left: usize, left_height: f32, right: usize, right_height: f32) -> f32 {
    let (left, right) = (left as f32, right as f32);
    ((right_height - left_height) + (right * right - left * left)) / (2.0 * (right - left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_looking_at_every_marked_pixel() {
        let marks = [(3, 4), (30, 9), (17, 22), (39, 29)];
        let mask = Mask::from_fn(40, 30, |x, y| f32::from(u8::from(marks.contains(&(x, y)))));
        let distances = distance_to(&mask, |value| value > 0.5);
        for y in 0..30 {
            for x in 0..40 {
                let nearest = marks
                    .iter()
                    .map(|&(a, b)| (x as f32 - a as f32).hypot(y as f32 - b as f32))
                    .fold(f32::INFINITY, f32::min);
                let got = distances.row(y)[x];
                assert!((got - nearest).abs() < 1e-3, "{x},{y}: {got} {nearest}");
            }
        }
    }

    #[test]
    fn nothing_marked_is_far_from_everything() {
        let distances = distance_to(&Mask::filled(9, 7, 0.0), |value| value > 0.5);
        assert!(distances.pixels().iter().all(|&value| value > 1e5));
    }
}
