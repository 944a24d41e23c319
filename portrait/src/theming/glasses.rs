//! Finds a guest's glasses: closed rims round both eyes, joined by a line across the nose.

use super::rims::{LineMap, RAYS, Rays, Rim};
use crate::Mask;
use crate::colour::smoothstep;
use crate::drawing::{fill_polygon, grow};
use crate::heads::Head;
use crate::mesh_regions::{LEFT_EYE, RIGHT_EYE};

/// Glasses are worn where the weaker lower rim and the line across the nose are this strong, and together this much.
/// Of 102 faces 14 had 0.54 and more, all with glasses; the next were a laugh, curls over an eye and bright wire, at 0.44.
const LEAST_RIM: f32 = 0.16;
const LEAST_BRIDGE: f32 = 0.20;
const LEAST_TOGETHER: f32 = 0.50;
/// How many rays to each side the frame's line is smoothed over.
const SMOOTH: isize = 5;
/// The ray of the left lens that points to the right one, a little upwards, and the one that points away from it.
const INNER: usize = 34;
const OUTER: usize = 20;
/// The photo's frames lie within a ring so much wider and narrower than a lens, and no line is fainter.
const RING: f32 = 0.16;
const FAINT: [f32; 2] = [0.05, 0.16];

/// A guest's glasses, in pixels of the head.
pub(super) struct Glasses {
    /// Outlines of the left and the right lens, clockwise.
    pub lenses: [Vec<[f32; 2]>; 2],
    /// How strong the lines of the rims are, 0 to 1.
    pub strength: f32,
    lines: LineMap,
}

impl Glasses {
    /// The guest's glasses, if they wear some.
    pub(super) fn find(head: &Head) -> Option<Self> {
        let lines = LineMap::new(head);
        let rays = [&LEFT_EYE, &RIGHT_EYE].map(|eye| Rays::from_eye(head, eye));
        let rims = [0, 1].map(|side| Rim::find(&rays[side], &lines));
        let strength = rims[0].low.min(rims[1].low);
        let bridge = lines.bridge_strength(head);
        if strength < LEAST_RIM || bridge < LEAST_BRIDGE || strength + bridge < LEAST_TOGETHER {
            return None;
        }
        let radii = smooth_radii(&rims);
        let lenses = [0, 1].map(|side| {
            (0..RAYS)
                .map(|ray| rays[side].pixel(ray, radii[mirrored(ray, side)]))
                .collect()
        });
        Some(Self {
            lenses,
            strength,
            lines,
        })
    }

    /// Where the bridge meets both lenses.
    pub(super) fn bridge(&self) -> [[f32; 2]; 2] {
        [0, 1].map(|side| self.lenses[side][mirrored(INNER, side)])
    }

    /// Where an arm leaves each lens.
    pub(super) fn hinges(&self) -> [[f32; 2]; 2] {
        [0, 1].map(|side| self.lenses[side][mirrored(OUTER, side)])
    }

    /// Where the photo shows the rims of the frames; a mask of this size that lies at `corner` of the head.
    pub(super) fn frames(&self, width: usize, height: usize, corner: [f32; 2]) -> Mask {
        let fill = |points: Vec<[f32; 2]>| {
            let own: Vec<[f32; 2]> = points
                .iter()
                .map(|point| [0, 1].map(|axis| point[axis] - corner[axis]))
                .collect();
            fill_polygon(width, height, &own)
        };
        let outer = [0, 1].map(|side| fill(grow(&self.lenses[side], RING)));
        let inner = [0, 1].map(|side| fill(grow(&self.lenses[side], -RING)));
        Mask::from_fn(width, height, |x, y| {
            let ring = (0..2)
                .map(|side| outer[side].row(y)[x] * (1.0 - inner[side].row(y)[x]))
                .fold(0.0, f32::max);
            if ring <= 0.0 {
                return 0.0;
            }
            let pixel = [x as f32 + corner[0], y as f32 + corner[1]];
            ring * smoothstep(FAINT[0], FAINT[1], self.lines.strength(pixel))
        })
    }
}

/// The ray of the left eye that a ray of one side corresponds to: lenses are each other's mirror images.
fn mirrored(ray: usize, side: usize) -> usize {
    if side == 0 {
        ray
    } else {
        (RAYS + RAYS / 2 - ray) % RAYS
    }
}

/// One smooth line for both lenses, from where the photo's is strong.
fn smooth_radii(rims: &[Rim; 2]) -> Vec<f32> {
    (0..RAYS)
        .map(|ray| {
            let (mut sum, mut weights) = (0.0, 0.0);
            for (side, rim) in rims.iter().enumerate() {
                for step in -SMOOTH..=SMOOTH {
                    let near = (ray as isize + step).rem_euclid(RAYS as isize) as usize;
                    let near = mirrored(near, side);
                    let falloff = 1.0 - step.abs() as f32 / (SMOOTH + 1) as f32;
                    let weight = falloff * (rim.strengths[near] + 0.02);
                    sum += weight * rim.radii[near] as f32;
                    weights += weight;
                }
            }
            sum / weights
        })
        .collect()
}
