//! Sends metrics to Amazon CloudWatch: once a minute, in batches, in the background. What cannot be sent waits for the
//! next minute; what does not fit any more is dropped and counted.

use super::Metrics;
use super::metrics::Exporter;
use super::tally::{Name, Statistic, Unit};
use crate::app::{App, AppState};
use crate::config::{Config, Role};
use aws_config::BehaviorVersion;
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::config::retry::RetryConfig;
use aws_sdk_cloudwatch::config::timeout::TimeoutConfig;
use aws_sdk_cloudwatch::config::{Builder, Region, SharedCredentialsProvider};
use aws_sdk_cloudwatch::error::DisplayErrorContext;
use aws_sdk_cloudwatch::operation::put_metric_data::PutMetricDataError;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit, StatisticSet};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::{MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

const NAMESPACE: &str = "AI-Photobooth";

const INTERVAL: Duration = Duration::from_secs(60);

/// CloudWatch's own limit of one request.
const BATCH: usize = 1_000;

/// Values that wait for a service that does not answer: hours of a booth.
pub const PENDING_LIMIT: usize = 10_000;

/// A service that takes longer is asked again a minute later.
const CALL_TIMEOUT: Duration = Duration::from_secs(5);

/// What is to be sent, and to whom.
#[derive(Debug)]
pub struct Publisher {
    client: Client,
    environment: String,
    role: Role,
    metrics: Arc<Metrics>,
    pending: VecDeque<MetricDatum>,
}

impl Publisher {
    /// With the keys that AWS's own tools would find.
    pub async fn open(config: &Config, role: Role, metrics: Arc<Metrics>) -> Self {
        let found = aws_config::defaults(BehaviorVersion::latest())
            .region(region(config))
            .load()
            .await;
        Self::with_keys(config, role, metrics, found.credentials_provider())
    }

    pub fn with_keys(
        config: &Config,
        role: Role,
        metrics: Arc<Metrics>,
        keys: Option<SharedCredentialsProvider>,
    ) -> Self {
        let timeouts = TimeoutConfig::builder().operation_timeout(CALL_TIMEOUT);
        let mut client = Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .region(region(config))
            // The next minute is the next attempt.
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts.build());
        client.set_credentials_provider(keys);
        client.set_endpoint_url(config.telemetry.cloudwatch_endpoint.clone());
        Self {
            client: Client::from_conf(client.build()),
            environment: config.telemetry.environment.clone(),
            role,
            metrics,
            pending: VecDeque::new(),
        }
    }

    /// Publishes every minute until it is enough, and then once more.
    pub async fn keep_publishing(mut self, app: AppState, enough: CancellationToken) {
        let mut ticks = interval_at(tokio::time::Instant::now() + INTERVAL, INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !enough.is_cancelled() {
            tokio::select! {
                () = enough.cancelled() => {}
                _ = ticks.tick() => {}
            }
            self.publish(&app).await;
        }
        self.lose(self.pending.len());
    }

    /// Collects what happened and how things stand, and sends all that waits.
    pub async fn publish(&mut self, app: &App) {
        self.collect(app).await;
        while !self.pending.is_empty() {
            let batch: Vec<_> = self.pending.iter().take(BATCH).cloned().collect();
            let size = batch.len();
            let answer = self
                .client
                .put_metric_data()
                .namespace(NAMESPACE)
                .set_metric_data(Some(batch))
                .send()
                .await;
            let Err(error) = answer else {
                self.pending.drain(..size);
                continue;
            };
            tracing::warn!(
                "metrics could not be sent to CloudWatch: {}",
                DisplayErrorContext(&error)
            );
            if !error.as_service_error().is_some_and(is_final) {
                return;
            }
            self.lose(size);
        }
    }

    async fn collect(&mut self, app: &App) {
        let mut values = BTreeMap::new();
        // A minute in which nothing happened says so: no data is not the same as no failures.
        for metric in ["Portraits", "Failures"] {
            let nothing = Statistic {
                count: 0.0,
                ..Statistic::of(0.0)
            };
            values.insert(Name::whole(metric, Unit::Count), nothing);
        }
        values.extend(self.metrics.tally.take());
        let reading = app.telemetry.levels.read(app, &self.metrics).await;
        let mut level = |metric, unit, value| {
            values.insert(Name::whole(metric, unit), Statistic::of(value));
        };
        if let Some(backlog) = reading.backlog {
            level("QueueDepth", Unit::Count, backlog.queued as f64);
            let oldest = backlog.oldest_wait_seconds;
            level("OldestWaitSeconds", Unit::Seconds, oldest);
            level("BacklogPerWorker", Unit::Count, backlog.per_worker());
            level("Workers", Unit::Count, f64::from(backlog.workers));
        }
        if let Some(bytes) = reading.memory_bytes {
            level("MemoryBytes", Unit::Bytes, bytes as f64);
        }
        if let Some(device) = app.models.device() {
            let device = device.to_string();
            let usable = Name::by("UsableStudios", Unit::Count, "Device", &device);
            values.insert(usable, Statistic::of(reading.usable_studios as f64));
        }
        let now = DateTime::from(SystemTime::now());
        let data = values
            .iter()
            .map(|(name, value)| self.datum(name, value, now));
        let data: Vec<_> = data.collect();
        self.pending.extend(data);
        self.lose(self.pending.len().saturating_sub(PENDING_LIMIT));
    }

    /// Drops the oldest of what waits.
    fn lose(&mut self, count: usize) {
        if count > 0 {
            self.pending.drain(..count);
            self.metrics.note_lost(Exporter::Cloudwatch, count as u64);
        }
    }

    fn datum(&self, name: &Name, value: &Statistic, now: DateTime) -> MetricDatum {
        let own = [
            ("Environment", self.environment.as_str()),
            ("Role", self.role.as_str()),
        ];
        let further = name.dimension.as_ref();
        let further = further.map(|(name, value)| (*name, value.as_str()));
        let dimensions = own.into_iter().chain(further);
        let dimensions = dimensions.map(|(name, value)| {
            let dimension = Dimension::builder().name(name).value(value);
            dimension.build()
        });
        let datum = MetricDatum::builder()
            .metric_name(name.metric)
            .set_dimensions(Some(dimensions.collect()))
            .timestamp(now);
        let datum = match name.unit {
            Unit::Count => datum.unit(StandardUnit::Count).value(value.sum),
            Unit::Seconds => statistics(datum.unit(StandardUnit::Seconds), value),
            Unit::Bytes => statistics(datum.unit(StandardUnit::Bytes), value),
        };
        datum.build()
    }
}

fn statistics(
    datum: aws_sdk_cloudwatch::types::builders::MetricDatumBuilder,
    value: &Statistic,
) -> aws_sdk_cloudwatch::types::builders::MetricDatumBuilder {
    let statistics = StatisticSet::builder()
        .sample_count(value.count)
        .sum(value.sum)
        .minimum(value.min)
        .maximum(value.max);
    datum.statistic_values(statistics.build())
}

/// Whether the same values would be refused again.
fn is_final(error: &PutMetricDataError) -> bool {
    error.is_invalid_parameter_value_exception()
        || error.is_invalid_parameter_combination_exception()
        || error.is_missing_required_parameter_exception()
}

fn region(config: &Config) -> Region {
    let region = config.telemetry.cloudwatch_region.as_ref();
    Region::new(region.unwrap_or(&config.storage.s3_region).clone())
}
