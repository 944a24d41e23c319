//! A photo and a theme in, a themed portrait of 2400 x 3200 pixels out (or fewer, see [`PortraitSize`]).
//!
//! The modules are the journey of the pixels, in order: [`decode`], [`moderate`], [`faces`]
//! (find, landmarks), [`judge`], [`matte`], [`heads`] (cut), [`theming`] (of faces), [`costume`]
//! (dress), [`compose`], [`paint`], [`grade`], [`check`], [`encode`].
//! [`Studio`] holds the models and walks a photo through them. No HTTP, no SQL, no S3.

mod art;
mod check;
mod colour;
mod compose;
mod costume;
mod decode;
mod drawing;
mod encode;
mod error;
mod faces;
mod filter;
#[cfg(fuzzing)]
pub mod fuzzing;
mod geometry;
mod grade;
mod heads;
mod judge;
mod matte;
mod mesh_regions;
mod mixture;
mod models;
mod moderate;
mod network_clock;
mod networks;
mod paint;
mod photo;
mod raster;
mod runtime;
mod side;
mod size;
mod step;
mod studio;
mod theme;
mod theming;
#[cfg(test)]
mod trial;

pub use art::{ArtBrush, ArtKind, paint_art};
pub use check::{CostumeReport, Failure, GuestReport, SkinReport};
pub use costume::LighterReason;
pub use encode::Format;
pub use error::{Refusal, RenderError};
pub(crate) use photo::Photo;
pub(crate) use raster::{Mask, Raster, Rgb, RgbRaster, Window};
pub use runtime::Device;
pub use size::PortraitSize;
pub use step::{Report, Step, StepTime, Warning};
pub use studio::{Order, Portrait, Studio, StudioConfig};
pub use theme::{Catalog, Mistake, Theme, Variant, find_mistakes};
