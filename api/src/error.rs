//! Error codes, what people are told with each, and the one shape that every error body has.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Declares the codes, each with a plain sentence for people, free of internal text, and what to do next.
macro_rules! error_codes {
    ($($(#[$note:meta])* $code:ident => $message:literal, $hint:literal;)+) => {
        /// A stable name for something that went wrong. Clients branch on it; people read the message.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum ErrorCode {
            $($(#[$note])* $code,)+
        }

        impl ErrorCode {
            /// Every code, in the order of the enumeration.
            pub const ALL: &[Self] = &[$(Self::$code),+];

            /// What a guest is told: a plain sentence, without internal text.
            pub fn message(self) -> &'static str {
                match self { $(Self::$code => $message,)+ }
            }

            /// What to do next.
            pub fn hint(self) -> &'static str {
                match self { $(Self::$code => $hint,)+ }
            }
        }
    };
}

error_codes! {
    // The request.
    InvalidRequest => "The request could not be understood.",
        "Load the page again; programs find the request's form in the API's description.";
    UnsupportedMediaType => "This kind of file is not a photo we can use.",
        "Choose a JPEG, PNG or WebP picture.";
    FileTooLarge => "This photo is larger than 10 MB.",
        "Choose a smaller photo, or take one here.";
    NotFound => "There is nothing at this address.",
        "Go to the booth's first page.";
    MethodNotAllowed => "This address does not take that kind of request.",
        "Programs find the kinds it takes in the API's description.";
    RequestTimedOut => "The request took too long.",
        "Try again in a moment; your photo stays on this device.";
    /// This client asked too often; `Retry-After` says when to ask again.
    RateLimited => "That was a little fast.",
        "Wait a moment, then try again.";
    UnknownTheme => "There is no such theme.",
        "Pick one of the themes on the page.";
    UnknownVariant => "This theme has no such variant.",
        "Pick one of the theme's variants.";
    UnknownPhoto => "We do not know this photo; it may have expired.",
        "Take or choose the photo again.";
    PhotoNotUploaded => "The photo has not arrived yet.",
        "Upload the photo again, then ask for the portrait.";
    AlreadySubmitted => "A portrait of this photo was asked for before.",
        "See what became of it, or take another photo.";
    IdempotencyKeyReused => "This request's idempotency key belongs to another request.",
        "Use a new key for every new request.";
    QueueFull => "Many guests are waiting just now.",
        "Try again in a moment; your photo stays on this device.";
    NotReady => "The booth cannot make portraits at this moment.",
        "Try again in a few seconds.";
    // The guest's own.
    MissingSecret => "This is for the guest alone whose photo it is.",
        "Send the owner's secret that came with the answer to the wish.";
    WrongSecret => "This is not the secret of this photo's guest.",
        "Do it on the device that the portrait was asked for on.";
    AlreadyFinished => "There is nothing left to cancel: it is over.",
        "Delete it if you do not want to keep it.";
    /// A link was asked for to a portrait that is being made, or that failed.
    NotFinished => "There is no finished portrait yet.",
        "Wait until it is done, then ask for the link.";
    /// A link that never was, has ended, or whose portrait was deleted.
    UnknownShare => "This link has ended, or its portrait was deleted.",
        "Ask whoever gave it to you for a new one.";
    Cancelled => "The portrait was cancelled.",
        "Take another photo whenever you like.";
    // The photo as a file.
    NotAnImage => "This file is not a picture we can read.",
        "Choose a JPEG, PNG or WebP picture.";
    ImageTruncated => "Part of this picture is missing.",
        "Save or download it again, or take a photo here.";
    ImageTooManyPixels => "This picture has more than 50 megapixels.",
        "Choose a smaller version of it.";
    ImageBadShape => "This picture is far too long or too small for a portrait.",
        "Choose an ordinary photo of at least 320 pixels a side.";
    // The photo as a picture of people.
    Refused => "We cannot make a portrait of this photo.",
        "Take another photo, suitable for all ages.";
    NoFace => "We could not find a face.",
        "Look into the camera, with your whole face in the picture.";
    FaceTooSmall => "The faces are too small.",
        "Come closer to the camera and try again.";
    TooDark => "The photo is too dark.",
        "Turn towards a light and try again.";
    TooBright => "The photo is too bright.",
        "Step out of the direct light and try again.";
    TooBlurred => "The photo is blurred.",
        "Hold still, or wipe the lens, and try again.";
    TurnedAway => "The face is turned too far away.",
        "Look towards the camera and try again.";
    // The machine.
    RenderFailed => "The portrait could not be made.",
        "Try again; if it happens twice, tell the people who run the booth.";
    TimedOut => "The portrait took too long.",
        "Try again in a moment.";
    Internal => "Something went wrong on our side.",
        "Try again; if it happens twice, tell the people who run the booth.";
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// The body of every answer that is not a success, and the `error` of a failed job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
            hint: Some(code.hint().to_owned()),
        }
    }
}
