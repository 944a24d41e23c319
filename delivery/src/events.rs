//! What EventBridge tells: pipelines and deployments that end, and values that others want noted.

use crate::aws::Aws;
use crate::deadline::Deadline;
use crate::examination::Examination;
use crate::finding::{Finding, Objection};
use crate::hooks::{Hook, application_stop, deadline};
use crate::place::{Place, Service};
use crate::report::Report;
use crate::settings::Settings;
use crate::trace;
use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;
use std::time::{Duration, SystemTime};

/// The check that the replaced tasks are gone.
const BLUE: &str = "blue";

/// An event of EventBridge, as far as it matters.
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    pub source: String,
    #[serde(rename = "detail-type")]
    pub kind: String,
    pub detail: Value,
}

/// What an event calls for.
#[derive(Debug, PartialEq)]
enum Matter {
    /// An execution of the pipeline is over.
    Pipeline {
        pipeline: String,
        execution: String,
        succeeded: bool,
    },
    Deployment {
        service: Service,
        succeeded: bool,
    },
    /// A value to be noted as it is.
    Value {
        metric: String,
        part: String,
        value: f64,
    },
    /// Nothing.
    Other,
}

impl Matter {
    /// The service that a deployment released, if the event is the end of one.
    fn released(&self) -> Option<Service> {
        match *self {
            Self::Deployment {
                service,
                succeeded: true,
            } => Some(service),
            _ => None,
        }
    }
}

/// Does what an event calls for.
///
/// # Errors
/// The settings that were compiled in are not as they should be, or the event makes no sense.
pub async fn take(
    event: Event,
    place: &Place,
    not_later_than: Option<SystemTime>,
) -> Result<Report> {
    let limit = Duration::from_secs(Settings::load()?.hook_seconds.application_stop);
    let deadline = deadline(limit, place, not_later_than);
    let matter = matter(&event, place)?;
    let released = matter.released();
    let aws = Aws::open(&deadline).await;
    let examination = Examination::default();
    let subject = format!("{} in {}", event.kind, place.environment);
    let looking = do_what_it_takes(matter, &aws, place, &deadline, &examination);
    let mut report = Report::of(subject, deadline, &examination, looking).await;
    if let Some(service) = released {
        note_application_stop(&mut report, &aws, place, &deadline, service).await;
    }
    Ok(report)
}

/// The second half of the `ApplicationStop` hook. Noted after all checks, in the time kept for reporting: blue that
/// does not go uses up the time of the checks.
async fn note_application_stop(
    report: &mut Report,
    aws: &Aws,
    place: &Place,
    deadline: &Deadline,
    service: Service,
) {
    let metric = Hook::ApplicationStop.metric();
    let value = f64::from(u8::from(report.has_passed(BLUE)));
    let part = service.to_string();
    let noted = deadline
        .insist(async || {
            let metrics = &aws.metrics;
            metrics.note(metric, place.environment, &part, value).await
        })
        .await;
    if let Err(error) = noted {
        report.add(metric, &Objection::Unknown(error));
    }
}

async fn do_what_it_takes(
    matter: Matter,
    aws: &Aws,
    place: &Place,
    deadline: &Deadline,
    examination: &Examination,
) {
    let note = |metric, part, value| note(aws, place, metric, part, value);
    match matter {
        Matter::Pipeline {
            pipeline,
            execution,
            succeeded,
        } => {
            let value = f64::from(u8::from(succeeded));
            examination
                .check("metric", note("PipelineResult", "pipeline", value))
                .await;
            let drawn = trace::draw(aws, place.environment, &pipeline, &execution);
            examination.check("trace", drawn).await;
        }
        Matter::Deployment { service, succeeded } => {
            let (part, value) = (service.to_string(), f64::from(u8::from(succeeded)));
            examination
                .check("metric", note("DeploymentResult", &part, value))
                .await;
            if succeeded {
                let gone = application_stop::blue_is_gone(aws, place, service, deadline);
                examination.check(BLUE, gone).await;
            }
        }
        Matter::Value {
            metric,
            part,
            value,
        } => {
            examination
                .check("metric", note(&metric, &part, value))
                .await;
        }
        Matter::Other => {
            examination
                .check("event", async { Ok("nothing is to be done".to_owned()) })
                .await;
        }
    }
}

async fn note(aws: &Aws, place: &Place, metric: &str, part: &str, value: f64) -> Finding {
    aws.metrics
        .note(metric, place.environment, part, value)
        .await?;
    Ok(format!("{metric} of {part} is {value}"))
}

fn matter(event: &Event, place: &Place) -> Result<Matter> {
    let text = |field: &str| {
        let value = event.detail[field].as_str().map(str::to_owned);
        value.with_context(|| format!("{} without {field:?}", event.kind))
    };
    let matter = match (event.source.as_str(), event.kind.as_str()) {
        ("aws.codepipeline", "CodePipeline Pipeline Execution State Change") => {
            let state = text("state")?;
            match state.as_str() {
                "SUCCEEDED" | "FAILED" | "STOPPED" | "CANCELED" => Matter::Pipeline {
                    pipeline: text("pipeline")?,
                    execution: text("execution-id")?,
                    succeeded: state == "SUCCEEDED",
                },
                // Begun, or replaced by a newer one before it began.
                _ => Matter::Other,
            }
        }
        ("aws.codedeploy", "CodeDeploy Deployment State-change Notification") => {
            let service = Service::of_group(&text("deploymentGroup")?, place.environment);
            match (service, text("state")?.as_str()) {
                (Some(service), "SUCCESS") => Matter::Deployment {
                    service,
                    succeeded: true,
                },
                (Some(service), "FAILURE" | "STOP") => Matter::Deployment {
                    service,
                    succeeded: false,
                },
                _ => Matter::Other,
            }
        }
        // What is only said goes to people by mail.
        ("ai-photobooth", _) if event.detail["metric"].is_string() => Matter::Value {
            metric: text("metric")?,
            part: text("service")?,
            value: event.detail["value"]
                .as_f64()
                .context("a value that is no number")?,
        },
        _ => Matter::Other,
    };
    Ok(matter)
}
