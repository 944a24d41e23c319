//! Painterly styles: the 26-style transfer network (Dumoulin, Shlens, Kudlur 2017), mixable.

use super::network::Network;
use super::tensor::Tensor;
use crate::RgbRaster;
use crate::runtime::Runtime;
use std::path::Path;

/// How many styles the network knows.
pub(crate) const STYLES: usize = 26;
/// Width and height must be multiples of this: the network halves them twice.
const GRAIN: usize = 4;

/// Repaints pictures in a mixture of its styles.
pub(crate) struct MultiStyle {
    network: Network,
}

impl MultiStyle {
    /// Opens `style_multi26.onnx`.
    pub(crate) fn load(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        let network = Network::open(runtime, models, "style_multi26.onnx")?;
        Ok(Self { network })
    }

    /// The painted picture has the size of the given one, whose sides are multiples of 4 and should
    /// be 768 pixels or more. `weights` are the shares of the styles and sum to 1.
    pub(crate) fn run(
        &self,
        picture: &RgbRaster,
        weights: &[f32; STYLES],
    ) -> ort::Result<RgbRaster> {
        let (width, height) = (picture.width(), picture.height());
        if !width.is_multiple_of(GRAIN) || !height.is_multiple_of(GRAIN) {
            return Err(ort::Error::new(format!(
                "the style network cannot paint {width} x {height}: sides are multiples of {GRAIN}"
            )));
        }
        let image = Tensor::of(picture);
        let weights = Tensor::new(&[STYLES], weights.to_vec());
        let inputs = vec![("image", image), ("style_weights", weights)];
        self.network.run(inputs)?.get("stylized")?.picture()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::{models_dir, runtime};

    #[test]
    fn sizes_that_the_network_would_change_are_errors() {
        let network = MultiStyle::load(&runtime(), &models_dir()).unwrap();
        let paint = |width, height| {
            let picture = RgbRaster::filled(width, height, [0.5; 3]);
            network.run(&picture, &[1.0 / STYLES as f32; STYLES])
        };
        let painted = paint(96, 128).unwrap();
        assert_eq!((painted.width(), painted.height()), (96, 128));
        assert!(paint(98, 128).is_err() && paint(96, 127).is_err());
    }
}
