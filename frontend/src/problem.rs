//! What can go wrong for a guest, what to say about it, and which button helps.

use api::{ErrorBody, ErrorCode};

/// Something that stands between the guest and the portrait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The guest or the browser's settings said no.
    CameraDenied,
    /// There is no camera.
    NoCamera,
    /// Another program holds the camera, or it was unplugged.
    CameraBusy,
    /// Browsers open cameras only for `https` and `localhost`.
    InsecurePage,
    /// No answer: the network is gone, the booth is being started again, or a request took too long.
    Offline,
    /// The storage did not take the photo.
    UploadRefused,
    /// The portrait was deleted, by its age or by its guest on another device.
    PortraitGone,
    /// The backend answered, and this is what it said.
    Answered {
        error: ErrorBody,
        /// When the backend asked to come back, in seconds.
        retry_after_seconds: Option<u32>,
    },
}

/// The one thing that most likely helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Another photo, from the camera or from a file.
    Retake,
    /// A photo from a file; no camera can be had.
    ChooseFile,
    /// The phone's own camera app, through a file field.
    PhoneCamera,
    /// Open the camera once more.
    OpenCamera,
    /// The same photo once more, when the guest says so.
    Retry,
    /// The same photo once more, by itself after so many seconds.
    RetryAfter { seconds: u32 },
    /// The same photo once more, by itself as soon as the booth answers.
    RetryWhenReached,
    /// Another theme for the same photo.
    ChooseTheme,
}

impl Remedy {
    /// Whether the page does it without the guest.
    pub fn is_automatic(self) -> bool {
        matches!(self, Self::RetryAfter { .. } | Self::RetryWhenReached)
    }
}

/// How long to wait when a busy backend does not say; short, because a portrait takes seconds.
const DEFAULT_WAIT_SECONDS: u32 = 5;
/// Nobody stands in front of a countdown for longer than this.
const LONGEST_WAIT_SECONDS: u32 = 120;

impl Problem {
    /// The backend's answer to a request that failed.
    ///
    /// `body` is what came with it; anything that is not an [`ErrorBody`] (a proxy's page, say)
    /// becomes what its status means.
    pub fn from_answer(status: u16, retry_after: Option<&str>, body: &str) -> Self {
        let error = serde_json::from_str(body).unwrap_or_else(|_| {
            ErrorBody::from(match status {
                404 => ErrorCode::NotFound,
                410 => ErrorCode::UnknownPhoto,
                413 => ErrorCode::FileTooLarge,
                415 => ErrorCode::UnsupportedMediaType,
                429 => ErrorCode::QueueFull,
                502..=504 => ErrorCode::NotReady,
                _ => ErrorCode::Internal,
            })
        });
        Self::Answered {
            error,
            retry_after_seconds: retry_after.and_then(|text| text.trim().parse().ok()),
        }
    }

    /// Why a job failed; one that does not say failed on our side.
    pub fn from_failed_job(error: Option<ErrorBody>) -> Self {
        Self::Answered {
            error: error.unwrap_or_else(|| ErrorCode::RenderFailed.into()),
            retry_after_seconds: None,
        }
    }

    /// What `getUserMedia` was rejected with, by the exception's name.
    pub fn from_camera_exception(name: &str) -> Self {
        match name {
            "NotAllowedError" | "SecurityError" => Self::CameraDenied,
            "NotFoundError" | "OverconstrainedError" => Self::NoCamera,
            _ => Self::CameraBusy,
        }
    }

    /// A stable name, for tests and for telling the people who run the booth.
    pub fn code(&self) -> String {
        match self {
            Self::CameraDenied => "CAMERA_DENIED".into(),
            Self::NoCamera => "NO_CAMERA".into(),
            Self::CameraBusy => "CAMERA_BUSY".into(),
            Self::InsecurePage => "INSECURE_PAGE".into(),
            Self::Offline => "OFFLINE".into(),
            Self::UploadRefused => "UPLOAD_REFUSED".into(),
            Self::PortraitGone => "PORTRAIT_GONE".into(),
            Self::Answered { error, .. } => error.code.to_string(),
        }
    }

