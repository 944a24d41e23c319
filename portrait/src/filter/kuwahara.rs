//! The anisotropic Kuwahara filter: each pixel becomes a mean of those of eight sectors round it that vary least.
//!
//! Kyprianidis, Kang, Döllner (2009), with the polynomial weights of Kyprianidis (2011).

use crate::{Mask, Rgb, RgbRaster};
use std::sync::LazyLock;

const SECTORS: usize = 8;
/// Side of the table of weights over the unit disc.
const SIDE: usize = 33;
/// Strokes of smaller radius are pixels.
const LEAST_RADIUS: f32 = 0.75;
/// How strongly the flow's certainty stretches the disc, and the most it does.
const STRETCH: f32 = 1.0;
const MOST_STRETCH: f32 = 2.0;
/// Variance at which a sector counts half, as of values 0 to 255.
const VARIANCE: f32 = 156.0;

/// Weights of the eight sectors at each place of the unit disc; all 0 outside it.
static WEIGHTS: LazyLock<Vec<[f32; SECTORS]>> = LazyLock::new(|| {
    let middle = (SIDE / 2) as f32;
    (0..SIDE * SIDE)
        .map(|index| {
            let u = ((index % SIDE) as f32 - middle) / middle;
            let v = ((index / SIDE) as f32 - middle) / middle;
            sector_weights(u, v)
        })
        .collect()
});

fn sector_weights(u: f32, v: f32) -> [f32; SECTORS] {
    const ZETA: f32 = 0.33;
    const ETA: f32 = 3.77 * 0.25;
    let square = u * u + v * v;
    if square > 1.02 {
        return [0.0; SECTORS];
    }
    let mut weights = [0.0; SECTORS];
    let mut quarter = |first: usize, u: f32, v: f32| {
        let (along, across) = (ZETA - ETA * u * u, ZETA - ETA * v * v);
        for (sector, reach) in [v + along, -u + across, -v + along, u + across]
            .into_iter()
            .enumerate()
        {
            weights[first + 2 * sector] = reach.max(0.0).powi(2);
        }
    };
    quarter(0, u, v);
    let half = std::f32::consts::FRAC_1_SQRT_2;
    quarter(1, half * (u - v), half * (u + v));
    let scale = (-3.125 * square).exp() / (weights.iter().sum::<f32>() + 1e-6);
    weights.map(|weight| weight * scale)
}

/// Filters with a radius of its own at each pixel; where it is small the pixel stays.
///
/// `flow_at` gives the unit vector along the strokes and how sure it is, 0 to 1.
pub(crate) fn kuwahara(
    picture: &RgbRaster,
    radii: &Mask,
    flow_at: impl Fn(usize, usize) -> [f32; 3] + Sync,
) -> RgbRaster {
    RgbRaster::from_fn(picture.width(), picture.height(), |x, y| {
        let radius = radii.row(y)[x];
        if radius < LEAST_RADIUS {
            return picture.row(y)[x];
        }
        stroke(picture, flow_at(x, y), radius, x, y)
    })
}

/// Sums over the sectors: red, green, blue, their squares, and weights.
#[derive(Default)]
struct Sums {
    means: [[f32; SECTORS]; 3],
    squares: [[f32; SECTORS]; 3],
    weights: [f32; SECTORS],
}

fn stroke(
    picture: &RgbRaster,
    [cosine, sine, certainty]: [f32; 3],
    radius: f32,
    x: usize,
    y: usize,
) -> Rgb {
    let stretch = ((STRETCH + certainty) / STRETCH).min(MOST_STRETCH);
    let (long, short) = (radius * stretch, radius / stretch);
    let reach_x = (long * cosine).hypot(short * sine) as isize;
    let reach_y = (long * sine).hypot(short * cosine) as isize;
    let middle = (SIDE / 2) as f32;
    let (u_x, u_y) = (cosine / long * middle, sine / long * middle);
    let (v_x, v_y) = (-sine / short * middle, cosine / short * middle);
    let last = picture.width() as isize - 1;
    let mut sums = Sums::default();
    for dy in -reach_y..=reach_y {
        let line = (y as isize + dy).clamp(0, picture.height() as isize - 1) as usize;
        let row = picture.row(line);
        for dx in -reach_x..=reach_x {
            let column = (u_x * dx as f32 + u_y * dy as f32 + middle + 0.5) as usize;
            let place = (v_x * dx as f32 + v_y * dy as f32 + middle + 0.5) as usize;
            if column >= SIDE || place >= SIDE {
                continue;
            }
            let weights = &WEIGHTS[place * SIDE + column];
            sums.add(row[(x as isize + dx).clamp(0, last) as usize], weights);
        }
    }
    sums.blend().unwrap_or(picture.row(y)[x])
}

impl Sums {
    fn add(&mut self, pixel: Rgb, weights: &[f32; SECTORS]) {
        for (channel, value) in pixel.into_iter().enumerate() {
            let square = value * value;
            for (sector, weight) in weights.iter().enumerate() {
                self.means[channel][sector] += value * weight;
                self.squares[channel][sector] += square * weight;
            }
        }
        for (sum, weight) in self.weights.iter_mut().zip(weights) {
            *sum += weight;
        }
    }

    /// The sectors' means, each weighted by how little its colours vary.
    fn blend(&self) -> Option<Rgb> {
        let (mut colour, mut total) = ([0.0; 3], 0.0);
        for sector in 0..SECTORS {
            let weight = self.weights[sector];
            if weight < 1e-6 {
                continue;
            }
            let mean: Rgb = std::array::from_fn(|c| self.means[c][sector] / weight);
            let variance: f32 = (0..3)
                .map(|c| (self.squares[c][sector] / weight - mean[c] * mean[c]).abs())
                .sum();
            let ratio = (variance * 255.0 * 255.0 / VARIANCE).powi(2);
            let calm = 1.0 / (1.0 + ratio * ratio);
            colour = std::array::from_fn(|c| colour[c] + mean[c] * calm);
            total += calm;
        }
        (total > 1e-12).then(|| colour.map(|value| value / total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_goes_and_the_edge_stays() {
        let mut rng = fastrand::Rng::with_seed(2);
        let noise: Vec<f32> = (0..80 * 80).map(|_| (rng.f32() - 0.5) * 0.2).collect();
        let picture = RgbRaster::from_fn(80, 80, |x, y| {
            let side = if x < 40 { 0.3 } else { 0.7 };
            [side + noise[y * 80 + x]; 3]
        });
        let flow = super::super::Flow::of(&picture, 2.0);
        let radii = Mask::filled(80, 80, 5.0);
        let painted = kuwahara(&picture, &radii, |x, y| flow.at(x, y));
        let (left, right) = (painted.row(40)[36][0], painted.row(40)[43][0]);
        assert!(
            (left - 0.3).abs() < 0.06 && (right - 0.7).abs() < 0.06,
            "{left} {right}"
        );
        let roughness = |picture: &RgbRaster| -> f32 {
            (10..30)
                .map(|x| (picture.row(20)[x][0] - picture.row(20)[x + 1][0]).abs())
                .sum()
        };
        assert!(roughness(&painted) < 0.25 * roughness(&picture));
    }
}
