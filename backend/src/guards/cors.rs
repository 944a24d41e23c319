//! Which other sites' pages may use the API from guests' browsers.

use crate::config::LimitsConfig;
use http::Method;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use std::time::Duration;
use tower_http::cors::CorsLayer;

/// How long a browser may remember what it was allowed.
const REMEMBERED: Duration = Duration::from_secs(3_600);

/// The layer that answers browsers' questions; `None` when no other site is allowed. Cookies are never sent: nothing
/// here knows any.
pub fn allow_origins(limits: &LimitsConfig) -> Option<CorsLayer> {
    let origins: Vec<HeaderValue> = limits.allowed_origins.clone();
    if origins.is_empty() {
        return None;
    }
    let layer = CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([
            CONTENT_TYPE,
            AUTHORIZATION,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("traceparent"),
        ])
        .expose_headers([
            RETRY_AFTER,
            LOCATION,
            HeaderName::from_static("x-request-id"),
        ])
        .max_age(REMEMBERED);
    Some(layer)
}