    /// What happened, in one sentence.
    pub fn message(&self) -> &str {
        match self {
            Self::CameraDenied => "The camera is blocked.",
            Self::NoCamera => "No camera was found.",
            Self::CameraBusy => "The camera is in use.",
            Self::InsecurePage => "Live view needs a secure connection.",
            Self::Offline => "The connection to the booth is lost.",
            Self::UploadRefused => "The photo did not arrive.",
            Self::PortraitGone => "This portrait has been deleted.",
            Self::Answered { error, .. } => &error.message,
        }
    }

    /// What to do next.
    pub fn hint(&self) -> &str {
        match self {
            Self::CameraDenied => {
                "Allow it for this page in your browser's address bar, then try again. Or choose a photo you already have."
            }
            Self::NoCamera => "Choose a photo from this device, or drop one anywhere on this page.",
            Self::CameraBusy => {
                "Close other programs that use the camera, then try again. Or choose a photo you already have."
            }
            Self::InsecurePage => {
                "Your phone's own camera works just as well: open it here, or choose a photo you already have."
            }
            Self::Offline => {
                "Your photo is safe on this device. We keep trying, and go on by ourselves as soon as the booth answers."
            }
            Self::UploadRefused => "Your photo is still here. Send it once more.",
            Self::PortraitGone => "Your photo is still on this device: have it made once more.",
            Self::Answered { error, .. } => error
                .hint
                .as_deref()
                .unwrap_or("Try again; if it happens twice, tell the people who run the booth."),
        }
    }

    /// Which button helps.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::CameraDenied | Self::CameraBusy => Remedy::OpenCamera,
            Self::NoCamera => Remedy::ChooseFile,
            Self::InsecurePage => Remedy::PhoneCamera,
            Self::Offline => Remedy::RetryWhenReached,
            Self::UploadRefused | Self::PortraitGone => Remedy::Retry,
            Self::Answered {
                error,
                retry_after_seconds,
            } => answered_remedy(error.code, *retry_after_seconds),
        }
    }

    /// Whether the backend still has what it was given, so that a retry need not send it again.
    pub fn keeps_what_was_handed(&self) -> bool {
        match self {
            Self::Offline => true,
            Self::Answered { .. } => self.remedy().is_automatic(),
            _ => false,
        }
    }
}

fn answered_remedy(code: ErrorCode, retry_after_seconds: Option<u32>) -> Remedy {
    match code {
        ErrorCode::QueueFull | ErrorCode::NotReady | ErrorCode::RateLimited => {
            come_back_after(retry_after_seconds.unwrap_or(DEFAULT_WAIT_SECONDS))
        }
        ErrorCode::UnknownTheme | ErrorCode::UnknownVariant => Remedy::ChooseTheme,
        ErrorCode::UnsupportedMediaType
        | ErrorCode::FileTooLarge
        | ErrorCode::NotAnImage
        | ErrorCode::ImageTruncated
        | ErrorCode::ImageTooManyPixels
        | ErrorCode::ImageBadShape
        | ErrorCode::Refused
        | ErrorCode::NoFace
        | ErrorCode::FaceTooSmall
        | ErrorCode::TooDark
        | ErrorCode::TooBright
        | ErrorCode::TooBlurred
        | ErrorCode::TurnedAway => Remedy::Retake,
        _ => retry_after_seconds.map_or(Remedy::Retry, come_back_after),
    }
}

fn come_back_after(seconds: u32) -> Remedy {
    Remedy::RetryAfter {
        seconds: seconds.clamp(1, LONGEST_WAIT_SECONDS),
    }
}

