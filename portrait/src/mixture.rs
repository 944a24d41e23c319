//! Mixtures of Gaussians over colours: what skin, hair and clothes of one person look like.

use crate::colour::Lab;
use fastrand::Rng;

/// More samples make no better model.
const MAX_SAMPLES: usize = 2000;
/// Fewer say nothing.
const MIN_SAMPLES: usize = 30;
/// Fewer samples than this make no part of a mixture.
const MIN_PART: usize = 8;
/// Rounds of k-means.
const ROUNDS: usize = 12;
/// Variance of lightness, a and b that every part has at least.
const LEAST_VARIANCE: [f32; 3] = [9.0, 5.0, 5.0];
/// Density of a colour that no part explains, and of every colour where there is no model.
const FLOOR: f32 = 2e-8;
const UNKNOWN: f32 = 1e-7;

/// A density over CIELAB.
pub(crate) struct Mixture {
    parts: Vec<Part>,
}

struct Part {
    mean: Lab,
    /// Inverse of the covariance: aa, ab, ac, bb, bc, cc.
    precision: [f32; 6],
    /// Share of the samples over the Gaussian's normalisation.
    weight: f32,
}

impl Mixture {
    /// Fits up to `count` Gaussians to the groups that k-means finds. Few samples give a flat density.
    pub(crate) fn fit(samples: &[Lab], count: usize) -> Self {
        if samples.len() <= MIN_SAMPLES {
            return Self { parts: Vec::new() };
        }
        let stride = samples.len().div_ceil(MAX_SAMPLES);
        let samples: Vec<Lab> = samples.iter().step_by(stride).copied().collect();
        let count = count.min(samples.len() / 15 + 1);
        let groups = k_means(&samples, count);
        let parts = (0..count).filter_map(|group| {
            let members: Vec<Lab> = samples
                .iter()
                .zip(&groups)
                .filter_map(|(sample, own)| (*own == group).then_some(*sample))
                .collect();
            (members.len() >= MIN_PART).then(|| Part::fit(&members, samples.len()))
        });
        Self {
            parts: parts.collect(),
        }
    }

    /// How likely a colour is, above 0.
    pub(crate) fn density(&self, colour: Lab) -> f32 {
        if self.parts.is_empty() {
            return UNKNOWN;
        }
        FLOOR
            + self
                .parts
                .iter()
                .map(|part| part.density(colour))
                .sum::<f32>()
    }
}

impl Part {
    fn fit(members: &[Lab], of: usize) -> Self {
        let (mean, covariance) = moments(members);
        let [aa, ab, ac, bb, bc, cc] = covariance;
        let (i_aa, i_ab, i_ac) = (bb * cc - bc * bc, ac * bc - ab * cc, ab * bc - ac * bb);
        let (i_bb, i_bc, i_cc) = (aa * cc - ac * ac, ab * ac - aa * bc, aa * bb - ab * ab);
        let determinant = (aa * i_aa + ab * i_ab + ac * i_ac).max(1.0);
        let share = members.len() as f32 / of as f32;
        Self {
            mean,
            precision: [i_aa, i_ab, i_ac, i_bb, i_bc, i_cc].map(|value| value / determinant),
            weight: share / (determinant * std::f32::consts::TAU.powi(3)).sqrt(),
        }
    }

    fn density(&self, colour: Lab) -> f32 {
        let [a, b, c]: Lab = std::array::from_fn(|axis| colour[axis] - self.mean[axis]);
        let [aa, ab, ac, bb, bc, cc] = self.precision;
        let distance =
            aa * a * a + bb * b * b + cc * c * c + 2.0 * (ab * a * b + ac * a * c + bc * b * c);
        if distance > 60.0 {
            return 0.0;
        }
        self.weight * (-0.5 * distance).exp()
    }
}

/// How far apart two sets of colours are, as single Gaussians: a Bhattacharyya distance without its
/// second term; `None` where one is too small to say.
pub(crate) fn separation(first: &[Lab], second: &[Lab]) -> Option<f32> {
    if first.len() < 40 || second.len() < 40 {
        return None;
    }
    let ((mean, covariance), (other, other_covariance)) = (moments(first), moments(second));
    // Half of the mean covariance's inverse, taken along the line between both.
    let [aa, ab, ac, bb, bc, cc]: [f32; 6] =
        std::array::from_fn(|index| (covariance[index] + other_covariance[index]) / 2.0);
    let [a, b, c]: Lab = std::array::from_fn(|axis| mean[axis] - other[axis]);
    let (i_aa, i_ab, i_ac) = (bb * cc - bc * bc, ac * bc - ab * cc, ab * bc - ac * bb);
    let (i_bb, i_bc, i_cc) = (aa * cc - ac * ac, ab * ac - aa * bc, aa * bb - ab * ab);
    let determinant = (aa * i_aa + ab * i_ab + ac * i_ac).max(1.0);
    let product = i_aa * a * a
        + i_bb * b * b
        + i_cc * c * c
        + 2.0 * (i_ab * a * b + i_ac * a * c + i_bc * b * c);
    Some(product / determinant / 8.0)
}

