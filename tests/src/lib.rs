//! Drives the real system from outside; here is what its tests, benchmarks and pictures share.

pub mod backend_process;
pub mod camera_frame;
pub mod guest_api;
pub mod latency;
pub mod memory;
pub mod postgres;
pub mod s3;
pub mod small_themes;
