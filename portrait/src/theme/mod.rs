//! Themes as data: every world a guest can step into, read from `themes/<id>/theme.toml`.

mod backdrop;
mod catalog;
mod check;
mod layers;
mod mistake;
mod recipe;
mod wardrobe;

#[cfg(fuzzing)]
pub(crate) use catalog::parse;
pub use catalog::{Catalog, Theme, Variant};
pub(crate) use layers::Layers;
pub use mistake::{Mistake, find_mistakes};
pub(crate) use recipe::{
    AnimatedFace, Bar, CelBrush, Cover, EyeLight, Grade, HairLight, Lamp, Layout, Light, Look,
    OilBrush, Paint, PaintKind, PaintedFace, Reshape, Stencil, StyleBrush,
};
pub(crate) use wardrobe::{Costume, Prop};

#[cfg(test)]
mod costume_tests;
#[cfg(test)]
mod tests;
