//! The plane in which both halves of a face lie side by side, whichever way the head is turned: what grows on one half
//! is drawn on the other as well.

use crate::colour::smoothstep;
use crate::faces::Landmarks;
use crate::filter::{close, gaussian_mask};
use crate::theming::surface::Surface;
use crate::{Mask, Window};

/// Side of the plane, in cells.
const SIDE: usize = 128;
/// How smooth the edges of what is gathered there are, in cells.
const SMOOTHNESS: f32 = 1.6;
/// Half of the widest gap that is closed, in cells.
const GAPS: usize = 3;
/// Share of a cell from which on it counts.
const PRESENT: [f32; 2] = [0.36, 0.46];

/// A head's face mesh over its pixels.
pub(super) struct FacePlane {
    window: Window,
    surface: Surface,
    size: [usize; 2],
}

impl FacePlane {
    /// `size` is that of the masks, width and height.
    pub(super) fn of(landmarks: &Landmarks, size: [usize; 2]) -> Self {
        let window = Window::within(landmarks.bounds(), size[0], size[1]);
        let surface = Surface::draw(landmarks, window.width, window.height, |point| {
            window.place(point)
        });
        Self {
            window,
            surface,
            size,
        }
    }

    /// The mask's shapes on both halves of the face, with smooth, narrow edges.
    pub(super) fn symmetric(&self, mask: &Mask) -> Mask {
        let cells = self.gather(mask);
        let value = |index: usize| cells[index].unwrap_or_default();
        let larger = pairs().map(|(a, b)| value(a).max(value(b)));
        let larger = Mask::from_pixels(SIDE, SIDE, larger.collect());
        let plane = gaussian_mask(&close(&larger, GAPS), SMOOTHNESS);
        let [width, height] = self.size;
        let (left, top) = (self.window.left, self.window.top);
        let side = SIDE as f32;
        Mask::from_fn(width, height, |x, y| {
            let (Some(x), Some(y)) = (x.checked_sub(left), y.checked_sub(top)) else {
                return 0.0;
            };
            if x >= self.window.width || y >= self.window.height {
                return 0.0;
            }
            if self.surface.covered.row(y)[x] < 0.5 {
                return 0.0;
            }
            let [u, v] = self.surface.uv.row(y)[x];
            let value = plane.sample(u * side - 0.5, v * side - 0.5);
            smoothstep(PRESENT[0], PRESENT[1], value)
        })
    }

    /// How alike the mask is on both halves where both are seen, 0 to 1: what grows does so on both, shade does not.
    pub(super) fn agreement(&self, mask: &Mask) -> f32 {
        let cells = self.gather(mask);
        let (mut smaller, mut larger) = (0.0, 0.0);
        for (a, b) in pairs().filter_map(|(a, b)| cells[a].zip(cells[b])) {
            smaller += f32::min(a, b);
            larger += f32::max(a, b);
        }
        smaller / f32::max(larger, 1e-6)
    }

    /// The mean of the mask over each cell, row by row; `None` where the cell is not seen.
    fn gather(&self, mask: &Mask) -> Vec<Option<f32>> {
        let mut cells = vec![(0.0, 0u32); SIDE * SIDE];
        for y in 0..self.window.height {
            for x in 0..self.window.width {
                if self.surface.covered.row(y)[x] < 0.5 {
                    continue;
                }
                let [column, row] =
                    self.surface.uv.row(y)[x].map(|at| ((at * SIDE as f32) as usize).min(SIDE - 1));
                let (sum, count) = &mut cells[row * SIDE + column];
                *sum += mask.row(y + self.window.top)[x + self.window.left];
                *count += 1;
            }
        }
        cells
            .into_iter()
            .map(|(sum, count)| (count > 0).then(|| sum / count as f32))
            .collect()
    }
}

/// Indices of cells that lie opposite each other on both halves.
fn pairs() -> impl Iterator<Item = (usize, usize)> {
    (0..SIDE * SIDE).map(|index| (index, index - index % SIDE + (SIDE - 1 - index % SIDE)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faces::Pose;
    use crate::theming::topology::canonical_face;

    const FACE: usize = 200;

    fn plane() -> FacePlane {
        let points = canonical_face().map(|[x, y]| {
            let depth = 80.0 * (x - 0.5).hypot(y - 0.5);
            [x * FACE as f32, y * FACE as f32, depth]
        });
        let landmarks = Landmarks {
            points: points.collect(),
            pose: Pose {
                yaw: 0.0,
                pitch: 0.0,
                roll: 0.0,
            },
            presence: 1.0,
        };
        FacePlane::of(&landmarks, [FACE, FACE])
    }

    /// A disc on the lower face as far from its middle as told.
    fn disc(aside: f32) -> Mask {
        let middle = FACE as f32 / 2.0;
        Mask::from_fn(FACE, FACE, |x, y| {
            let away = (x as f32 - middle - aside).hypot(y as f32 - 150.0);
            f32::from(u8::from(away < 15.0))
        })
    }

    #[test]
    fn what_grows_on_one_half_is_drawn_on_both() {
        let both = plane().symmetric(&disc(-35.0));
        for x in [65, 135] {
            assert!(both.row(150)[x] > 0.9, "{x}: {}", both.row(150)[x]);
        }
        assert!(both.row(150)[100] < 0.1, "{}", both.row(150)[100]);
    }

    #[test]
    fn halves_agree_where_both_are_covered_alike() {
        let plane = plane();
        let one = plane.agreement(&disc(-35.0));
        let two = plane.agreement(&Mask::from_fn(FACE, FACE, |x, y| {
            disc(-35.0).row(y)[x].max(disc(35.0).row(y)[x])
        }));
        assert!(one < 0.1, "{one}");
        assert!(two > 0.8, "{two}");
    }
}
