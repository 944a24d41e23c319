//! Whose fault it is that there is no portrait, and what the guest is told.

use super::studio::Failure;
use api::ErrorCode;
use portrait::{Refusal, RenderError};

/// Whose fault it is, and what the guest is told where trying again is no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The photo cannot become a portrait, whoever tries.
    Photo(ErrorCode),
    /// What was asked for is not there: another release's theme.
    Order(ErrorCode),
    /// This attempt's; the next may succeed.
    Attempt,
}

pub fn fault_of(failure: &Failure) -> Fault {
    match failure {
        Failure::Panicked(_) => Fault::Attempt,
        Failure::Render(error) => match error {
            RenderError::Refused(refusal) => Fault::Photo(code_of_refusal(*refusal)),
            RenderError::UnknownTheme(_) => Fault::Order(ErrorCode::UnknownTheme),
            RenderError::UnknownVariant { .. } => Fault::Order(ErrorCode::UnknownVariant),
            RenderError::Inference(_) | RenderError::Internal(_) => Fault::Attempt,
        },
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