/// Mean, and covariance with [`LEAST_VARIANCE`] added: aa, ab, ac, bb, bc, cc.
fn moments(samples: &[Lab]) -> (Lab, [f32; 6]) {
    let count = samples.len().max(1) as f32;
    let mean: Lab =
        std::array::from_fn(|axis| samples.iter().map(|sample| sample[axis]).sum::<f32>() / count);
    let mut covariance = [0.0; 6];
    for sample in samples {
        let [a, b, c]: Lab = std::array::from_fn(|axis| sample[axis] - mean[axis]);
        for (sum, product) in covariance
            .iter_mut()
            .zip([a * a, a * b, a * c, b * b, b * c, c * c])
        {
            *sum += product / count;
        }
    }
    for (index, least) in [0, 3, 5].into_iter().zip(LEAST_VARIANCE) {
        covariance[index] += least;
    }
    (mean, covariance)
}

/// The group of each sample. The same samples give the same groups.
fn k_means(samples: &[Lab], count: usize) -> Vec<usize> {
    let mut centres = first_centres(samples, count);
    let mut groups = vec![0; samples.len()];
    for _ in 0..ROUNDS {
        let mut sums = vec![([0.0; 3], 0.0); count];
        let mut has_changed = false;
        for (sample, group) in samples.iter().zip(&mut groups) {
            let nearest = nearest(&centres, sample).0;
            has_changed |= nearest != *group;
            *group = nearest;
            let (sum, members): &mut (Lab, f32) = &mut sums[nearest];
            for axis in 0..3 {
                sum[axis] += sample[axis];
            }
            *members += 1.0;
        }
        for (centre, (sum, members)) in centres.iter_mut().zip(sums) {
            if members > 0.0 {
                *centre = sum.map(|value| value / members);
            }
        }
        if !has_changed {
            break;
        }
    }
    groups
}

/// k-means++: each next centre is drawn with the squared distance to those there are as its chance.
fn first_centres(samples: &[Lab], count: usize) -> Vec<Lab> {
    let mut rng = Rng::with_seed(samples.len() as u64);
    let mut centres = vec![samples[rng.usize(..samples.len())]];
    while centres.len() < count {
        let chances: Vec<f32> = samples
            .iter()
            .map(|sample| nearest(&centres, sample).1)
            .collect();
        let mut left = rng.f32() * chances.iter().sum::<f32>();
        let chosen = chances.iter().position(|chance| {
            left -= chance;
            left <= 0.0
        });
        centres.push(samples[chosen.unwrap_or(0)]);
    }
    centres
}

/// Index of the nearest centre and the squared distance to it.
fn nearest(centres: &[Lab], sample: &Lab) -> (usize, f32) {
    let mut best = (0, f32::INFINITY);
    for (index, centre) in centres.iter().enumerate() {
        let distance = (0..3)
            .map(|axis| (centre[axis] - sample[axis]).powi(2))
            .sum();
        if distance < best.1 {
            best = (index, distance);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cloud(centre: Lab, count: usize, seed: u64) -> Vec<Lab> {
        let mut rng = Rng::with_seed(seed);
        let mut near = |value: f32| value + (rng.f32() - 0.5) * 8.0;
        (0..count).map(|_| centre.map(&mut near)).collect()
    }

    #[test]
    fn colours_of_either_group_are_likely_and_others_are_not() {
        let mut samples = cloud([70.0, 15.0, 20.0], 300, 1);
        samples.extend(cloud([20.0, 2.0, 3.0], 300, 2));
        let mixture = Mixture::fit(&samples, 2);
        let (skin, hair) = (
            mixture.density([70.0, 15.0, 20.0]),
            mixture.density([20.0, 2.0, 3.0]),
        );
        let between = mixture.density([45.0, 8.0, 11.0]);
        assert!(
            skin > 100.0 * between && hair > 100.0 * between,
            "{skin} {hair} {between}"
        );
    }

    #[test]
    fn the_same_samples_give_the_same_mixture() {
        let samples = cloud([50.0, 0.0, 0.0], 500, 7);
        let density = || Mixture::fit(&samples, 4).density([52.0, 1.0, 1.0]);
        assert_eq!(density().to_bits(), density().to_bits());
    }

    #[test]
    fn few_samples_make_a_flat_density() {
        let mixture = Mixture::fit(&cloud([50.0, 0.0, 0.0], 10, 3), 3);
        assert_eq!(
            mixture.density([50.0, 0.0, 0.0]),
            mixture.density([0.0, 90.0, 0.0])
        );
    }

    #[test]
    fn separation_grows_with_the_distance() {
        let hair = cloud([20.0, 2.0, 3.0], 100, 4);
        let near = separation(&hair, &cloud([23.0, 2.0, 3.0], 100, 5)).unwrap();
        let far = separation(&hair, &cloud([60.0, 30.0, 3.0], 100, 6)).unwrap();
        assert!(far > 10.0 * near, "{near} {far}");
        assert!(separation(&hair, &hair[..10]).is_none());
    }
}
