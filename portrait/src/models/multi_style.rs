//! Painterly styles: the 26-style transfer network (Dumoulin, Shlens, Kudlur 2017), mixable.

use super::tensor;
use crate::RgbRaster;
use crate::runtime::Runtime;
use ort::session::Session;
use ort::value::Tensor;
use std::path::Path;

/// How many styles the network knows.
pub(crate) const STYLES: usize = 26;
/// Width and height must be multiples of this: the network halves them twice.
const GRAIN: usize = 4;

/// Repaints pictures in a mixture of its styles.
pub(crate) struct MultiStyle {
    session: Session,
}

impl MultiStyle {
    /// Opens `style_multi26.onnx`.
    pub(crate) fn load(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        let session = runtime.session(&models.join("style_multi26.onnx"))?;
        Ok(Self { session })
    }

    /// The painted picture has the size of the given one, which should have 768 pixels a side or more.
    /// `weights` are the shares of the styles and sum to 1.
    pub(crate) fn run(
        &mut self,
        picture: &RgbRaster,
        weights: &[f32; STYLES],
    ) -> ort::Result<RgbRaster> {
        let padded = pad(picture);
        let image = tensor::planes(padded.as_ref().unwrap_or(picture))?;
        let weights = Tensor::from_array(([STYLES], weights.to_vec()))?;
        let outputs = self
            .session
            .run(ort::inputs!["image" => image, "style_weights" => weights])?;
        let (shape, values) = outputs["stylized"].try_extract_tensor::<f32>()?;
        let painted = tensor::picture(shape, values)?;
        if padded.is_none() {
            return Ok(painted);
        }
        Ok(RgbRaster::from_fn(
            picture.width(),
            picture.height(),
            |x, y| painted.row(y)[x],
        ))
    }
}

/// Mirrors the right and lower edge outwards until the network's grain fits; nothing where it does already.
fn pad(picture: &RgbRaster) -> Option<RgbRaster> {
    let (width, height) = (picture.width(), picture.height());
    let (wide, high) = (
        width.next_multiple_of(GRAIN),
        height.next_multiple_of(GRAIN),
    );
    (wide != width || high != height).then(|| {
        RgbRaster::from_fn(wide, high, |x, y| {
            picture.row(mirror(y, height))[mirror(x, width)]
        })
    })
}

/// Reflection about the last pixel, which itself is not repeated.
fn mirror(position: usize, size: usize) -> usize {
    if position < size {
        position
    } else {
        (2 * (size - 1)).saturating_sub(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_mirrors_without_repeating_the_edge() {
        let picture = RgbRaster::from_fn(6, 4, |x, _| [x as f32; 3]);
        let padded = pad(&picture).unwrap();
        let row: Vec<f32> = padded.row(0).iter().map(|pixel| pixel[0]).collect();
        assert_eq!(row, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 4.0, 3.0]);
        assert!(pad(&padded).is_none());
    }
}
