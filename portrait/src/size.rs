//! How large a portrait is: 2400 x 3200 pixels, or a smaller one of the same shape.

use std::fmt;
use std::str::FromStr;

/// Width and height of a portrait in pixels, three to four; 2400 x 3200 by default.
///
/// Smaller ones serve previews and load tests: everything that is measured in pixels shrinks with
/// them, and so does the time they take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortraitSize {
    width: usize,
}

impl PortraitSize {
    /// What a guest takes home.
    const FULL_WIDTH: usize = 2400;
    /// The largest preview.
    pub(crate) const PREVIEW_WIDTH: usize = 480;
    /// Less is no picture of anybody.
    const LEAST_WIDTH: usize = 120;
    /// The style network wants sides that are multiples of 4, three to four makes that 12.
    const STEP: usize = 12;

    /// The size of this width: a multiple of 12 between 120 and 2400.
    pub fn of_width(width: usize) -> Option<Self> {
        let fits = (Self::LEAST_WIDTH..=Self::FULL_WIDTH).contains(&width);
        (fits && width.is_multiple_of(Self::STEP)).then_some(Self { width })
    }

    pub fn width(self) -> usize {
        self.width
    }

    pub fn height(self) -> usize {
        self.width / 3 * 4
    }

    /// Whether it is made to be looked at and not to be kept: time counts more than the last strand of hair.
    pub(crate) fn is_preview(self) -> bool {
        self.width <= Self::PREVIEW_WIDTH
    }

    /// Width and height for arithmetic.
    pub(crate) fn sides(self) -> [f32; 2] {
        [self.width() as f32, self.height() as f32]
    }
}

impl Default for PortraitSize {
    fn default() -> Self {
        Self {
            width: Self::FULL_WIDTH,
        }
    }
}

impl FromStr for PortraitSize {
    type Err = String;

    /// Reads `300x400`.
    fn from_str(text: &str) -> Result<Self, String> {
        text.split_once('x')
            .and_then(|(width, _)| Self::of_width(width.parse().ok()?))
            .filter(|size| size.to_string() == text)
            .ok_or_else(|| {
                format!("{text:?} is not like \"300x400\": three to four, a width of 120 to 2400, a multiple of 12")
            })
    }
}

impl fmt::Display for PortraitSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width(), self.height())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_and_read() {
        for text in ["2400x3200", "300x400", "120x160"] {
            assert_eq!(text.parse::<PortraitSize>().unwrap().to_string(), text);
        }
        for wrong in [
            "",
            "300",
            "300x300",
            "301x401",
            "96x128",
            "3000x4000",
            "x",
            "+300x400",
        ] {
            assert!(wrong.parse::<PortraitSize>().is_err(), "{wrong:?}");
        }
        assert_eq!(PortraitSize::default().to_string(), "2400x3200");
    }
}