impl From<ErrorCode> for Problem {
    fn from(code: ErrorCode) -> Self {
        Self::Answered {
            error: code.into(),
            retry_after_seconds: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_backend_is_told_in_its_own_words() {
        for code in ErrorCode::ALL.iter().copied() {
            let problem = Problem::from(code);
            assert_eq!(problem.code(), code.to_string());
            assert_eq!(problem.message(), code.message());
            assert!(problem.message().ends_with('.'), "{code}");
            match ErrorBody::from(code).hint {
                Some(hint) => assert_eq!(problem.hint(), hint, "{code}"),
                None => assert!(problem.hint().starts_with("Try again"), "{code}"),
            }
        }
    }

    /// Whoever is told to do something about the photo or the theme must find the button for it, and nobody else.
    #[test]
    fn every_code_of_the_backend_has_the_button_that_its_hint_speaks_of() {
        for code in ErrorCode::ALL.iter().copied() {
            let problem = Problem::from(code);
            let says = |words: &[&str]| words.iter().any(|word| problem.hint().contains(word));
            let about_photo = says(&[
                "Choose a",
                "Take another photo, ",
                "picture",
                "camera",
                "light",
                "lens",
                "here.",
            ]);
            let fits = match problem.remedy() {
                Remedy::Retake => about_photo,
                Remedy::ChooseTheme => says(&["Pick one"]),
                Remedy::Retry | Remedy::RetryAfter { .. } => !about_photo && !says(&["Pick one"]),
                // No answer of the backend is about this device's camera, or about no answer.
                _ => false,
            };
            let (hint, remedy) = (problem.hint(), problem.remedy());
            assert!(fits, "{code} says {hint:?} and offers {remedy:?}");
        }
    }

    #[test]
    fn a_bad_photo_is_retaken_and_our_own_fault_is_retried() {
        for code in [
            ErrorCode::NoFace,
            ErrorCode::TooDark,
            ErrorCode::Refused,
            ErrorCode::NotAnImage,
        ] {
            assert_eq!(Problem::from(code).remedy(), Remedy::Retake, "{code}");
        }
        for code in [
            ErrorCode::Internal,
            ErrorCode::TimedOut,
            ErrorCode::UnknownPhoto,
            ErrorCode::RenderFailed,
        ] {
            assert_eq!(Problem::from(code).remedy(), Remedy::Retry, "{code}");
        }
    }

    #[test]
    fn a_full_queue_waits_as_long_as_it_was_told() {
        let body = serde_json::to_string(&ErrorBody::from(ErrorCode::QueueFull)).unwrap();
        let wait = |header| Problem::from_answer(503, header, &body).remedy();
        assert_eq!(wait(Some("12")), Remedy::RetryAfter { seconds: 12 });
        assert_eq!(wait(Some("0")), Remedy::RetryAfter { seconds: 1 });
        assert_eq!(wait(Some("86400")), Remedy::RetryAfter { seconds: 120 });
        assert_eq!(wait(Some("soon")), Remedy::RetryAfter { seconds: 5 });
        assert_eq!(wait(None), Remedy::RetryAfter { seconds: 5 });
    }

    #[test]
    fn an_answer_that_is_not_ours_becomes_what_its_status_means() {
        let code = |status| Problem::from_answer(status, None, "<html>").code();
        assert_eq!(code(502), "NOT_READY");
        assert_eq!(code(410), "UNKNOWN_PHOTO");
        assert_eq!(code(413), "FILE_TOO_LARGE");
        assert_eq!(code(500), "INTERNAL");
    }

    #[test]
    fn the_backends_own_words_are_shown() {
        let body = r#"{"code":"NO_FACE","message":"Where are you?","hint":"Come here."}"#;
        let problem = Problem::from_answer(422, None, body);
        assert_eq!(
            (problem.message(), problem.hint()),
            ("Where are you?", "Come here.")
        );
    }

    #[test]
    fn each_refusal_of_the_camera_has_its_own_answer() {
        let remedy = |name| Problem::from_camera_exception(name).remedy();
        assert_eq!(
            Problem::from_camera_exception("NotAllowedError"),
            Problem::CameraDenied
        );
        assert_eq!(remedy("NotFoundError"), Remedy::ChooseFile);
        assert_eq!(remedy("NotReadableError"), Remedy::OpenCamera);
        assert_eq!(Problem::InsecurePage.remedy(), Remedy::PhoneCamera);
    }
}
