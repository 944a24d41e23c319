//! What reads bytes of strangers, for tests/fuzz alone: compiled only under `--cfg fuzzing`.

use crate::theme;
use crate::{Refusal, decode};

/// Width and height of the decoded photo.
///
/// # Errors
/// Why it is no photo for a portrait.
pub fn decode(photo: &[u8]) -> Result<(usize, usize), Refusal> {
    decode::decode(photo).map(|photo| (photo.picture.width(), photo.picture.height()))
}

/// How many variants the text of a theme.toml describes.
///
/// # Errors
/// What is wrong with it.
pub fn read_theme(text: &str) -> anyhow::Result<usize> {
    theme::parse(text).map(|file| file.variants.len())
}
