//! Clean cel paint: Real-ESRGAN's realesr-animevideov3, which redraws a small picture four times larger.

use super::tensor;
use crate::RgbRaster;
use crate::runtime::Runtime;
use ort::session::Session;
use std::path::Path;

/// Redraws pictures as animation cels.
pub(crate) struct CelPainter {
    session: Session,
}

impl CelPainter {
    /// Opens `anime_sr_x4.onnx`.
    pub(crate) fn load(runtime: &Runtime, models: &Path) -> anyhow::Result<Self> {
        let session = runtime.session(&models.join("anime_sr_x4.onnx"))?;
        Ok(Self { session })
    }

    /// A picture of any size; the result has four times its width and height. Fed a photo shrunk to
    /// 160 to 256 pixels it has nothing but shapes to go by, and draws them as flat, clean paint.
    pub(crate) fn run(&mut self, picture: &RgbRaster) -> ort::Result<RgbRaster> {
        let outputs = tensor::run(&mut self.session, "input", tensor::planes(picture)?)?;
        let (shape, values) = outputs["sr"].try_extract_tensor::<f32>()?;
        tensor::picture(shape, values)
    }
}
