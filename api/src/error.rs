//! Error codes and the one shape that every error body has.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A stable name for something that went wrong. Clients branch on it; people read the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    // The request.
    InvalidRequest,
    UnsupportedMediaType,
    FileTooLarge,
    NotFound,
    MethodNotAllowed,
    UnknownTheme,
    UnknownVariant,
    UnknownPhoto,
    PhotoNotUploaded,
    AlreadySubmitted,
    QueueFull,
    NotReady,
    // The photo as a file.
    NotAnImage,
    ImageTruncated,
    ImageTooManyPixels,
    ImageBadShape,
    // The photo as a picture of people.
    Refused,
    NoFace,
    FaceTooSmall,
    TooDark,
    TooBright,
    TooBlurred,
    TurnedAway,
    // The machine.
    RenderFailed,
    TimedOut,
    Internal,
}

impl ErrorCode {
    /// Every code, in the order of the enumeration.
    pub const ALL: [Self; 26] = [
        Self::InvalidRequest,
        Self::UnsupportedMediaType,
        Self::FileTooLarge,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::UnknownTheme,
        Self::UnknownVariant,
        Self::UnknownPhoto,
        Self::PhotoNotUploaded,
        Self::AlreadySubmitted,
        Self::QueueFull,
        Self::NotReady,
        Self::NotAnImage,
        Self::ImageTruncated,
        Self::ImageTooManyPixels,
        Self::ImageBadShape,
        Self::Refused,
        Self::NoFace,
        Self::FaceTooSmall,
        Self::TooDark,
        Self::TooBright,
        Self::TooBlurred,
        Self::TurnedAway,
        Self::RenderFailed,
        Self::TimedOut,
        Self::Internal,
    ];

    /// What a guest is told: a plain sentence, without internal text.
    pub fn message(self) -> &'static str {
        self.texts().0
    }

    /// What the guest can do next, where there is something to do.
    pub fn hint(self) -> Option<&'static str> {
        self.texts().1
    }

    fn texts(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::InvalidRequest => ("The request could not be understood.", None),
            Self::UnsupportedMediaType => (
                "This kind of file is not a photo we can use.",
                Some("Choose a JPEG, PNG or WebP picture."),
            ),
            Self::FileTooLarge => (
                "This photo is larger than 10 MB.",
                Some("Choose a smaller photo, or take one here."),
            ),
            Self::NotFound => ("There is nothing at this address.", None),
            Self::MethodNotAllowed => ("This address does not take that kind of request.", None),
            Self::UnknownTheme => (
                "There is no such theme.",
                Some("Pick one of the themes on the page."),
            ),
            Self::UnknownVariant => (
                "This theme has no such variant.",
                Some("Pick one of the theme's variants."),
            ),
            Self::UnknownPhoto => (
                "We do not know this photo; it may have expired.",
                Some("Take or choose the photo again."),
            ),
            Self::PhotoNotUploaded => (
                "The photo has not arrived yet.",
                Some("Upload the photo again, then ask for the portrait."),
            ),
            Self::AlreadySubmitted => (
                "A portrait of this photo is already being made.",
                Some("Wait for it, or take another photo."),
            ),
            Self::QueueFull => (
                "Many guests are waiting just now.",
                Some("Try again in a moment; your photo stays on this device."),
            ),
            Self::NotReady => (
                "The booth is still waking up.",
                Some("Try again in a few seconds."),
            ),
            _ => self.photo_texts(),
        }
    }

    fn photo_texts(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::NotAnImage => (
                "This file is not a picture we can read.",
                Some("Choose a JPEG, PNG or WebP picture."),
            ),
            Self::ImageTruncated => (
                "Part of this picture is missing.",
                Some("Save or download it again, or take a photo here."),
            ),
            Self::ImageTooManyPixels => (
                "This picture has more than 50 megapixels.",
                Some("Choose a smaller version of it."),
            ),
            Self::ImageBadShape => (
                "This picture is far too long or too small for a portrait.",
                Some("Choose an ordinary photo of at least 320 pixels a side."),
            ),
            Self::Refused => (
                "We cannot make a portrait of this photo.",
                Some("Take another photo, suitable for all ages."),
            ),
            Self::NoFace => (
                "We could not find a face.",
                Some("Look into the camera, with your whole face in the picture."),
            ),
            Self::FaceTooSmall => (
                "The faces are too small.",
                Some("Come closer to the camera and try again."),
            ),
            Self::TooDark => (
                "The photo is too dark.",
                Some("Turn towards a light and try again."),
            ),
            Self::TooBright => (
                "The photo is too bright.",
                Some("Step out of the direct light and try again."),
            ),
            Self::TooBlurred => (
                "The photo is blurred.",
                Some("Hold still, or wipe the lens, and try again."),
            ),
            Self::TurnedAway => (
                "The face is turned too far away.",
                Some("Look towards the camera and try again."),
            ),
            Self::TimedOut => (
                "The portrait took too long.",
                Some("Try again in a moment."),
            ),
            _ => (
                "Something went wrong on our side.",
                Some("Try again; if it happens twice, tell the people who run the booth."),
            ),
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// The body of every answer that is not a success, and the `error` of a failed job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    pub code: ErrorCode,
    /// A sentence for people.
    pub message: String,
    /// What to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl From<ErrorCode> for ErrorBody {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            message: code.message().to_owned(),
            hint: code.hint().map(str::to_owned),
        }
    }
}
