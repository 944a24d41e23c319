//! Paints guests and world by one hand, so that the guests belong to the place they stand in.

mod cel;
pub(crate) mod oil;
mod strokes;

use crate::compose::Composite;
use crate::models::{CelPainter, MultiStyle};
use crate::theme::{Cover, Paint};
use crate::{Device, Mask, PortraitSize, RenderError, RgbRaster};

/// The networks that paint.
pub(crate) struct Brushes {
    pub styles: MultiStyle,
    pub cel: CelPainter,
}

/// The composite repainted, at the portrait's full size.
///
/// # Errors
/// [`RenderError::Inference`] when a network fails.
pub(crate) fn paint(
    brushes: &Brushes,
    composite: &Composite,
    recipe: &Paint,
) -> Result<RgbRaster, RenderError> {
    match recipe {
        Paint::Oil(brush) => Ok(oil::paint(
            &oil::Subject {
                picture: &composite.picture,
                photographed: &composite.photographed,
                faces: &composite.faces,
                features: &composite.features,
            },
            brush,
        )),
        Paint::Styles(brush) => strokes::paint(&brushes.styles, composite, brush),
        Paint::Cel(brush) => cel::paint(&brushes.cel, composite, brush),
    }
}

/// How much of the painting shows at a pixel that is `people` part guest and `face` part face.
fn coverage(cover: &Cover, people: f32, face: f32) -> f32 {
    let on_guest = cover.people + (cover.faces - cover.people) * face;
    cover.world + (on_guest - cover.world) * people
}

/// A mask brought to another raster's size by sampling.
fn sampled(mask: &Mask, width: usize, height: usize) -> Mask {
    let (step_x, step_y) = (
        mask.width() as f32 / width as f32,
        mask.height() as f32 / height as f32,
    );
    Mask::from_fn(width, height, |x, y| {
        mask.sample(
            (x as f32 + 0.5) * step_x - 0.5,
            (y as f32 + 0.5) * step_y - 0.5,
        )
    })
}

impl Brushes {
    /// Runs both networks as portraits of this size do.
    ///
    /// # Errors
    /// [`RenderError::Inference`] when one of them does not run.
    pub(crate) fn warm_up(&self, size: PortraitSize, device: Device) -> Result<(), RenderError> {
        strokes::warm_up(&self.styles, size)?;
        cel::warm_up(&self.cel, size, device)
    }
}
