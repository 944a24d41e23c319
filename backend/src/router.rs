//! Every address that the backend answers, on one screen.

use crate::app::AppState;
use crate::error::ApiError;
use crate::guards;
use crate::storage::Endpoint;
use crate::telemetry::requests;
use crate::{description, frontend, gallery, headers, health, intake, panic_text, results};
use api::ErrorCode;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::any::Any;
use std::time::Duration;
use tokio::time::timeout;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};

/// A ticket or a submission is a few hundred bytes.
const MAX_JSON_BYTES: usize = 16 * 1024;

/// The routes and what every request passes on its way to them.
pub fn router(app: &AppState) -> Router {
    let http = &app.config.http;
    let request_limit = Duration::from_secs(http.request_timeout_seconds);
    let transfer_limit = Duration::from_secs(http.transfer_timeout_seconds);
    let reads = from_fn_with_state(app.guards.reads.clone(), guards::limit_rate);
    let presigned = from_fn_with_state(app.guards.presigned.clone(), guards::limit_rate);

    let tickets = Router::new()
        .route("/api/upload/presigned", post(intake::issue_ticket))
        .layer(presigned);
    // Asked for by load balancers, and answered from memory: not counted.
    let answers = Router::new()
        .route("/api/health", get(health::show_health))
        .route("/api/health/live", get(health::show_live))
        .route("/api/health/ready", get(health::show_ready))
        .route("/media/themes/{theme}/{file}", get(gallery::show_thumbnail))
        .merge(calls().layer(reads.clone()))
        .merge(tickets)
        .layer(DefaultBodyLimit::max(MAX_JSON_BYTES))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(request_limit, limit_time));
    // Lasts as long as somebody watches.
    let streams = Router::new()
        .route("/api/process/{id}/events", get(results::follow_job))
        .layer(reads.clone());

    // A whole file, as fast as whoever has the link takes it in.
    let files = Router::new()
        .route("/api/share/{token}/portrait", get(results::show_portrait))
        .route("/api/share/{token}/download", get(results::save_portrait))
        .layer(reads.clone())
        .layer(from_fn_with_state(transfer_limit, limit_time));

    let mut routes = answers.merge(streams).merge(files);
    if let Some(endpoint) = app.storage.embedded() {
        let storage = bucket(app.storage.bucket(), endpoint.clone()).layer(reads);
        routes = routes.merge(storage.layer(from_fn_with_state(transfer_limit, limit_time)));
    }
    routes = routes
        .fallback(frontend::serve_page)
        .method_not_allowed_fallback(async || ApiError::from(ErrorCode::MethodNotAllowed));
    if let Some(cors) = guards::allow_origins(&app.config.limits) {
        routes = routes.layer(cors);
    }
    routes
        .layer(
            ServiceBuilder::new()
                .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
                .layer(from_fn_with_state(app.clone(), requests::watch))
                .layer(PropagateRequestIdLayer::x_request_id())
                .layer(from_fn_with_state(
                    app.clone(),
                    headers::add_security_headers,
                ))
                .layer(from_fn_with_state(app.clone(), guards::identify))
                .layer(CatchPanicLayer::custom(after_panic)),
        )
        .with_state(app.clone())
}

/// What costs little, and is counted for each client.
fn calls() -> Router<AppState> {
    Router::new()
        .route("/api/themes", get(gallery::list_themes))
        .route("/api/themes/{id}", get(gallery::show_theme))
        .route("/api/process", post(intake::submit))
        .route(
            "/api/process/{id}",
            get(results::show_job).delete(results::delete_visit),
        )
        .route("/api/process/{id}/cancel", post(results::cancel_job))
        .route("/api/process/{id}/share", post(results::share_portrait))
        .route("/api/share/{token}", get(results::show_share))
        .route("/api/openapi.json", get(description::show_description))
        .route("/api/docs", get(description::go_to_docs))
        .route("/api/docs/", get(description::show_docs))
        .route("/api/docs/{file}", get(description::show_docs_file))
}

/// The embedded storage under the bucket's own path, as S3 clients address it.
fn bucket(name: &str, endpoint: Endpoint) -> Router<AppState> {
    // All that guests need; the backend itself does not come this way.
    let serve = get(serve_object).put(serve_object);
    Router::new()
        .route(&format!("/{name}"), serve.clone())
        .route(&format!("/{name}/"), serve.clone())
        .route(&format!("/{name}/{{*key}}"), serve)
        .with_state(endpoint)
}

async fn serve_object(State(endpoint): State<Endpoint>, request: Request) -> Response {
    match endpoint
        .call(request.map(s3s::Body::http_body_unsync))
        .await
    {
        Ok(response) => response.map(Body::new),
        Err(error) => {
            ApiError::from(anyhow::anyhow!("embedded storage: {error:?}")).into_response()
        }
    }
}

/// Ends a request that takes too long, with an answer that says so.
async fn limit_time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::from(ErrorCode::RequestTimedOut).into_response(),
    }
}

fn after_panic(panic: Box<dyn Any + Send>) -> Response {
    let text = panic_text::of(&*panic);
    ApiError::from(anyhow::anyhow!("a handler panicked: {text}")).into_response()
}
