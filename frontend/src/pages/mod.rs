//! The screens, one file each, in the order in which a guest sees them.

pub mod camera;
pub mod gallery;
pub mod portrait;
pub mod review;
pub mod trouble;
pub mod welcome;
pub mod working;
