//! What is noted of each request: a span in the log, counts and times by route, and a span of its trace.

use super::traces::{TRACEPARENT, Trail};
use crate::app::AppState;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use opentelemetry::trace::SpanKind;
use std::time::Instant;
use tracing::{Instrument, Span};

/// What is answered without a route of its own: the page and its files.
const NO_ROUTE: &str = "page";

/// Where the page shows the portrait of a link.
const SHARED_PAGE: &str = "/s/";

/// Watches a request from the moment it is routed to the head of its answer.
pub async fn watch(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = match request.extensions().get::<MatchedPath>() {
        Some(path) => path.as_str().to_owned(),
        None => NO_ROUTE.to_owned(),
    };
    let method = known(request.method());
    let trail = begin_trail(&app, &request, method, &route);
    request.extensions_mut().insert(trail.clone());
    // Health checks come every few seconds for ever: nobody wants to read of them.
    let is_health = route.starts_with("/api/health");
    let span = if is_health {
        Span::none()
    } else {
        span(&request, &route, &trail)
    };
    let response = next.run(request).instrument(span.clone()).await;

    let status = response.status();
    let seconds = began.elapsed().as_secs_f64();
    app.telemetry
        .metrics
        .note_request(&route, method, status.as_u16(), seconds);
    trail.set("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        trail.fail(status.canonical_reason().unwrap_or_default());
    }
    if !is_health {
        let duration_ms = seconds * 1_000.0;
        tracing::debug!(parent: &span, status = status.as_u16(), duration_ms, "answered {status} in {duration_ms:.1} ms");
    }
    response
}

/// A request in the log: never its query, which holds signatures, nor the token of a shared link.
fn span(request: &Request, route: &str, trail: &Trail) -> Span {
    let request_id = request
        .headers()
        .get("x-request-id")
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default();
    tracing::info_span!(
        "request",
        method = %request.method(),
        path = without_token(request.uri().path(), route),
        request_id,
        trace_id = trail.trace_id()
    )
}

/// The address as the log may name it: whoever reads a token there could follow its link.
fn without_token<'a>(path: &'a str, route: &'a str) -> &'a str {
    if route.contains("{token}") {
        route
    } else if path.starts_with(SHARED_PAGE) {
        SHARED_PAGE
    } else {
        path
    }
}

/// What a guest does with the API is traced, beneath the browser's own span where it names one; files, status and
/// health are asked for too often to be worth it.
fn begin_trail(app: &AppState, request: &Request, method: &'static str, route: &str) -> Trail {
    let is_traced = route.starts_with("/api/") && !matches!(method, "GET" | "HEAD" | "OPTIONS");
    if !is_traced {
        return Trail::default();
    }
    let parent = request.headers().get(TRACEPARENT);
    let parent = Trail::of(parent.and_then(|text| text.to_str().ok()));
    let name = format!("{method} {route}");
    let trail = app.telemetry.traces.begin(name, SpanKind::Server, &parent);
    trail.set("http.request.method", method);
    trail.set("http.route", route.to_owned());
    trail
}

/// A client may send any word for a method; metrics know a few.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_names_every_address_but_those_with_a_token() {
        let share = "/api/share/{token}/download";
        assert_eq!(without_token("/api/share/abc/download", share), share);
        assert_eq!(without_token("/s/abc", NO_ROUTE), "/s/");
        assert_eq!(without_token("/themes/s/abc", NO_ROUTE), "/themes/s/abc");
        let job = "/api/process/{id}";
        assert_eq!(without_token("/api/process/abc", job), "/api/process/abc");
    }
}
