//! A guest's photo on its way through the first steps, and what was wrong with it.

use crate::side::Side;
use crate::{RgbRaster, Warning};

/// What a file shows.
#[derive(Clone, Debug)]
pub(crate) struct Photo {
    /// At most 2560 pixels on the long side.
    pub picture: RgbRaster,
    /// The side at which the picture ends because the file did: what was missing there is cropped away.
    pub cut_side: Option<Side>,
}

impl Photo {
    /// What the guest may want to know.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        let truncated = self.cut_side.map(|_| Warning::Truncated);
        truncated.into_iter().collect()
    }
}
