//! The door for operators: metrics and health on a listener of their own, which guests do not reach.

use crate::app::AppState;
use crate::error::ApiError;
use crate::health;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header;
use tokio::net::TcpListener;

/// Prometheus asks for this form when it can read it, and reads it when it does not ask.
const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Every internal address.
pub fn routes(app: &AppState) -> Router {
    Router::new()
        .route("/metrics", get(show_metrics))
        .route("/api/health", get(health::show_health))
        .route("/api/health/live", get(health::show_live))
        .route("/api/health/ready", get(health::show_ready))
        .with_state(app.clone())
}

/// Answers until the process closes.
pub async fn serve(listener: TcpListener, app: AppState) {
    let served = axum::serve(listener, routes(&app))
        .with_graceful_shutdown(app.closing.clone().cancelled_owned())
        .await;
    if let Err(error) = served {
        tracing::error!("the internal listener failed: {error}");
    }
}

async fn show_metrics(State(app): State<AppState>) -> Response {
    let telemetry = &app.telemetry;
    telemetry.levels.read(&app, &telemetry.metrics).await;
    match telemetry.metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, OPENMETRICS)], text).into_response(),
        Err(error) => ApiError::from(anyhow::Error::new(error)).into_response(),
    }
}
