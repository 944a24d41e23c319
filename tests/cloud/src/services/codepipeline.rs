//! CodePipeline: what its executions did, and what Lambda functions answer to its jobs.

use crate::pass::{Answer, Refusal, text, unknown};
use crate::world::{Action, JobResult, World};
use serde_json::{Value, json};

pub(crate) fn answer(world: &mut World, operation: &str, input: &Value) -> Answer {
    match operation {
        "ListActionExecutions" => list_actions(world, input),
        "PutJobSuccessResult" => put_result(world, input, JobResult::Success),
        "PutJobFailureResult" => {
            let message = text(&input["failureDetails"], "message")?.to_owned();
            text(&input["failureDetails"], "type")?;
            put_result(world, input, JobResult::Failure(message))
        }
        _ => unknown(operation),
    }
}

fn put_result(world: &mut World, input: &Value, result: JobResult) -> Answer {
    let job = text(input, "jobId")?;
    if world.reported.jobs.contains_key(job) {
        let message = format!("{job} has its result");
        return Err(Refusal::new("InvalidJobStateException", message));
    }
    world.reported.jobs.insert(job.to_owned(), result);
    Ok(json!({}))
}

/// The newest first, as CodePipeline lists them; two a page, so that a reader must turn pages.
fn list_actions(world: &World, input: &Value) -> Answer {
    const PAGE: usize = 2;
    let pipeline = text(input, "pipelineName")?;
    let execution = input["filter"]["pipelineExecutionId"].as_str();
    let found = world.actions.iter().rev().filter(|action| {
        action.pipeline == pipeline && execution.is_none_or(|asked| asked == action.execution)
    });
    let found: Vec<_> = found.collect();
    if found.is_empty() {
        let message = format!("there is no such execution of {pipeline}");
        return Err(Refusal::new("PipelineExecutionNotFoundException", message));
    }
    let page = input["nextToken"]
        .as_str()
        .and_then(|token| token.parse().ok());
    let page: usize = page.unwrap_or_default();
    let shown = found.chunks(PAGE).nth(page).unwrap_or_default();
    let is_last = (page + 1) * PAGE >= found.len();
    Ok(json!({
        "actionExecutionDetails": shown.iter().map(|action| describe(action)).collect::<Vec<_>>(),
        "nextToken": (!is_last).then(|| (page + 1).to_string()),
    }))
}

fn describe(action: &Action) -> Value {
    json!({
        "pipelineExecutionId": action.execution,
        "actionExecutionId": format!("{}-{}", action.stage, action.name),
        "pipelineVersion": 1,
        "stageName": action.stage,
        "actionName": action.name,
        "startTime": action.began,
        "lastUpdateTime": action.ended,
        "status": action.status,
        "input": { "actionTypeId": {
            "category": "Build", "owner": "AWS", "provider": action.provider, "version": "1",
        } },
        "output": { "executionResult": { "externalExecutionId": action.external } },
    })
}
