//! Whose fault it is that there is no portrait, and what the guest is told.

use super::studio::Failure;
use api::ErrorCode;
use portrait::{Device, Refusal, RenderError};

/// Whose fault it is, and what the guest is told where trying again is no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The photo cannot become a portrait, whoever tries.
    Photo(ErrorCode),
    /// What was asked for is not there: another release's theme.
    Order(ErrorCode),
    /// This attempt's; the next may succeed.
    Attempt,
    /// The graphics card's; the next attempt may succeed elsewhere. It counts as one, so that a photo which no card
    /// can render does not take down one process after another.
    Card,
}

/// Whose fault it was on this device. What CUDA once reports, it reports until the process ends; a processor
/// starts afresh with every photo.
pub fn fault_of(failure: &Failure, device: Device) -> Fault {
    match failure {
        Failure::Panicked(_) => Fault::Attempt,
        Failure::Render(error) => match error {
            RenderError::Refused(refusal) => Fault::Photo(code_of_refusal(*refusal)),
            RenderError::UnknownTheme(_) => Fault::Order(ErrorCode::UnknownTheme),
            RenderError::UnknownVariant { .. } => Fault::Order(ErrorCode::UnknownVariant),
            RenderError::Inference(_) if device != Device::Cpu => Fault::Card,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_tells_guests_what_the_api_tells_them() {
        for refusal in Refusal::ALL {
            let code = code_of_refusal(refusal);
            let told = (refusal.message(), refusal.hint());
            assert_eq!(told, (code.message(), code.hint()), "{refusal}");
        }
    }

    #[test]
    fn a_failed_network_is_the_cards_fault_and_on_a_processor_the_attempts() {
        let failure = Failure::Render(RenderError::Inference("an illegal address".to_owned()));
        assert_eq!(fault_of(&failure, Device::Cuda(0)), Fault::Card);
        assert_eq!(fault_of(&failure, Device::Cpu), Fault::Attempt);
        let panic = Failure::Panicked("out of paint".to_owned());
        assert_eq!(fault_of(&panic, Device::Cuda(0)), Fault::Attempt);
        let refused = Failure::Render(Refusal::NoFace.into());
        assert_eq!(
            fault_of(&refused, Device::Cuda(0)),
            Fault::Photo(ErrorCode::NoFace)
        );
    }
}
