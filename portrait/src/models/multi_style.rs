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

    /// The painted picture has the size of the given one, whose sides are multiples of 4 and should
    /// be 768 pixels or more. `weights` are the shares of the styles and sum to 1.
    pub(crate) fn run(
        &mut self,
        picture: &RgbRaster,
        weights: &[f32; STYLES],
    ) -> ort::Result<RgbRaster> {
        let (width, height) = (picture.width(), picture.height());
        if !width.is_multiple_of(GRAIN) || !height.is_multiple_of(GRAIN) {
            return Err(ort::Error::new(format!(
                "the style network cannot paint {width} x {height}: sides are multiples of {GRAIN}"
            )));
        }
        let image = tensor::planes(picture)?;
        let weights = Tensor::from_array(([STYLES], weights.to_vec()))?;
        let outputs = self
            .session
            .run(ort::inputs!["image" => image, "style_weights" => weights])?;
        let (shape, values) = outputs["stylized"].try_extract_tensor::<f32>()?;
        tensor::picture(shape, values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::{models_dir, runtime};

    #[test]
    fn sizes_that_the_network_would_change_are_errors() {
        let mut network = MultiStyle::load(&runtime(), &models_dir()).unwrap();
        let mut paint = |width, height| {
            let picture = RgbRaster::filled(width, height, [0.5; 3]);
            network.run(&picture, &[1.0 / STYLES as f32; STYLES])
        };
        let painted = paint(96, 128).unwrap();
        assert_eq!((painted.width(), painted.height()), (96, 128));
        assert!(paint(98, 128).is_err() && paint(96, 127).is_err());
    }
}
