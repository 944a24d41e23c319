//! Why a portrait was not made: the photo's fault, with a code, or the machine's.

use thiserror::Error;

/// What is wrong with a photo. Each has a code of its own in the API and a hint for the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("not a JPEG, PNG or WebP picture")]
    NotAnImage,
    #[error("the file ends before the picture does")]
    ImageTruncated,
    #[error("more than 10 MB")]
    FileTooLarge,
    #[error("more than 50 megapixels")]
    ImageTooManyPixels,
    #[error("longer than 4 to 1, or a side under 320 pixels")]
    ImageBadShape,
    #[error("refused by moderation")]
    Moderated,
    #[error("no face")]
    NoFace,
    #[error("every face is too small")]
    FaceTooSmall,
    #[error("too dark")]
    TooDark,
    #[error("too bright")]
    TooBright,
    #[error("too blurred")]
    TooBlurred,
    #[error("turned too far away")]
    TurnedAway,
}

/// Why there is no portrait.
#[derive(Debug, Error)]
pub enum RenderError {
    /// The guest can do something about it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("no theme {0:?}")]
    UnknownTheme(String),
    #[error("theme {theme:?} has no variant {variant:?}")]
    UnknownVariant { theme: String, variant: String },
    /// A model or the machine failed; the text is for operators.
    #[error("inference failed: {0}")]
    Inference(String),
    #[error("{0}")]
    Internal(String),
}

impl From<ort::Error> for RenderError {
    fn from(error: ort::Error) -> Self {
        Self::Inference(error.to_string())
    }
}
