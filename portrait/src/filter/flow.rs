//! The direction of edges in a picture, and what follows it: dragged noise, lines across it.

use super::gaussian;
use crate::{Mask, Raster, RgbRaster};

/// How much wider the second look is that gives flat areas a direction, and how much it counts.
const FAR: f32 = 4.0;
const FAR_WEIGHT: f32 = 0.15;
/// The wider Gaussian of a line over the narrower.
const RATIO: f32 = 1.6;

/// Which dark lines are drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lines {
    /// Their width, in pixels.
    pub sigma: f32,
    /// How much of the wider surroundings' light is taken off; nearer 1 finds fainter lines.
    pub balance: f32,
    /// Differences below this are lines, and how hard they begin.
    pub threshold: f32,
    pub hardness: f32,
    /// How far they are smoothed along themselves, in pixels.
    pub length: f32,
}

impl Lines {
    /// The same lines in a raster with `unit` pixels to one.
    pub(crate) fn scaled(self, unit: f32) -> Self {
        Self {
            sigma: self.sigma * unit,
            length: self.length * unit,
            ..self
        }
    }
}

/// How far things are dragged along a flow: steps to either side, pixels a step, and the Gaussian's deviation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    pub steps: usize,
    pub stride: f32,
    pub sigma: f32,
}

/// At each pixel the unit vector along the edges, and how sure it is (0 to 1).
pub(crate) struct Flow {
    field: Raster<[f32; 3]>,
}

impl Flow {
    /// Reads the smoothed structure tensor.
    pub(crate) fn of(picture: &RgbRaster, sigma: f32) -> Self {
        let (width, height) = (picture.width(), picture.height());
        let tensor = Raster::from_fn(width, height, |x, y| tensor_at(picture, x, y));
        let near = gaussian(&tensor, sigma);
        let far = gaussian(&tensor, sigma * FAR);
        Self {
            field: Raster::from_fn(width, height, |x, y| {
                let (near, far) = (near.row(y)[x], far.row(y)[x]);
                direction(std::array::from_fn(|i| near[i] + FAR_WEIGHT * far[i]))
            }),
        }
    }

    /// Direction and certainty at a pixel.
    pub(crate) fn at(&self, x: usize, y: usize) -> [f32; 3] {
        self.field.row(y)[x]
    }

    /// The mean of a mask along the flow, to either side, with a Gaussian's weights. Only where `within` is above 0;
    /// elsewhere the mask stays.
    pub(crate) fn drag(&self, mask: &Mask, within: &Mask, reach: Reach) -> Mask {
        let stride = reach.stride;
        let weights: Vec<f32> = (0..=reach.steps)
            .map(|step| (-0.5 * (step as f32 * stride / reach.sigma).powi(2)).exp())
            .collect();
        let (width, height) = (mask.width(), mask.height());
        Mask::from_fn(width, height, |x, y| {
            if within.row(y)[x] <= 0.0 {
                return mask.row(y)[x];
            }
            let mut sum = mask.row(y)[x] * weights[0];
            let mut total = weights[0];
            for side in [-1.0, 1.0] {
                let [dx, dy, _] = self.at(x, y);
                let (mut along, mut place) = ([dx * side, dy * side], [x as f32, y as f32]);
                for weight in &weights[1..] {
                    place = [place[0] + along[0] * stride, place[1] + along[1] * stride];
                    let column = (place[0] + 0.5).clamp(0.0, width as f32 - 1.0) as usize;
                    let line = (place[1] + 0.5).clamp(0.0, height as f32 - 1.0) as usize;
                    sum += mask.row(line)[column] * weight;
                    total += weight;
                    let [dx, dy, _] = self.at(column, line);
                    let sign = if dx * along[0] + dy * along[1] < 0.0 {
                        -1.0
                    } else {
                        1.0
                    };
                    along = [dx * sign, dy * sign];
                }
            }
            sum / total
        })
    }

