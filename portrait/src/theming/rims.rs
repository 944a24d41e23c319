//! Finds the line of a frame round each eye, and the line across the nose that joins them.

use crate::Mask;
use crate::drawing::middle;
use crate::filter::{close, luma_mask, resize_rgb};
use crate::heads::Head;
use std::f32::consts::TAU;

/// Half width and half height of a common lens, in face heights, and how far below the eye its middle lies.
const LENS: [f32; 2] = [0.140, 0.110];
const LENS_LOW: f32 = 0.01;
/// Frames are searched on so many rays from the middle of each eye, at so many radii.
pub(super) const RAYS: usize = 36;
const RADII: usize = 17;
/// The smallest and the largest radius, over the common lens. Folds round laughing eyes lie nearer.
const REACH: [f32; 2] = [0.85, 1.60];
/// The rays that look down, where nothing but a frame draws a line on a face.
const LOW: std::ops::Range<usize> = 2..17;
/// Height of a face in the copy of the photo in which lines are searched, in pixels.
const FACE_PIXELS: f32 = 200.0;
/// The mesh's point on the nose between the eyes.
const NOSE_BRIDGE: usize = 6;
/// Wider lines are no frames, in face heights.
const WIDEST: f32 = 0.05;

/// Narrow lines in a small copy of the photo, over the surroundings' brightness: black top-hat for dark ones, the larger
/// of both top-hats for any.
pub(super) struct LineMap {
    dark: Mask,
    any: Mask,
    scale: f32,
}

impl LineMap {
    pub(super) fn new(head: &Head) -> Self {
        let scale = (head.axes.face_height / FACE_PIXELS).max(1.0);
        let [width, height] = [head.photo.width(), head.photo.height()]
            .map(|side| ((side as f32 / scale) as usize).max(1));
        let light = luma_mask(&resize_rgb(&head.photo, width, height));
        let radius = (WIDEST / 2.0 * head.axes.face_height / scale).max(1.0) as usize;
        let closed = close(&light, radius);
        let opened = close(&light.map(|value| -value), radius).map(|value| -value);
        let line = |depth: fn(f32, f32, f32) -> f32| {
            Mask::from_fn(light.width(), light.height(), |x, y| {
                let above = closed.row(y)[x];
                depth(light.row(y)[x], above, opened.row(y)[x]) / above.max(0.1)
            })
        };
        Self {
            dark: line(|light, above, _| above - light),
            any: line(|light, above, below| (above - light).max(light - below)),
            scale,
        }
    }

    /// How strong a line is at a pixel of the head.
    pub(super) fn strength(&self, pixel: [f32; 2]) -> f32 {
        self.sample(&self.any, pixel)
    }

    fn sample(&self, mask: &Mask, [x, y]: [f32; 2]) -> f32 {
        mask.sample(x / self.scale, y / self.scale)
    }

    /// How dark a line is that crosses the whole nose between the eyes.
    pub(super) fn bridge_strength(&self, head: &Head) -> f32 {
        let axes = &head.axes;
        let [u, v] = axes.place(head.landmarks.at(NOSE_BRIDGE));
        let mut columns: Vec<f32> = (-4..=4)
            .map(|column| {
                (-12..12)
                    .map(|row| axes.pixel([u + 0.01 * column as f32, v + 0.01 * row as f32]))
                    .map(|pixel| self.sample(&self.dark, pixel))
                    .fold(0.0, f32::max)
            })
            .collect();
        columns.sort_by(f32::total_cmp);
        columns[columns.len() / 4]
    }
}

/// Rays from the middle of an eye, clockwise from the right, whose points lie on lenses of one shape.
pub(super) struct Rays<'a> {
    head: &'a Head,
    centre: [f32; 2],
    narrowed: f32,
}

impl<'a> Rays<'a> {
    pub(super) fn from_eye(head: &'a Head, eye: &[usize; 16]) -> Self {
        let landmarks = &head.landmarks;
        Self {
            head,
            centre: head.axes.place(middle(&landmarks.all_at(eye))),
            narrowed: landmarks.pose.yaw.to_radians().cos(),
        }
    }

