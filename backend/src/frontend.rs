//! Serves the built page: hashed files for ever, `index.html` fresh and for every address of the page's own.

use crate::app::AppState;
use crate::error::ApiError;
use api::ErrorCode;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, Uri, header};
use std::path::Path;
use tower::ServiceExt;
use tower_http::services::ServeDir;

/// A file whose name holds its hash never changes.
const HASHED: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Anything else is asked for again each time.
const FRESH: HeaderValue = HeaderValue::from_static("no-cache");

/// trunk writes a 64-bit hash into the name of every file it builds, without leading zeros.
const HASH_DIGITS: std::ops::RangeInclusive<usize> = 14..=16;

/// The folder that trunk wrote.
#[derive(Clone, Debug)]
pub struct Page {
    files: ServeDir,
}

impl Page {
    /// Opens the folder; `None`, with a line in the log, when nothing has been built into it.
    pub fn open(folder: &Path) -> Option<Self> {
        if !folder.join("index.html").is_file() {
            tracing::warn!("no page in {}: serving the API alone", folder.display());
            return None;
        }
        Some(Self {
            files: ServeDir::new(folder).precompressed_br(),
        })
    }

    async fn file(&self, request: Request) -> Response {
        match self.files.clone().oneshot(request).await {
            Ok(response) => response.map(Body::new),
            Err(never) => match never {},
        }
    }
}

/// Answers whatever no route does: a file of the page, the page itself, or 404.
pub async fn serve_page(State(app): State<AppState>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let is_ours = ["/api", "/media"]
        .iter()
        .any(|prefix| path == *prefix || path.starts_with(&format!("{prefix}/")));
    let reads = [Method::GET, Method::HEAD].contains(request.method());
    let Some(page) = app.page.as_ref().filter(|_| reads && !is_ours) else {
        return ApiError::from(ErrorCode::NotFound).into_response();
    };
    let mut name = path.rsplit('/').next().unwrap_or_default().to_owned();
    let (method, headers) = (request.method().clone(), request.headers().clone());
    let mut response = page.file(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        if name.contains('.') {
            return ApiError::from(ErrorCode::NotFound).into_response();
        }
        let mut index = Request::new(Body::empty());
        *index.method_mut() = method;
        *index.headers_mut() = headers;
        *index.uri_mut() = Uri::from_static("/index.html");
        response = page.file(index).await;
        name.clear();
    }
    // A name with a hash promises its content, and only a file of that name keeps the promise.
    let keeps = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let caching = if keeps && is_hashed(&name) {
        HASHED
    } else {
        FRESH
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, caching);
    response
}

fn is_hashed(name: &str) -> bool {
    name.split(|c: char| !c.is_ascii_hexdigit())
        .any(|part| HASH_DIGITS.contains(&part.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_hashed_names() {
        assert!(is_hashed("frontend-0123456789abcdef_bg.wasm"));
        assert!(is_hashed("style-fedcba987654321.css"));
        assert!(!is_hashed("index.html"));
        assert!(!is_hashed("favicon-abc.svg"));
    }
}
