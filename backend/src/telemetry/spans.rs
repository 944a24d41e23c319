//! Carries ended spans to the collector: a bounded queue that nobody waits at, emptied in the background. What does
//! not fit or does not arrive is counted.

use super::Metrics;
use super::metrics::Exporter;
use opentelemetry::Context;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanExporter as _, SpanProcessor};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

/// Spans that wait at most: a dozen seconds of a busy booth.
const QUEUE_LIMIT: usize = 4_096;

/// Spans sent at a time.
const BATCH: usize = 512;

/// How often the queue is emptied.
const INTERVAL: Duration = Duration::from_secs(1);

/// A collector that takes longer has lost the batch.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where ended spans go in.
#[derive(Debug)]
pub struct SpanQueue {
    spans: Sender<SpanData>,
    metrics: Arc<Metrics>,
}

/// Where they come out.
#[derive(Debug)]
pub struct SpanSender {
    spans: Receiver<SpanData>,
    exporter: SpanExporter,
    metrics: Arc<Metrics>,
}

/// A queue to a collector.
///
/// # Errors
/// The address is none.
pub fn open(
    collector: &str,
    resource: &Resource,
    metrics: &Arc<Metrics>,
) -> anyhow::Result<(SpanQueue, SpanSender)> {
    let mut exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", collector.trim_end_matches('/')))
        .with_protocol(Protocol::HttpBinary)
        .with_timeout(PATIENCE)
        .build()?;
    exporter.set_resource(resource);
    let (spans, received) = channel(QUEUE_LIMIT);
    let queue = SpanQueue {
        spans,
        metrics: metrics.clone(),
    };
    let sender = SpanSender {
        spans: received,
        exporter,
        metrics: metrics.clone(),
    };
    Ok((queue, sender))
}

impl SpanProcessor for SpanQueue {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if self.spans.try_send(span).is_err() {
            self.metrics.note_lost(Exporter::Otlp, 1);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl SpanSender {
    /// Sends until it is enough, and then what has come by then.
    pub async fn keep_sending(mut self, enough: CancellationToken) {
        let mut ticks = interval(INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !enough.is_cancelled() {
            tokio::select! {
                () = enough.cancelled() => {}
                _ = ticks.tick() => {}
            }
            self.empty().await;
        }
    }

    async fn empty(&mut self) {
        loop {
            let mut batch = Vec::new();
            while batch.len() < BATCH
                && let Ok(span) = self.spans.try_recv()
            {
                batch.push(span);
            }
            if batch.is_empty() {
                return;
            }
            let count = batch.len() as u64;
            let failure = match timeout(PATIENCE, self.exporter.export(batch)).await {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => error.to_string(),
                Err(_) => "the collector does not answer in time".to_owned(),
            };
            tracing::warn!("{count} spans of traces were lost: {failure}");
            self.metrics.note_lost(Exporter::Otlp, count);
        }
    }
}
