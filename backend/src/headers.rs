//! Headers that tell browsers to be careful with everything that we answer.

use crate::app::AppState;
use crate::config::Scheme;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderValue};

/// Every security header of an answer; the same for all.
pub fn security_headers(scheme: Scheme, storage_origin: Option<&str>) -> anyhow::Result<HeaderMap> {
    let policy = content_policy(storage_origin);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::try_from(policy)?);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // Addresses of portraits are secrets; no other site learns them.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(self), microphone=(), geolocation=()"),
    );
    // Pages of other sites get no handle on ours, and embed nothing of ours unless CORS lets them
    // (<img crossorigin>): portraits are nobody else's.
    for name in ["cross-origin-opener-policy", "cross-origin-resource-policy"] {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static("same-origin"),
        );
    }
    if scheme == Scheme::Https {
        // A year. Neighbours under the same domain are not ours to decide on.
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    Ok(headers)
}

/// Adds them.
pub async fn add_security_headers(
    State(app): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in &app.security_headers {
        // An answer may have a policy of its own.
        headers.entry(name).or_insert_with(|| value.clone());
    }
    response
}

/// What the page may load: its own files and WebAssembly, pictures it makes itself, and the storage when that
/// is elsewhere. Nothing inline: the page has neither scripts nor styles in its markup.
fn content_policy(storage_origin: Option<&str>) -> String {
    let storage = storage_origin.map(|origin| format!(" {origin}"));
    let storage = storage.as_deref().unwrap_or_default();
    [
        "default-src 'self'".to_owned(),
        "script-src 'self' 'wasm-unsafe-eval'".to_owned(),
        "style-src 'self'".to_owned(),
        format!("img-src 'self' blob: data:{storage}"),
        "media-src 'self' blob:".to_owned(),
        format!("connect-src 'self'{storage}"),
        "object-src 'none'".to_owned(),
        "base-uri 'none'".to_owned(),
        "form-action 'self'".to_owned(),
        "frame-ancestors 'none'".to_owned(),
    ]
    .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policy_names_the_scripts_and_the_storage() {
        let policy = content_policy(Some("https://s3.example"));
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"));
        assert!(policy.contains("connect-src 'self' https://s3.example;"));
        assert!(policy.contains("img-src 'self' blob: data: https://s3.example;"));
        assert!(content_policy(None).contains("connect-src 'self';"));
    }
}
