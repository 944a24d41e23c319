//! A guest at the booth: real Chromium with a fake camera, real page, real backend, real models.
//!
//! Needs Chromium, `ChromeDriver`, the built page and the models, so `cargo xtask test` runs it and a bare
//! `cargo test` does not.

mod axe;
mod booth;
mod chromium;
mod guest;
mod journey;
mod picture;
mod share;
mod trouble;
mod visit;
