//! A photo and a theme in, a themed portrait of 2400 x 3200 pixels out (or fewer, see [`PortraitSize`]).
//!
//! The modules are the journey of the pixels, in order: [`decode`], [`moderate`], [`faces`]
//! (find, landmarks), [`judge`], [`matte`], [`compose`], [`paint`], [`grade`], [`encode`].
//! [`Studio`] holds the models and walks a photo through them. No HTTP, no SQL, no S3.

mod colour;
mod compose;
mod decode;
mod encode;
mod error;
mod faces;
mod filter;
#[cfg(fuzzing)]
pub mod fuzzing;
mod grade;
mod judge;
mod matte;
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
#[cfg(test)]
mod trial;

pub use encode::Format;
pub use error::{Refusal, RenderError};
pub(crate) use photo::Photo;
pub(crate) use raster::{Mask, Raster, Rgb, RgbRaster};
pub use runtime::Device;
pub use size::PortraitSize;
pub use step::{Report, Step, StepTime, Warning};
pub use studio::{Order, Portrait, Studio, StudioConfig};
pub use theme::{Catalog, Mistake, Theme, Variant, find_mistakes};
