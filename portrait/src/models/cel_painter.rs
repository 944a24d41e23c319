//! Clean cel paint: Real-ESRGAN's realesr-animevideov3, which redraws a small picture four times larger.

use super::network::Network;
use super::tensor::Tensor;
use crate::RgbRaster;
use crate::runtime::Runtime;
use std::path::Path;

/// Redraws pictures as animation cels.
pub(crate) struct CelPainter {
    network: Network,
}

impl CelPainter {
    /// Opens `anime_sr_x4.onnx`.
    pub(crate) fn load(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        let network = Network::open(runtime, models, "anime_sr_x4.onnx")?;
        Ok(Self { network })
    }

    /// A picture of any size; the result has four times its width and height. Fed a photo shrunk to
    /// 160 to 256 pixels it has nothing but shapes to go by, and draws them as flat, clean paint.
    pub(crate) fn run(&self, picture: &RgbRaster) -> ort::Result<RgbRaster> {
        let outputs = self.network.run(vec![("input", Tensor::of(picture))])?;
        outputs.get("sr")?.picture()
    }
}
