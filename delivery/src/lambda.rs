//! The same binary as AWS Lambda's `bootstrap`: which function it is, the environment says.

use crate::deadline::Deadline;
use crate::hooks::{Call, Hook};
use crate::place::Place;
use crate::report::Report;
use crate::validation::Quiet;
use crate::{aws::Aws, events, validation};
use anyhow::{Context, Result, ensure};
use clap::{Parser, ValueEnum};
use lambda_runtime::{LambdaEvent, service_fn};
use serde::Deserialize;
use serde_json::Value;
use std::time::{Duration, SystemTime};

/// Left to the runtime before Lambda ends the process: a report that is late by a moment is none.
const SPARE: Duration = Duration::from_secs(2);

/// For telling CodePipeline, or that nothing could be looked at.
const TELLING: Duration = Duration::from_secs(30);

/// What a function is told by its environment.
#[derive(Parser, Clone, Debug)]
pub struct Function {
    /// `pre-traffic`, `application-start`, `application-stop`, `validate-service`, `validate-deployment` or `events`.
    #[arg(long, env = "DELIVERY_FUNCTION")]
    function: String,

    #[command(flatten)]
    place: Place,
}

/// How CodeDeploy calls a hook.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HookEvent {
    deployment_id: String,
    lifecycle_event_hook_execution_id: String,
}

/// How CodePipeline calls an action.
#[derive(Debug, Deserialize)]
struct JobEvent {
    #[serde(rename = "CodePipeline.job")]
    job: Job,
}

#[derive(Debug, Deserialize)]
struct Job {
    id: String,
}

/// Takes one event after the other, until Lambda ends it.
///
/// # Errors
/// The Runtime API does not answer.
pub async fn serve() -> Result<()> {
    let answer = |event: LambdaEvent<Value>| Box::pin(answer(event));
    let served = lambda_runtime::run(service_fn(answer)).await;
    served.map_err(|error| anyhow::anyhow!("{error}"))
}

async fn answer(event: LambdaEvent<Value>) -> Result<Report, lambda_runtime::Error> {
    let ends = event.context.deadline() - SPARE;
    let report = match Function::try_parse_from(["bootstrap"]) {
        Ok(function) => Box::pin(function.answer(event.payload.clone(), ends - SPARE)).await,
        Err(error) => Err(error.into()),
    };
    if let Err(error) = &report {
        Box::pin(refuse(&event.payload, error, ends)).await?;
    }
    let report = report.map_err(|error| format!("{error:#}"))?;
    // Lambda's own answer is read by nobody. As an error, it leaves the call in the queue that an alarm watches.
    match report.unheard() {
        Some(reason) => {
            Err(format!("nobody took the answer to {}: {reason}", report.subject).into())
        }
        None => Ok(report),
    }
}

/// Who calls is told, even by a function that does not know what it is: CodeDeploy would wait for an hour, CodePipeline
/// for twenty minutes.
async fn refuse(event: &Value, error: &anyhow::Error, ends: SystemTime) -> Result<()> {
    let deadline = Deadline::after(TELLING).not_later_than(ends);
    let aws = Aws::open(&deadline).await;
    if let Ok(call) = HookEvent::deserialize(event) {
        let (id, execution) = (&call.deployment_id, &call.lifecycle_event_hook_execution_id);
        tracing::error!(
            deployment_id = id.as_str(),
            execution_id = execution.as_str(),
            "the hook is refused: {error:#}"
        );
        deadline
            .insist(async || aws.deployments.answer(id, execution, false).await)
            .await?;
    }
    if let Ok(JobEvent { job }) = JobEvent::deserialize(event) {
        let message = format!("{error:#}");
        deadline
            .insist(async || aws.pipelines.fail(&job.id, &message).await)
            .await?;
    }
    Ok(())
}

impl Function {
    async fn answer(self, event: Value, ends: SystemTime) -> Result<Report> {
        match self.function.as_str() {
            "validate-deployment" => self.validate(event, ends).await,
            "events" => {
                let event = serde_json::from_value(event)?;
                let report = events::take(event, &self.place, Some(ends)).await?;
                // Nobody reads this answer. As an error, Lambda tries the event twice more, and then leaves it in the
                // queue that an alarm watches. A value noted once more does no harm, and the trace is the same one.
                ensure!(!report.left_something_undone(), "{}", report.objections());
                Ok(report)
            }
            name => {
                let hook = Hook::from_str(name, false);
                let hook = hook.map_err(|_| anyhow::anyhow!("there is no function {name}"))?;
                let event: HookEvent =
                    serde_json::from_value(event).context("no call of a hook")?;
                let call = Call {
                    deployment_id: event.deployment_id,
                    execution_id: Some(event.lifecycle_event_hook_execution_id),
                };
                hook.run(call, self.place, Some(ends)).await
            }
        }
    }

    /// A job that nobody answers holds the pipeline up for twenty minutes: the last seconds are for that.
    async fn validate(self, event: Value, ends: SystemTime) -> Result<Report> {
        let event: JobEvent = serde_json::from_value(event).context("no job of a pipeline")?;
        let job = event.job.id;
        let mut report =
            validation::validate(&self.place, Quiet::Excused, Some(ends - TELLING)).await?;
        let deadline = Deadline::after(TELLING).not_later_than(ends);
        let aws = Aws::open(&deadline).await;
        let answer = deadline.insist(async || match report.passed() {
            true => aws.pipelines.pass(&job).await,
            false => aws.pipelines.fail(&job, &report.objections()).await,
        });
        let value = f64::from(u8::from(report.passed()));
        let note = deadline.insist(async || {
            aws.metrics
                .note(validation::METRIC, self.place.environment, "all", value)
                .await
        });
        let (answered, noted) = tokio::join!(answer, note);
        if let Err(error) = answered {
            report.add_unheard(error);
        }
        if let Err(error) = noted {
            tracing::error!("{} was not noted: {error:#}", validation::METRIC);
        }
        Ok(report)
    }
}
