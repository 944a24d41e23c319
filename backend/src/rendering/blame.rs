//! Whose fault it is that there is no portrait, and what the guest is told.

use super::studio::Failure;
use api::ErrorCode;
use portrait::{Refusal, RenderError};

/// The code for the guest.
pub fn code_of(failure: &Failure) -> ErrorCode {
    match failure {
        Failure::Panicked(_) => ErrorCode::RenderFailed,
        Failure::Render(error) => match error {
            RenderError::Refused(refusal) => code_of_refusal(*refusal),
            RenderError::UnknownTheme(_) => ErrorCode::UnknownTheme,
            RenderError::UnknownVariant { .. } => ErrorCode::UnknownVariant,
            RenderError::Inference(_) | RenderError::Internal(_) => ErrorCode::RenderFailed,
        },
    }
}

/// Whose fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// The photo cannot become a portrait, whoever tries: it is deleted at once.
    Photo,
    /// The photo is kept for those who look into it.
    Machine,
}

impl Blame {
    pub fn of(failure: &Failure) -> Self {
        match failure {
            Failure::Render(RenderError::Refused(_)) => Self::Photo,
            Failure::Render(_) | Failure::Panicked(_) => Self::Machine,
        }
    }
}

fn code_of_refusal(refusal: Refusal) -> ErrorCode {
    match refusal {
        Refusal::NotAnImage => ErrorCode::NotAnImage,
        Refusal::ImageTruncated => ErrorCode::ImageTruncated,
        Refusal::FileTooLarge => ErrorCode::FileTooLarge,
        Refusal::ImageTooManyPixels => ErrorCode::ImageTooManyPixels,
        Refusal::ImageBadShape => ErrorCode::ImageBadShape,
        Refusal::Moderated => ErrorCode::Refused,
        Refusal::NoFace => ErrorCode::NoFace,
        Refusal::FaceTooSmall => ErrorCode::FaceTooSmall,
        Refusal::TooDark => ErrorCode::TooDark,
        Refusal::TooBright => ErrorCode::TooBright,
        Refusal::TooBlurred => ErrorCode::TooBlurred,
        Refusal::TurnedAway => ErrorCode::TurnedAway,
    }
}
