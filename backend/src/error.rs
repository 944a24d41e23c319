//! What a guest is told when a request fails: the only place where an error becomes an HTTP answer.

use api::{ErrorBody, ErrorCode};
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use std::fmt;

/// How soon to ask again when the database is away: a server that starts anew takes seconds.
const AWAY_RETRY_SECONDS: u64 = 2;

/// An answer that is not a success: a stable code, the status that belongs to it, and for operators only,
/// the cause.
#[derive(Debug)]
pub struct ApiError {
    code: ErrorCode,
    status: StatusCode,
    message: Option<&'static str>,
    retry_after_seconds: Option<u64>,
    cause: Option<anyhow::Error>,
}

pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// A request that cannot be understood, with a sentence about what is wrong with it.
    pub fn invalid(status: StatusCode, message: &'static str) -> Self {
        Self {
            status,
            message: Some(message),
            ..Self::from(ErrorCode::InvalidRequest)
        }
    }

    /// Whether asking again would get the same answer.
    pub fn is_final(&self) -> bool {
        !self.status.is_server_error()
    }

    /// The same, with a `Retry-After` header. It says at least one second: zero would mean "at once".
    pub fn retry_after(self, seconds: u64) -> Self {
        Self {
            retry_after_seconds: Some(seconds.max(1)),
            ..self
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Some(cause) => write!(f, "{}: {cause:#}", self.code),
            None => write!(f, "{}", self.code),
        }
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            status: status_of(code),
            message: None,
            retry_after_seconds: None,
            cause: None,
        }
    }
}

impl From<anyhow::Error> for ApiError {
    fn from(cause: anyhow::Error) -> Self {
        Self {
            cause: Some(cause),
            ..Self::from(ErrorCode::Internal)
        }
    }
}

impl From<sqlx::Error> for ApiError {
    /// A database that is away for a moment is no fault of the request: the guest comes back.
    fn from(cause: sqlx::Error) -> Self {
        let is_away = match &cause {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
            // PostgreSQL's class 57P: shutting down, crashed, starting.
            sqlx::Error::Database(error) => {
                error.code().is_some_and(|code| code.starts_with("57P"))
            }
            _ => false,
        };
        let cause = anyhow::Error::new(cause).context("database");
        if is_away {
            Self {
                cause: Some(cause),
                ..Self::from(ErrorCode::NotReady).retry_after(AWAY_RETRY_SECONDS)
            }
        } else {
            cause.into()
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Some(cause) = &self.cause {
            tracing::error!(code = %self.code, "request failed: {cause:#}");
        }
        let mut body = ErrorBody::from(self.code);
        if let Some(message) = self.message {
            message.clone_into(&mut body.message);
        }
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        // An error is about this moment; nothing may keep it.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// The status of each code when it is the answer to a request. What a body or an address names and we do
/// not know is always 404; what a guest must do first is 422; what will pass is 503.
fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::InvalidRequest => StatusCode::BAD_REQUEST,
        ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::FileTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::NotFound
        | ErrorCode::UnknownTheme
        | ErrorCode::UnknownVariant
        | ErrorCode::UnknownPhoto
        | ErrorCode::UnknownShare => StatusCode::NOT_FOUND,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::RequestTimedOut => StatusCode::REQUEST_TIMEOUT,
        ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::MissingSecret => StatusCode::UNAUTHORIZED,
        ErrorCode::WrongSecret => StatusCode::FORBIDDEN,
        ErrorCode::AlreadySubmitted | ErrorCode::AlreadyFinished | ErrorCode::NotFinished => {
            StatusCode::CONFLICT
        }
        ErrorCode::PhotoNotUploaded
        | ErrorCode::IdempotencyKeyReused
        | ErrorCode::Cancelled
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
        | ErrorCode::TurnedAway => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::QueueFull | ErrorCode::NotReady | ErrorCode::TimedOut => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        ErrorCode::RenderFailed | ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