    /// How much of a dark line runs along the flow at each pixel, 0 to 1: a difference of Gaussians
    /// across it, smoothed along it (Kang, Lee, Chui 2007). Only where `within` is above 0.
    pub(crate) fn dark_lines(&self, light: &Mask, within: &Mask, lines: &Lines) -> Mask {
        let sigma = lines.sigma.max(0.3);
        let wide = sigma * RATIO;
        let reach = (2.5 * wide + 0.5) as i32;
        let kernel: Vec<(f32, f32, f32)> = (-reach..=reach)
            .map(|step| {
                let t = step as f32;
                let weight = |sigma: f32| (-0.5 * t * t / (sigma * sigma)).exp();
                (t, weight(sigma), weight(wide))
            })
            .collect();
        let sums = kernel
            .iter()
            .fold((0.0, 0.0), |(a, b), (_, near, far)| (a + near, b + far));
        let across = Mask::from_fn(light.width(), light.height(), |x, y| {
            if within.row(y)[x] <= 0.0 {
                return 0.0;
            }
            let [dx, dy, _] = self.at(x, y);
            let (mut near, mut far) = (0.0, 0.0);
            for &(t, near_weight, far_weight) in &kernel {
                let value = light.sample(x as f32 - dy * t, y as f32 + dx * t);
                near += value * near_weight;
                far += value * far_weight;
            }
            near / sums.0 - lines.balance * far / sums.1
        });
        let reach = Reach {
            steps: (lines.length * 2.0).max(1.0) as usize,
            stride: 1.0,
            sigma: lines.length.max(0.5),
        };
        let along = self.drag(&across, within, reach);
        along.map(|difference| {
            let beyond = lines.threshold - difference;
            (lines.hardness * beyond.max(0.0)).tanh()
        })
    }
}

/// Products of the colour's derivatives: xx, yy, xy.
fn tensor_at(picture: &RgbRaster, x: usize, y: usize) -> [f32; 3] {
    let (x, y) = (x as isize, y as isize);
    let at = |dx: isize, dy: isize| picture.at_clamped(x + dx, y + dy);
    let (a, b, c) = (at(-1, -1), at(0, -1), at(1, -1));
    let (d, f) = (at(-1, 0), at(1, 0));
    let (g, h, i) = (at(-1, 1), at(0, 1), at(1, 1));
    let mut tensor = [0.0; 3];
    for k in 0..3 {
        let across = 0.25 * (c[k] + 2.0 * f[k] + i[k] - a[k] - 2.0 * d[k] - g[k]);
        let down = 0.25 * (g[k] + 2.0 * h[k] + i[k] - a[k] - 2.0 * b[k] - c[k]);
        tensor[0] += across * across;
        tensor[1] += down * down;
        tensor[2] += across * down;
    }
    tensor
}

/// The eigenvector of the smaller eigenvalue, and the anisotropy.
fn direction([xx, yy, xy]: [f32; 3]) -> [f32; 3] {
    let spread = ((xx - yy).powi(2) + 4.0 * xy * xy).sqrt();
    let anisotropy = spread / (xx + yy + 1e-7);
    let larger = (xx + yy + spread) / 2.0;
    let (x, y) = (larger - xx, -xy);
    let length = x.hypot(y);
    if length < 1e-9 {
        return [1.0, 0.0, anisotropy];
    }
    [x / length, y / length, anisotropy]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flow_runs_along_stripes() {
        let stripes =
            RgbRaster::from_fn(60, 60, |x, y| [((x + y) as f32 * 0.8).sin() * 0.5 + 0.5; 3]);
        let [dx, dy, certainty] = Flow::of(&stripes, 2.0).at(30, 30);
        assert!((dx + dy).abs() < 0.05, "{dx} {dy}");
        assert!(certainty > 0.8);
    }

    #[test]
    fn a_dark_line_is_found_and_a_flat_area_has_none() {
        let light = Mask::from_fn(60, 60, |x, _| if x == 30 { 0.2 } else { 0.8 });
        let picture = light.map(|value| [value; 3]);
        let wanted = Lines {
            sigma: 1.1,
            balance: 0.985,
            threshold: -0.002,
            hardness: 120.0,
            length: 3.0,
        };
        let lines = Flow::of(&picture, 2.0).dark_lines(&light, &Mask::filled(60, 60, 1.0), &wanted);
        assert!(lines.row(30)[30] > 0.9, "{}", lines.row(30)[30]);
        assert!(lines.row(30)[10] < 0.01);
    }
}
