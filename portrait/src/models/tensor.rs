//! Pictures to tensors and back: planes of one channel each (NCHW), as every network here wants them.

use crate::RgbRaster;
use ort::session::{Session, SessionOutputs};
use ort::value::Tensor;
use rayon::prelude::*;

/// A batch of one picture as three planes.
pub(super) fn planes(picture: &RgbRaster) -> ort::Result<Tensor<f32>> {
    let pixels = picture.pixels();
    let mut values = vec![0.0; pixels.len() * 3];
    values
        .par_chunks_mut(pixels.len().max(1))
        .enumerate()
        .for_each(|(channel, plane)| {
            for (value, pixel) in plane.iter_mut().zip(pixels) {
                *value = pixel[channel];
            }
        });
    Tensor::from_array(([1, 3, picture.height(), picture.width()], values))
}

/// Three planes as a picture; values outside 0 to 1 are cut off.
///
/// # Errors
/// When the tensor is not a batch of one picture.
pub(super) fn picture(shape: &[i64], values: &[f32]) -> ort::Result<RgbRaster> {
    let &[1, 3, height, width] = shape else {
        return Err(ort::Error::new(format!(
            "a picture was expected, not a tensor of {shape:?}"
        )));
    };
    let (width, height) = (width as usize, height as usize);
    let plane = width * height;
    Ok(RgbRaster::from_fn(width, height, |x, y| {
        let index = y * width + x;
        std::array::from_fn(|channel| values[channel * plane + index].clamp(0.0, 1.0))
    }))
}

/// Runs a network that takes one picture.
pub(super) fn run<'s>(
    session: &'s mut Session,
    input: &str,
    tensor: Tensor<f32>,
) -> ort::Result<SessionOutputs<'s>> {
    session.run(ort::inputs![input => tensor])
}

/// An output by its name, in the order of its shape.
pub(super) fn values<'o>(outputs: &'o SessionOutputs, name: &str) -> ort::Result<&'o [f32]> {
    let output = outputs
        .get(name)
        .ok_or_else(|| ort::Error::new(format!("the network has no output {name:?}")))?;
    Ok(output.try_extract_tensor::<f32>()?.1)
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
        // Without a library loaded no tensor can be made, so the planes are laid out by hand.
        let plane = |channel: usize| original.pixels().iter().map(move |pixel| pixel[channel]);
        let values: Vec<f32> = (0..3).flat_map(plane).collect();
        assert_eq!(picture(&[1, 3, 3, 5], &values).unwrap(), original);
        assert!(picture(&[1, 1, 9, 5], &values).is_err());
    }
}
