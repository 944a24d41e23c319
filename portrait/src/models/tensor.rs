//! What goes into a network and comes out: numbers with a shape, and pictures as planes of one channel each (NCHW), as
//! every network here wants them.

use crate::RgbRaster;
use rayon::prelude::*;

/// Batches in which pictures of one size go through a network: few sizes, so that a GPU keeps ready what it has
/// worked out for each; and none of eight, with which the segmenter takes a fifth longer on a processor.
const BATCHES: [usize; 3] = [4, 2, 1];

/// Numbers in rows of rows: the last axis changes fastest.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tensor {
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

impl Tensor {
    pub(super) fn new(shape: &[usize], values: Vec<f32>) -> Self {
        Self {
            shape: shape.to_vec(),
            values,
        }
    }

    /// A batch of one picture.
    pub(super) fn of(picture: &RgbRaster) -> Self {
        Self::of_all(std::slice::from_ref(picture))
    }

    /// A batch of pictures, all as large as the first.
    pub(super) fn of_all(pictures: &[RgbRaster]) -> Self {
        let (width, height) = pictures
            .first()
            .map_or((0, 0), |first| (first.width(), first.height()));
        let plane = width * height;
        let mut values = vec![0.0; plane * 3 * pictures.len()];
        values
            .par_chunks_mut(plane.max(1))
            .enumerate()
            .for_each(|(index, plane)| {
                let (picture, channel) = (&pictures[index / 3], index % 3);
                for (value, pixel) in plane.iter_mut().zip(picture.pixels()) {
                    *value = pixel[channel];
                }
            });
        Self::new(&[pictures.len(), 3, height, width], values)
    }

    /// What belongs to each member of the batch.
    pub(super) fn members(&self) -> impl Iterator<Item = &[f32]> {
        let members = self.shape.first().copied().unwrap_or(1).max(1);
        self.values
            .chunks_exact((self.values.len() / members).max(1))
    }

    /// A batch of one picture as that picture; values outside 0 to 1 are cut off.
    ///
    /// # Errors
    /// When it is anything else.
    pub(super) fn picture(&self) -> ort::Result<RgbRaster> {
        let &[1, 3, height, width] = &self.shape[..] else {
            let shape = &self.shape;
            return Err(ort::Error::new(format!(
                "a picture was expected, not a tensor of {shape:?}"
            )));
        };
        let plane = width * height;
        Ok(RgbRaster::from_fn(width, height, |x, y| {
            let index = y * width + x;
            std::array::from_fn(|channel| self.values[channel * plane + index].clamp(0.0, 1.0))
        }))
    }
}

/// Cuts a list into batches.
pub(super) fn in_batches<T>(mut items: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = BATCHES.into_iter().find(|&size| size <= items.len())?;
        let (batch, rest) = items.split_at(size);
        items = rest;
        Some(batch)
    })
}

/// As many copies as make every size of batch once.
pub(super) fn every_batch<T: Clone>(item: &T) -> Vec<T> {
    vec![item.clone(); BATCHES.iter().sum()]
}

/// 0 to 1 for any number.
pub(super) fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit.clamp(-100.0, 100.0)).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_survives_the_round_trip() {
        let original = RgbRaster::from_fn(5, 3, |x, y| [x as f32 / 5.0, y as f32 / 3.0, 0.5]);
        let tensor = Tensor::of(&original);
        assert_eq!(tensor.shape, [1, 3, 3, 5]);
        assert_eq!(tensor.picture().unwrap(), original);
    }

    #[test]
    fn each_member_of_a_batch_is_its_own_picture() {
        let pictures = [0.25, 0.5, 0.75].map(|value| RgbRaster::filled(4, 2, [value; 3]));
        let batch = Tensor::of_all(&pictures);
        let firsts: Vec<f32> = batch.members().map(|values| values[0]).collect();
        assert_eq!(firsts, [0.25, 0.5, 0.75]);
        assert!(batch.members().all(|values| values.len() == 24));
    }

    #[test]
    fn batches_come_in_few_sizes_and_hold_everything() {
        for count in 0..30 {
            let items: Vec<usize> = (0..count).collect();
            let batches: Vec<&[usize]> = in_batches(&items).collect();
            assert_eq!(batches.concat(), items);
            assert!(batches.iter().all(|batch| BATCHES.contains(&batch.len())));
        }
        let sizes = in_batches(&every_batch(&()))
            .map(<[()]>::len)
            .collect::<Vec<_>>();
        assert_eq!(sizes, BATCHES);
    }
}
