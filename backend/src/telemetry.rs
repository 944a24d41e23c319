//! How the booth is watched: the log, metrics for Prometheus and CloudWatch, and traces. Requests and portraits only
//! note what happened; everything is sent in the background, from bounded queues.

pub mod cloudwatch;
mod levels;
mod log;
mod metrics;
pub mod requests;
mod spans;
mod tally;
mod traces;

use levels::Levels;
pub use log::start_log;
pub use metrics::{GivenBack, Metrics};
pub use traces::{Traces, Trail};

use crate::app::AppState;
use crate::config::{Config, Role};
use cloudwatch::Publisher;
use spans::SpanSender;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Where everybody notes what happened.
#[derive(Debug)]
pub struct Telemetry {
    pub metrics: Arc<Metrics>,
    pub levels: Levels,
    pub traces: Traces,
}

/// What carries it away, not running yet.
#[derive(Debug)]
pub struct Outbox {
    publisher: Option<Publisher>,
    spans: Option<SpanSender>,
}

/// What carries it away.
#[derive(Debug)]
pub struct Exporters {
    tasks: JoinSet<()>,
    enough: CancellationToken,
}

impl Telemetry {
    /// Prepares what the settings ask for; `name` is what this process is called.
    ///
    /// # Errors
    /// The collector's address is none.
    pub async fn open(config: &Config, role: Role, name: &str) -> anyhow::Result<(Self, Outbox)> {
        let settings = &config.telemetry;
        let metrics = Arc::new(Metrics::new(settings.cloudwatch));
        let mut traces = Traces::Off;
        let mut outbox = Outbox {
            publisher: None,
            spans: None,
        };
        if let Some(collector) = settings.collector() {
            let resource = traces::resource(settings, role, name);
            let (queue, sender) = spans::open(collector, &resource, &metrics)?;
            traces = Traces::through(queue, resource);
            outbox.spans = Some(sender);
        }
        if settings.cloudwatch {
            outbox.publisher = Some(Publisher::open(config, role, metrics.clone()).await);
        }
        let telemetry = Self {
            metrics,
            levels: Levels::default(),
            traces,
        };
        Ok((telemetry, outbox))
    }
}

impl Outbox {
    pub fn start(self, app: &AppState) -> Exporters {
        let enough = CancellationToken::new();
        let mut tasks = JoinSet::new();
        if let Some(spans) = self.spans {
            tasks.spawn(spans.keep_sending(enough.clone()));
        }
        if let Some(publisher) = self.publisher {
            tasks.spawn(publisher.keep_publishing(app.clone(), enough.clone()));
        }
        Exporters { tasks, enough }
    }
}

impl Exporters {
    /// Sends what is left, for as long as it may take.
    pub async fn finish(self, limit: Duration) {
        self.enough.cancel();
        if timeout(limit, self.tasks.join_all()).await.is_err() {
            tracing::warn!("the last metrics and traces could not be sent in time");
        }
    }
}
