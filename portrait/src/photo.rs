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
    /// Whether the faces lay on their side or head, and the picture was turned.
    pub is_turned: bool,
}

impl Photo {
    /// Turns the photo clockwise, so many times by a quarter.
    pub(crate) fn turn(&mut self, quarters: usize) {
        self.picture = self.picture.turned(quarters);
        self.cut_side = self.cut_side.map(|side| side.turned(quarters));
        self.is_turned |= !quarters.is_multiple_of(4);
    }

    /// What the guest may want to know.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        let truncated = self.cut_side.map(|_| Warning::Truncated);
        let turned = self.is_turned.then_some(Warning::Turned);
        truncated.into_iter().chain(turned).collect()
    }
}
