//! Connected pieces of a mask: pixels that hang together by their sides.

use crate::Mask;

/// Which piece each pixel belongs to.
pub(crate) struct Pieces {
    width: usize,
    /// 0 where there is none; pieces are numbered from 1.
    labels: Vec<u32>,
    /// Pixels of each piece, that of number 1 first.
    sizes: Vec<usize>,
}

impl Pieces {
    /// Finds every piece of pixels that belong.
    pub(crate) fn find(mask: &Mask, belongs: impl Fn(f32) -> bool) -> Self {
        let (width, height) = (mask.width(), mask.height());
        let mut pieces = Self {
            width,
            labels: vec![0; width * height],
            sizes: Vec::new(),
        };
        for start in 0..width * height {
            if pieces.labels[start] == 0 && belongs(mask.pixels()[start]) {
                pieces.flood(mask, start, &belongs);
            }
        }
        pieces
    }

    /// The piece at a place, 0 for none.
    pub(crate) fn label(&self, x: usize, y: usize) -> u32 {
        self.labels[y * self.width + x]
    }

    /// How many pixels a piece has.
    pub(crate) fn size(&self, label: u32) -> usize {
        self.sizes[label as usize - 1]
    }

    /// For each label (0 included) whether any of its pixels satisfies a condition on its place.
    pub(crate) fn touching(&self, is_there: impl Fn(usize, usize) -> bool) -> Vec<bool> {
        let mut touched = vec![false; self.sizes.len() + 1];
        for (index, &label) in self.labels.iter().enumerate() {
            if label > 0 && !touched[label as usize] {
                touched[label as usize] = is_there(index % self.width, index / self.width);
            }
        }
        touched
    }

    fn flood(&mut self, mask: &Mask, start: usize, belongs: &impl Fn(f32) -> bool) {
        let label = self.sizes.len() as u32 + 1;
        let (width, count) = (self.width, self.labels.len());
        let mut waiting = vec![start];
        let mut size = 0;
        self.labels[start] = label;
        while let Some(index) = waiting.pop() {
            size += 1;
            let x = index % width;
            let neighbours = [
                (x > 0).then(|| index - 1),
                (x + 1 < width).then(|| index + 1),
                index.checked_sub(width),
                (index + width < count).then(|| index + width),
            ];
            for next in neighbours.into_iter().flatten() {
                if self.labels[next] == 0 && belongs(mask.pixels()[next]) {
                    self.labels[next] = label;
                    waiting.push(next);
                }
            }
        }
        self.sizes.push(size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_do_not_connect() {
        let marks = [(1, 1), (2, 1), (3, 2), (6, 5), (6, 6), (5, 6)];
        let mask = Mask::from_fn(8, 8, |x, y| f32::from(u8::from(marks.contains(&(x, y)))));
        let pieces = Pieces::find(&mask, |value| value > 0.5);
        assert_eq!(pieces.label(0, 0), 0);
        assert_eq!(pieces.label(1, 1), pieces.label(2, 1));
        assert_ne!(pieces.label(2, 1), pieces.label(3, 2));
        assert_eq!(pieces.size(pieces.label(5, 6)), 3);
        let touched = pieces.touching(|x, _| x == 3);
        assert!(touched[pieces.label(3, 2) as usize] && !touched[pieces.label(1, 1) as usize]);
    }
}
