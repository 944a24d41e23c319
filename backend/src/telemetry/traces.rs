//! Traces: one a portrait, from the browser's request through queue and steps to the storage, even when several
//! processes have their part in it.

use super::spans::SpanQueue;
use crate::config::{Role, TelemetryConfig};
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{
    SpanBuilder, SpanKind, Status, TraceContextExt, Tracer, TracerProvider,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};
use std::borrow::Cow;
use std::collections::HashMap;
use std::future::Future;
use std::time::SystemTime;

/// W3C's header, and the name of the column.
pub const TRACEPARENT: &str = "traceparent";

/// Where spans are begun; does nothing where no traces are sent.
#[derive(Clone, Debug)]
pub enum Traces {
    Off,
    On(SdkTracer),
}

/// A place in a trace: what is begun beneath it belongs to the same portrait. Its span, where it has one, ends with
/// its last copy.
#[derive(Clone, Debug, Default)]
pub struct Trail(Context);

impl Traces {
    pub(super) fn through(queue: SpanQueue, resource: Resource) -> Self {
        let provider = SdkTracerProvider::builder()
            // Whoever began the trace decides whether it is kept.
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::AlwaysOn)))
            .with_span_processor(queue)
            .with_resource(resource)
            .build();
        Self::On(provider.tracer(env!("CARGO_PKG_NAME")))
    }

    /// Begins a span that ends with its trail.
    pub fn begin(&self, name: String, kind: SpanKind, beneath: &Trail) -> Trail {
        match self {
            Self::Off => beneath.clone(),
            Self::On(tracer) => {
                let span = SpanBuilder::from_name(name).with_kind(kind);
                let span = tracer.build_with_context(span, &beneath.0);
                Trail(beneath.0.with_span(span))
            }
        }
    }

    /// Adds a span of something that is over.
    pub fn add(
        &self,
        name: impl Into<Cow<'static, str>>,
        beneath: &Trail,
        [began, ended]: [SystemTime; 2],
    ) {
        if let Self::On(tracer) = self {
            let span = SpanBuilder::from_name(name).with_start_time(began);
            let mut span = tracer.build_with_context(span, &beneath.0);
            opentelemetry::trace::Span::end_with_timestamp(&mut span, ended);
        }
    }

    /// Does some work within a span of its own.
    pub async fn within<T>(
        &self,
        name: &'static str,
        beneath: &Trail,
        work: impl Future<Output = T>,
    ) -> T {
        let _span = self.begin(name.to_owned(), SpanKind::Internal, beneath);
        work.await
    }
}

impl Trail {
    /// The place that a `traceparent` names; the beginning of a new trace where there is none, or a malformed one.
    pub fn of(traceparent: Option<&str>) -> Self {
        let carrier = traceparent.map(|text| (TRACEPARENT.to_owned(), text.to_owned()));
        let carrier: HashMap<_, _> = carrier.into_iter().collect();
        let propagator = TraceContextPropagator::new();
        Self(propagator.extract_with_context(&Context::new(), &carrier))
    }

    /// This place's name for others; `None` outside of every trace.
    pub fn traceparent(&self) -> Option<String> {
        let mut carrier = HashMap::new();
        TraceContextPropagator::new().inject_context(&self.0, &mut carrier);
        carrier.remove(TRACEPARENT)
    }

    /// The trace's id for the log; `None` outside of every trace.
    pub fn trace_id(&self) -> Option<String> {
        let span = self.0.span();
        let context = span.span_context();
        context.is_valid().then(|| context.trace_id().to_string())
    }

    pub fn set(&self, key: &'static str, value: impl Into<opentelemetry::Value>) {
        self.0.span().set_attribute(KeyValue::new(key, value));
    }

    /// Marks the span as failed.
    pub fn fail(&self, why: &str) {
        self.0.span().set_status(Status::error(why.to_owned()));
    }
}

/// What a collector is told about this process.
pub(super) fn resource(config: &TelemetryConfig, role: Role, name: &str) -> Resource {
    Resource::builder_empty()
        .with_service_name("ai-photobooth")
        .with_attributes([
            KeyValue::new("service.version", config.release.clone()),
            KeyValue::new("service.instance.id", name.to_owned()),
            KeyValue::new("deployment.environment.name", config.environment.clone()),
            KeyValue::new("photobooth.role", role.as_str()),
        ])
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_traceparent_survives_the_way_through_a_row() {
        let trail = Trail::of(Some(PARENT));
        assert_eq!(trail.traceparent().as_deref(), Some(PARENT));
        let id = trail.trace_id();
        assert_eq!(id.as_deref(), Some("4bf92f3577b34da6a3ce929d0e0e4736"));
        // Even through a process that sends no traces.
        let passed_on = Traces::Off.begin("request".to_owned(), SpanKind::Server, &trail);
        assert_eq!(passed_on.traceparent().as_deref(), Some(PARENT));
    }

    #[test]
    fn what_is_no_traceparent_begins_a_new_trace() {
        for text in [
            None,
            Some(""),
            Some("00-0-0-01"),
            Some("'; DROP TABLE photos"),
        ] {
            let trail = Trail::of(text);
            assert_eq!((trail.traceparent(), trail.trace_id()), (None, None));
        }
    }
}
