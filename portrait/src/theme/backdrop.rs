//! A theme's world as a picture: read from disk for every portrait, and kept for previews.

use crate::filter::{resize_photo, whole_of};
use crate::{PortraitSize, RenderError};
use anyhow::ensure;
use image::RgbImage;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// The picture behind the guests, 3:4.
#[derive(Debug)]
pub(crate) struct Backdrop {
    path: PathBuf,
    preview: OnceLock<Arc<RgbImage>>,
}

impl Backdrop {
    /// # Errors
    /// When the file is not there.
    pub(super) fn at(path: PathBuf) -> anyhow::Result<Self> {
        ensure!(
            path.is_file(),
            "a backdrop is not there: {}",
            path.display()
        );
        Ok(Self {
            path,
            preview: OnceLock::new(),
        })
    }

    /// The picture, at least as large as a portrait of this size where the file is.
    ///
    /// # Errors
    /// [`RenderError::Internal`] when the file has become unreadable since the start.
    pub(crate) fn read(&self, size: PortraitSize) -> Result<Arc<RgbImage>, RenderError> {
        if !size.is_preview() {
            return self.read_file().map(Arc::new);
        }
        if let Some(preview) = self.preview.get() {
            return Ok(Arc::clone(preview));
        }
        let picture = self.read_file()?;
        let width = PortraitSize::PREVIEW_WIDTH as u32;
        let height = width * picture.height() / picture.width();
        let preview = resize_photo(&picture, whole_of(&picture), width, height);
        // Two workers may have read at once; both copies are the same.
        Ok(Arc::clone(self.preview.get_or_init(|| Arc::new(preview))))
    }

    fn read_file(&self) -> Result<RgbImage, RenderError> {
        let picture = image::open(&self.path).map_err(|error| {
            RenderError::Internal(format!("backdrop {}: {error}", self.path.display()))
        })?;
        Ok(picture.into_rgb8())
    }
}
