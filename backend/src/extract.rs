//! Reads the parts of a request; what does not fit becomes an [`ApiError`], never axum's plain text.

use crate::error::ApiError;
use crate::photo_id::PhotoId;
use api::ErrorCode;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use http::request::Parts;
use http::uri::Authority;
use http::{StatusCode, header};
use serde::de::DeserializeOwned;
use std::ops::RangeInclusive;

/// A JSON body.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        match Json::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(explain(&rejection)),
        }
    }
}

fn explain(rejection: &JsonRejection) -> ApiError {
    let message = match rejection.status() {
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            "Send the request as JSON, and say so in its content type."
        }
        StatusCode::PAYLOAD_TOO_LARGE => "The request is too large.",
        StatusCode::UNPROCESSABLE_ENTITY => {
            "A field of the request is missing or of the wrong type."
        }
        _ => "The body of the request is not valid JSON.",
    };
    ApiError::invalid(rejection.status(), message)
}

/// The photo that the address names. An id that is none of ours, whatever its form, is an unknown photo.
pub struct PhotoPath(pub PhotoId);

impl<S: Send + Sync> FromRequestParts<S> for PhotoPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Path::<String>::from_request_parts(parts, state)
            .await
            .ok()
            .and_then(|Path(text)| PhotoId::parse(&text))
            .map(Self)
            .ok_or(ErrorCode::UnknownPhoto.into())
    }
}

/// The token of a link that the address names. Whatever cannot be one is an unknown link.
pub struct TokenPath(pub String);

impl<S: Send + Sync> FromRequestParts<S> for TokenPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Path::<String>::from_request_parts(parts, state)
            .await
            .map(|Path(token)| Self(token))
            .map_err(|_| ErrorCode::UnknownShare.into())
    }
}

/// The host and port that the guest's browser used: what addresses of the embedded storage must begin with,
/// so that a phone which came by the machine's LAN address stays on it.
///
/// Only the `Host` header is believed. A guest who lies in it gets addresses that do not work and harms
/// nobody: the answer is theirs alone and is not cached.
#[derive(Clone, Debug)]
pub struct GuestHost(pub Authority);

impl<S: Send + Sync> FromRequestParts<S> for GuestHost {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts
            .headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok()?.parse::<Authority>().ok())
            .filter(|host| !host.host().is_empty() && !host.as_str().contains('@'))
            .map(Self)
            .ok_or_else(|| {
                ApiError::invalid(StatusCode::BAD_REQUEST, "The Host header is missing.")
            })
    }
}

/// The `Idempotency-Key` of a request, where it has one.
pub struct IdempotencyKey(pub Option<String>);

/// Long enough not to be met by chance: a UUID has 36 characters.
const KEY_LENGTHS: RangeInclusive<usize> = 16..=128;

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get("idempotency-key") else {
            return Ok(Self(None));
        };
        let key = value.to_str().ok();
        key.filter(|key| KEY_LENGTHS.contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()))
            .map(|key| Self(Some(key.to_owned())))
            .ok_or_else(|| {
                let message = "The Idempotency-Key is not 16 to 128 letters, digits and signs; a random UUID is a good one.";
                ApiError::invalid(StatusCode::BAD_REQUEST, message)
            })
    }
}

/// The owner's secret, sent as `Authorization: Bearer ...`.
pub struct Secret(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Secret {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let value = parts.headers.get(header::AUTHORIZATION);
        let text = value.and_then(|value| value.to_str().ok());
        text.and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, secret)| Self(secret.trim().to_owned()))
            .ok_or(ErrorCode::MissingSecret.into())
    }
}
