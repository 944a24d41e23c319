//! The scale of soft things (shadows, glow, face masks): worked out on rasters some times smaller than the portrait.

/// How many times smaller.
pub(crate) const SOFT_SCALE: usize = 6;

/// A blur's radius on a soft raster of this width.
pub(crate) fn soft_radius(share: f32, width: usize) -> usize {
    ((share * width as f32).round() as usize).max(1)
}

/// A portrait pixel's centre on the smaller raster of soft things.
pub(crate) fn soft(position: usize) -> f32 {
    (position as f32 + 0.5) / SOFT_SCALE as f32 - 0.5
}
