//! People against background: MediaPipe's selfie segmentation (model card: general, 256 x 256).

use super::tensor;
use crate::filter::{Region, resize_rgb_region};
use crate::runtime::Runtime;
use crate::{Mask, RgbRaster};
use ort::session::Session;
use std::path::Path;

/// Side of the square that the network sees.
const SIDE: usize = 256;

/// Says how much of each pixel is a person.
pub(crate) struct Segmenter {
    session: Session,
}

impl Segmenter {
    /// Opens `selfie_seg.onnx`.
    pub(crate) fn load(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        let session = runtime.session(&models.join("selfie_seg.onnx"))?;
        Ok(Self { session })
    }

    /// Looks at a region of the picture, of any size and shape, squeezed into a square; the mask is
    /// that square, 256 x 256.
    pub(crate) fn run(&mut self, picture: &RgbRaster, region: Region) -> ort::Result<Mask> {
        let squeezed = resize_rgb_region(picture, region, SIDE, SIDE);
        let outputs = tensor::run(&mut self.session, "input", tensor::planes(&squeezed)?)?;
        let mask = tensor::values(&outputs, "mask")?;
        Ok(Mask::from_pixels(SIDE, SIDE, mask.to_vec()))
    }
}
