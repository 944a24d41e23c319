//! What a photo shows, for moderation: nsfwjs' `MobileNet` V2 (224 x 224, five classes).

use super::network::Network;
use super::tensor::Tensor;
use crate::RgbRaster;
use crate::filter::resize_rgb;
use crate::runtime::Runtime;
use std::path::Path;

/// Side of the square that the network sees.
const SIDE: usize = 224;

/// How sure the network is of each class; together 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scores {
    pub drawing: f32,
    pub hentai: f32,
    pub neutral: f32,
    pub porn: f32,
    pub sexy: f32,
}

/// Classifies photos.
pub(crate) struct Moderator {
    network: Network,
}

impl Moderator {
    /// Opens `nsfw_mobilenet.onnx`.
    pub(crate) fn load(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        let network = Network::open(runtime, models, "nsfw_mobilenet.onnx")?;
        Ok(Self { network })
    }

    /// The picture, of any size and shape, is squeezed into the square.
    pub(crate) fn run(&self, picture: &RgbRaster) -> ort::Result<Scores> {
        let squeezed = resize_rgb(picture, SIDE, SIDE);
        let outputs = self.network.run(vec![("input", Tensor::of(&squeezed))])?;
        let &[drawing, hentai, neutral, porn, sexy] = &outputs.get("output")?.values[..] else {
            return Err(ort::Error::new(
                "the moderation network does not have five classes",
            ));
        };
        Ok(Scores {
            drawing,
            hentai,
            neutral,
            porn,
            sexy,
        })
    }
}