    /// The pixel of the head on a ray; the radius from 0 to `RADII - 1`.
    pub(super) fn pixel(&self, ray: usize, radius: f32) -> [f32; 2] {
        let (sine, cosine) = (ray as f32 / RAYS as f32 * TAU).sin_cos();
        // Between an ellipse and a rectangle, as lenses are.
        let round = |value: f32| value.signum() * value.abs().powf(0.75);
        let times = REACH[0] + (REACH[1] - REACH[0]) * radius / (RADII - 1) as f32;
        let [u, v] = self.centre;
        self.head.axes.pixel([
            u + LENS[0] * self.narrowed * round(cosine) * times,
            v + LENS_LOW + LENS[1] * round(sine) * times,
        ])
    }
}

/// The strongest line round one eye.
pub(super) struct Rim {
    /// Its radius on each ray, and how strong it is there.
    pub radii: Vec<usize>,
    pub strengths: Vec<f32>,
    /// The mean strength below the eye.
    pub low: f32,
}

impl Rim {
    pub(super) fn find(rays: &Rays<'_>, lines: &LineMap) -> Self {
        let seen: Vec<[f32; RADII]> = (0..RAYS)
            .map(|ray| {
                let at = |radius: usize| lines.strength(rays.pixel(ray, radius as f32));
                std::array::from_fn(at)
            })
            .collect();
        let radii = strongest_contour(&seen);
        let strengths: Vec<f32> = (0..RAYS).map(|ray| seen[ray][radii[ray]]).collect();
        let low = strengths[LOW].iter().sum::<f32>() / LOW.len() as f32;
        Self {
            radii,
            strengths,
            low,
        }
    }
}

/// The closed contour of the largest sum, by dynamic programming: on each ray a radius, one step from its neighbours' at
/// most.
fn strongest_contour(seen: &[[f32; RADII]]) -> Vec<usize> {
    (0..RADII)
        .map(|start| strongest_from(seen, start))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or_else(Vec::new, |(_, radii)| radii)
}

/// Sum and radii of the strongest contour that starts at one radius.
fn strongest_from(seen: &[[f32; RADII]], start: usize) -> (f32, Vec<usize>) {
    let best_near = |sums: &[f32; RADII], radius: usize| {
        (radius.saturating_sub(1)..=(radius + 1).min(RADII - 1))
            .max_by(|&a, &b| sums[a].total_cmp(&sums[b]))
            .unwrap_or(radius)
    };
    let mut sums = [f32::NEG_INFINITY; RADII];
    sums[start] = seen[0][start];
    let mut before = vec![[0; RADII]; seen.len()];
    for ray in 1..seen.len() {
        before[ray] = std::array::from_fn(|radius| best_near(&sums, radius));
        sums = std::array::from_fn(|radius| sums[before[ray][radius]] + seen[ray][radius]);
    }
    let mut radius = best_near(&sums, start);
    let sum = sums[radius];
    let mut radii = vec![start; seen.len()];
    for ray in (1..seen.len()).rev() {
        radii[ray] = radius;
        radius = before[ray][radius];
    }
    (sum, radii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_contour_follows_a_line_closes_and_passes_a_gap() {
        // A line that wanders between the radii 6 and 10, with three rays where it is not seen.
        let line =
            |ray: usize| (8.0 + 2.0 * (ray as f32 / RAYS as f32 * TAU).sin()).round() as usize;
        let seen: Vec<[f32; RADII]> = (0..RAYS)
            .map(|ray| {
                std::array::from_fn(|radius| {
                    let is_line = radius == line(ray) && !(12..15).contains(&ray);
                    if is_line {
                        0.5
                    } else {
                        0.01 * (radius % 3) as f32
                    }
                })
            })
            .collect();
        let radii = strongest_contour(&seen);
        for (ray, radius) in radii.iter().enumerate() {
            assert!(radius.abs_diff(line(ray)) <= 1, "{ray}: {radius}");
            assert!(radius.abs_diff(radii[(ray + 1) % RAYS]) <= 1, "{ray}");
        }
    }
}
