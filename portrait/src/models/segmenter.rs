//! People against background: MediaPipe's selfie segmentation (model card: general, 256 x 256).

use super::network::Network;
use super::tensor::{Tensor, every_batch, in_batches};
use crate::filter::{Region, resize_rgb_region, whole};
use crate::runtime::Runtime;
use crate::{Mask, RgbRaster};
use std::path::Path;

/// Side of the square that the network sees.
const SIDE: usize = 256;

/// Says how much of each pixel is a person.
pub(crate) struct Segmenter {
    network: Network,
}

impl Segmenter {
    /// Opens `selfie_seg.onnx`.
    pub(crate) fn load(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        let network = Network::open(runtime, models, "selfie_seg.onnx")?;
        Ok(Self { network })
    }

    /// Runs the network in every size of batch.
    pub(crate) fn warm_up(&self) -> ort::Result<()> {
        let grey = RgbRaster::filled(SIDE, SIDE, [0.5; 3]);
        let regions = every_batch(&whole(&grey));
        self.run(&grey, &regions).map(|_| ())
    }

    /// Looks at regions of the picture, of any size and shape, each squeezed into a square; their masks
    /// are those squares, 256 x 256.
    pub(crate) fn run(&self, picture: &RgbRaster, regions: &[Region]) -> ort::Result<Vec<Mask>> {
        let mut masks = Vec::with_capacity(regions.len());
        for batch in in_batches(regions) {
            let squares: Vec<RgbRaster> = batch
                .iter()
                .map(|&region| resize_rgb_region(picture, region, SIDE, SIDE))
                .collect();
            let outputs = self
                .network
                .run(vec![("input", Tensor::of_all(&squares))])?;
            let seen = outputs.get("mask")?;
            masks.extend(
                seen.members()
                    .map(|mask| Mask::from_pixels(SIDE, SIDE, mask.to_vec())),
            );
        }
        Ok(masks)
    }
}
