//! Themes as data: every world a guest can step into, read from `themes/<id>/theme.toml`.

mod catalog;
mod check;
mod mistake;
mod recipe;

#[cfg(fuzzing)]
pub(crate) use catalog::parse;
pub use catalog::{Catalog, Theme, Variant};
pub use mistake::{Mistake, find_mistakes};
pub(crate) use recipe::{Brush, CelBrush, Grade, Lamp, Layout, Light, Paint, StyleBrush};

#[cfg(test)]
mod tests;
