//! The screens, one file each, in the order in which a guest sees them; and the page that a shared link opens.

pub mod camera;
pub mod gallery;
pub mod portrait;
pub mod review;
pub mod shared;
pub mod trouble;
pub mod welcome;
pub mod working;
