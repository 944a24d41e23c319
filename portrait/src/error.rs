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

impl Refusal {
    /// Every refusal.
    pub const ALL: [Self; 12] = [
        Self::NotAnImage,
        Self::ImageTruncated,
        Self::FileTooLarge,
        Self::ImageTooManyPixels,
        Self::ImageBadShape,
        Self::Moderated,
        Self::NoFace,
        Self::FaceTooSmall,
        Self::TooDark,
        Self::TooBright,
        Self::TooBlurred,
        Self::TurnedAway,
    ];

    /// What a guest is told: the sentence that the API has for it.
    pub fn message(self) -> &'static str {
        self.texts()[0]
    }

    /// What to do next: the API's hint.
    pub fn hint(self) -> &'static str {
        self.texts()[1]
    }

    fn texts(self) -> [&'static str; 2] {
        match self {
            Self::NotAnImage => [
                "This file is not a picture we can read.",
                "Choose a JPEG, PNG or WebP picture.",
            ],
            Self::ImageTruncated => [
                "Part of this picture is missing.",
                "Save or download it again, or take a photo here.",
            ],
            Self::FileTooLarge => [
                "This photo is larger than 10 MB.",
                "Choose a smaller photo, or take one here.",
            ],
            Self::ImageTooManyPixels => [
                "This picture has more than 50 megapixels.",
                "Choose a smaller version of it.",
            ],
            Self::ImageBadShape => [
                "This picture is far too long or too small for a portrait.",
                "Choose an ordinary photo of at least 320 pixels a side.",
            ],
            Self::Moderated => [
                "We cannot make a portrait of this photo.",
                "Take another photo, suitable for all ages.",
            ],
            Self::NoFace => [
                "We could not find a face.",
                "Look into the camera, with your whole face in the picture.",
            ],
            Self::FaceTooSmall => [
                "The faces are too small.",
                "Come closer to the camera and try again.",
            ],
            Self::TooDark => [
                "The photo is too dark.",
                "Turn towards a light and try again.",
            ],
            Self::TooBright => [
                "The photo is too bright.",
                "Step out of the direct light and try again.",
            ],
            Self::TooBlurred => [
                "The photo is blurred.",
                "Hold still, or wipe the lens, and try again.",
            ],
            Self::TurnedAway => [
                "The face is turned too far away.",
                "Look towards the camera and try again.",
            ],
        }
    }
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
