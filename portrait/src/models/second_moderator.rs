//! A second opinion on what a photo shows: Yahoo's `open_nsfw` (224 x 224, harmless or explicit).

use super::network::Network;
use super::tensor::Tensor;
use crate::RgbRaster;
use crate::filter::resize_rgb;
use crate::runtime::Runtime;
use std::path::Path;

/// The picture is squeezed into a square of this side, of which the network sees the middle.
const SQUEEZED_SIDE: usize = 256;
/// Side of the square that the network sees.
const SIDE: usize = 224;
/// Mean blue, green and red of the pictures that the network was trained with, of 255.
const MEAN: [f32; 3] = [104.0, 117.0, 123.0];

/// Says how explicit photos are.
pub(crate) struct SecondModerator {
    network: Network,
}

impl SecondModerator {
    /// Opens `nsfw_open.onnx`.
    pub(crate) fn load(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        let network = Network::open(runtime, models, "nsfw_open.onnx")?;
        Ok(Self { network })
    }

    /// How sure the network is that the picture, of any size and shape, is explicit: 0 to 1.
    pub(crate) fn run(&self, picture: &RgbRaster) -> ort::Result<f32> {
        let outputs = self.network.run(vec![("input", seen(picture))])?;
        let &[_harmless, explicit] = &outputs.get("output")?.values[..] else {
            return Err(ort::Error::new(
                "the second moderation network does not have two classes",
            ));
        };
        Ok(explicit)
    }
}

/// The input: channels last, blue before green before red, 0 to 255 less the mean.
fn seen(picture: &RgbRaster) -> Tensor {
    let squeezed = resize_rgb(picture, SQUEEZED_SIDE, SQUEEZED_SIDE);
    let first = (SQUEEZED_SIDE - SIDE) / 2;
    let rows = (first..first + SIDE).map(|y| &squeezed.row(y)[first..first + SIDE]);
    let values = rows.flatten().flat_map(|&[red, green, blue]| {
        let channels = [blue, green, red];
        std::array::from_fn::<f32, 3, _>(|channel| channels[channel] * 255.0 - MEAN[channel])
    });
    Tensor::new(&[1, SIDE, SIDE, 3], values.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::{astronaut, models_dir, runtime};

    #[test]
    fn the_astronaut_scores_what_the_original_says() {
        let network = SecondModerator::load(&runtime(), &models_dir()).unwrap();
        // 0.0152 by the package's own code. On this photo the order of the channels hardly matters: see below for it.
        let explicit = network.run(&astronaut()).unwrap();
        assert!((explicit - 0.0152).abs() < 0.004, "{explicit}");
    }

    #[test]
    fn the_network_sees_the_middle_in_blue_green_red() {
        let picture = RgbRaster::from_fn(256, 256, |x, y| {
            if (16..240).contains(&x) && (16..240).contains(&y) {
                [0.2, 0.4, 0.6]
            } else {
                [1.0; 3]
            }
        });
        let input = seen(&picture);
        assert_eq!(input.shape, [1, 224, 224, 3]);
        for pixel in input.values.as_chunks::<3>().0 {
            for (value, wanted) in pixel
                .iter()
                .zip([153.0 - 104.0, 102.0 - 117.0, 51.0 - 123.0])
            {
                assert!((value - wanted).abs() < 0.01, "{pixel:?}");
            }
        }
    }
}
