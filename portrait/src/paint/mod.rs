//! Paints guests and world by one hand, so that the guests belong to the place they stand in.

mod cel;
pub(crate) mod oil;
mod region;
mod strokes;

use crate::compose::Composite;
use crate::models::{CelPainter, MultiStyle};
use crate::runtime::Runtime;
use crate::theme::{Catalog, Cover, Paint};
use crate::{Device, Mask, PortraitSize, RenderError, RgbRaster};
use anyhow::Context;
use std::path::Path;

/// The networks that paint: those which a theme names.
pub(crate) struct Brushes {
    pub styles: Option<MultiStyle>,
    pub cel: Option<CelPainter>,
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
        Paint::Oil(brush) => Ok(oil::paint(&composite.into(), brush)),
        Paint::Styles(brush) => strokes::paint(loaded(&brushes.styles)?, composite, brush),
        Paint::Cel(brush) => cel::paint(loaded(&brushes.cel)?, composite, brush),
    }
}

fn loaded<T>(network: &Option<T>) -> Result<&T, RenderError> {
    network
        .as_ref()
        .ok_or_else(|| RenderError::Internal("the theme's paint network was not loaded".to_owned()))
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
    /// Loads the networks that a theme of the catalog paints with.
    ///
    /// # Errors
    /// When a model is missing or does not open.
    pub(crate) fn load(
        runtime: &Runtime,
        models: &Path,
        catalog: &Catalog,
    ) -> anyhow::Result<Self> {
        let is_named = |is_it: fn(&Paint) -> bool| {
            let mut variants = catalog.themes().iter().flat_map(|theme| &theme.variants);
            variants.any(|variant| is_it(&variant.paint))
        };
        Ok(Self {
            styles: is_named(|paint| matches!(paint, Paint::Styles(_)))
                .then(|| MultiStyle::load(runtime, models))
                .transpose()
                .context(
                    "a theme paints with styles: `models/build.py --optional` makes the model",
                )?,
            cel: is_named(|paint| matches!(paint, Paint::Cel(_)))
                .then(|| CelPainter::load(runtime, models))
                .transpose()?,
        })
    }

    /// Runs the networks as portraits of this size do.
    ///
    /// # Errors
    /// [`RenderError::Inference`] when one of them does not run.
    pub(crate) fn warm_up(&self, size: PortraitSize, device: Device) -> Result<(), RenderError> {
        if let Some(styles) = &self.styles {
            strokes::warm_up(styles, size)?;
        }
        if let Some(cel) = &self.cel {
            cel::warm_up(cel, device)?;
        }
        Ok(())
    }
}
