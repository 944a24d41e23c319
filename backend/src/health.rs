//! `GET /api/health`, `/live` and `/ready`: what works, for operators and load balancers.

use crate::app::{App, AppState};
use crate::jobs::queue::{self, Depth};
use api::{Component, ComponentState, Health, HealthStatus, Liveness, QueueState};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use std::future::Future;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// Load balancers and monitors ask often; database and storage are asked once in this time.
const PROBE_LIFE: Duration = Duration::from_secs(1);

/// A part that takes longer to answer is down.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// What the last look at database and storage found.
#[derive(Debug, Default)]
pub struct Probes {
    last: Mutex<Option<(Instant, Probe)>>,
}

#[derive(Clone, Debug)]
struct Probe {
    database: Component,
    storage: Component,
    /// `None` when the database does not answer.
    depth: Option<Depth>,
}

/// The process runs; nothing else is asked.
#[utoipa::path(
    get, path = "/api/health/live", tag = "health",
    responses((status = 200, body = Liveness, description = "The process runs")),
)]
pub async fn show_live(State(app): State<AppState>) -> Response {
    answer(
        StatusCode::OK,
        Liveness {
            status: HealthStatus::Healthy,
            release: app.config.telemetry.release.clone(),
        },
    )
}

/// Whether guests may be sent here: everything works, every model is warm, and nobody has told us to stop.
#[utoipa::path(
    get, path = "/api/health/ready", tag = "health",
    responses(
        (status = 200, body = Health, description = "Guests may be sent here"),
        (status = 503, body = Health, description = "Not now: starting, stopping or ill"),
    ),
)]
pub async fn show_ready(State(app): State<AppState>) -> Response {
    let health = report(&app).await;
    let ready = health.status == HealthStatus::Healthy && !app.stopping.is_cancelled();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    answer(status, health)
}

/// The whole report. Warming up is no illness.
#[utoipa::path(
    get, path = "/api/health", tag = "health",
    responses(
        (status = 200, body = Health, description = "Everything answers, or is still starting"),
        (status = 503, body = Health, description = "Something that a portrait needs does not answer"),
    ),
)]
pub async fn show_health(State(app): State<AppState>) -> Response {
    let health = report(&app).await;
    let status = match health.status {
        HealthStatus::Healthy | HealthStatus::Starting => StatusCode::OK,
        HealthStatus::Unhealthy => StatusCode::SERVICE_UNAVAILABLE,
    };
    answer(status, health)
}

fn answer(status: StatusCode, body: impl serde::Serialize) -> Response {
    let headers = [(header::CACHE_CONTROL, "no-store")];
    (status, headers, Json(body)).into_response()
}

async fn report(app: &App) -> Health {
    let probe = app.probes.look(app).await;
    let models = app.models.component();
    let states = [probe.database.state, probe.storage.state, models.state];
    let status = if states.contains(&ComponentState::Down) {
        HealthStatus::Unhealthy
    } else if states.contains(&ComponentState::Starting) {
        HealthStatus::Starting
    } else {
        HealthStatus::Healthy
    };
    Health {
        status,
        release: app.config.telemetry.release.clone(),
        database: probe.database,
        storage: probe.storage,
        models,
        queue: QueueState {
            queued: probe.depth.map(|depth| depth.queued),
            processing: probe.depth.map(|depth| depth.processing),
            limit: app.config.queue.queue_limit.into(),
        },
    }
}

impl Probes {
    /// Asks database and storage, or repeats what they said a moment ago.
    async fn look(&self, app: &App) -> Probe {
        // Held while asking, so that many who ask at once cause one question.
        let mut last = self.last.lock().await;
        if let Some((when, probe)) = last.as_ref()
            && when.elapsed() < PROBE_LIFE
        {
            return probe.clone();
        }
        // What was down before is not said again every second.
        let was_up = |part: fn(&Probe) -> &Component| {
            let before = last.as_ref().map(|(_, probe)| part(probe).state);
            before != Some(ComponentState::Down)
        };
        let news = [
            was_up(|probe| &probe.database),
            was_up(|probe| &probe.storage),
        ];
        let database = ask("database", news[0], async { Ok(app.db.check().await?) });
        let storage = ask("storage", news[1], app.storage.check());
        let (database, storage) = tokio::join!(database, storage);
        let depth = timeout(PROBE_TIMEOUT, queue::depth(&app.db.pool)).await;
        let depth = depth.ok().and_then(Result::ok);
        let probe = Probe {
            database,
            storage,
            depth,
        };
        *last = Some((Instant::now(), probe.clone()));
        probe
    }
}

async fn ask(
    name: &str,
    is_news: bool,
    question: impl Future<Output = anyhow::Result<()>>,
) -> Component {
    let (state, detail) = match timeout(PROBE_TIMEOUT, question).await {
        Ok(Ok(())) => (ComponentState::Up, None),
        Ok(Err(error)) => {
            if is_news {
                tracing::warn!("{name} is down: {error:#}");
            }
            (ComponentState::Down, Some("does not answer as it should"))
        }
        Err(_) => {
            if is_news {
                tracing::warn!("{name} is down: no answer in {PROBE_TIMEOUT:?}");
            }
            (ComponentState::Down, Some("does not answer in time"))
        }
    };
    Component {
        state,
        detail: detail.map(str::to_owned),
    }
}
