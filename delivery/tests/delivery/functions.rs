//! The binary as Lambda starts it: a process that asks the Runtime API for its events.

use crate::glibc;
use crate::runtime::{self, Answer};
use crate::stage::{DEPLOYMENT, LONG, Stage};
use photobooth_cloud::{Fault, Health, JobResult, Phase};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;

/// Lets a function answer one event within these seconds.
pub async fn invoke(stage: &Stage, function: &str, event: Value, seconds: f64) -> Answer {
    invoke_and_read(stage, function, event, seconds).await.0
}

/// The same, with the lines of its log.
async fn invoke_and_read(
    stage: &Stage,
    function: &str,
    event: Value,
    seconds: f64,
) -> (Answer, Vec<Value>) {
    let mut runtime = runtime::open(event, seconds).await;
    let mut command = stage.command(LONG);
    command
        .env("DELIVERY_FUNCTION", function)
        .env("AWS_LAMBDA_RUNTIME_API", &runtime.address)
        .env("AWS_LAMBDA_FUNCTION_NAME", "function")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let answer = tokio::select! {
        answer = runtime.answers.recv() => answer.unwrap(),
        ended = process.wait() => panic!("the function ended: {ended:?}"),
    };
    process.kill().await.unwrap();
    let log = process.wait_with_output().await.unwrap().stderr;
    let log = String::from_utf8(log).unwrap();
    print!("{log}");
    let lines = log.lines().map(serde_json::from_str);
    (answer, lines.collect::<Result<_, _>>().unwrap())
}

fn call(stage: &Stage, event: &str) -> Value {
    let execution = stage
        .cloud
        .change(|world| world.call_hook(DEPLOYMENT, event));
    json!({ "DeploymentId": DEPLOYMENT, "LifecycleEventHookExecutionId": execution })
}

fn job() -> Value {
    json!({ "CodePipeline.job": { "id": "job-1", "accountId": "1", "data": {} } })
}

#[test]
fn lambda_has_the_c_library_that_it_needs() {
    glibc::check(Path::new(env!("CARGO_BIN_EXE_delivery"))).unwrap();
}

#[tokio::test]
async fn a_hook_answers_codedeploy_and_lambda() {
    let stage = Stage::set("backend", Phase::Installed).await;
    let event = call(&stage, "AfterInstall");
    let (kind, report) = invoke(&stage, "application-start", event, LONG).await;
    assert_eq!(kind, "response", "{report}");
    assert_eq!(report["outcome"], "passed");
    assert_eq!(stage.reported("AfterInstall").as_deref(), Some("Succeeded"));
}

/// Two deployments write into one log, and a person may have to answer for a hook.
#[tokio::test]
async fn every_line_of_a_hook_says_whose_it_is() {
    let stage = Stage::set("backend", Phase::Installed).await;
    let event = call(&stage, "AfterInstall");
    let execution = event["LifecycleEventHookExecutionId"].clone();
    let (_, log) = invoke_and_read(&stage, "application-start", event.clone(), LONG).await;
    assert!(log.len() > 2, "{log:?}");
    for line in &log {
        assert_eq!(line["span"]["deployment_id"], DEPLOYMENT, "{line}");
        assert_eq!(line["span"]["execution_id"], execution, "{line}");
    }
    let (_, log) = invoke_and_read(&stage, "no-such-hook", event, LONG).await;
    let refused = log.iter().find(|line| line["execution_id"] == execution);
    assert_eq!(refused.unwrap()["deployment_id"], DEPLOYMENT);
}

#[tokio::test]
async fn a_hook_answers_before_lambda_ends_it() {
    let stage = Stage::set("backend", Phase::Installed).await;
    stage.cloud.inject("DescribeServices", Fault::Hang);
    let event = call(&stage, "AfterInstall");
    let (_, report) = invoke(&stage, "application-start", event, 12.0).await;
    assert_eq!(report["outcome"], "unknown", "{report}");
    assert!(report["seconds"].as_f64().unwrap() < 8.0, "{report}");
    assert_eq!(stage.reported("AfterInstall").as_deref(), Some("Failed"));
}

/// An answer that nobody took is no answer: as an error the call lies where the alarm looks, and CodeDeploy waits.
#[tokio::test]
async fn an_answer_that_is_not_taken_is_an_error() {
    let stage = Stage::set("backend", Phase::Installed).await;
    let event = call(&stage, "AfterInstall");
    let operation = "PutLifecycleEventHookExecutionStatus";
    stage.cloud.inject(operation, Fault::Deny);
    let (kind, error) = invoke(&stage, "application-start", event, 12.0).await;
    assert_eq!(kind, "error", "{error}");
    let said = error.to_string();
    assert!(
        said.contains("nobody took the answer to application-start"),
        "{said}"
    );
    assert!(said.contains("AccessDeniedException"), "{said}");

    stage.cloud.inject("PutJobSuccessResult", Fault::Deny);
    let (kind, error) = invoke(&stage, "validate-deployment", job(), 42.0).await;
    assert_eq!(kind, "error", "{error}");
}

#[tokio::test]
async fn a_function_that_does_not_know_what_it_is_answers_too() {
    let stage = Stage::set("backend", Phase::Installed).await;
    let event = call(&stage, "AfterInstall");
    let (kind, error) = invoke(&stage, "no-such-hook", event, LONG).await;
    assert_eq!(kind, "error");
    assert!(
        error
            .to_string()
            .contains("there is no function no-such-hook"),
        "{error}"
    );
    assert_eq!(stage.reported("AfterInstall").as_deref(), Some("Failed"));
}

#[tokio::test]
async fn the_validator_answers_the_pipelines_job() {
    let stage = Stage::set("backend", Phase::Before).await;
    let (kind, report) = invoke(&stage, "validate-deployment", job(), LONG).await;
    assert_eq!(kind, "response", "{report}");
    let result = stage
        .cloud
        .read(|world| world.reported.jobs["job-1"].clone());
    assert_eq!(result, JobResult::Success, "{report}");
    assert_eq!(
        stage.noted("DeploymentValidationResult"),
        [("all".to_owned(), 1.0)]
    );
}

/// Of an attempt that was heard, while its own answer was lost.
#[tokio::test]
async fn a_result_that_is_there_is_not_sent_again() {
    let stage = Stage::set("backend", Phase::Before).await;
    let result = ("job-1".to_owned(), JobResult::Success);
    stage
        .cloud
        .change(|world| world.reported.jobs.extend([result]));
    let (_, report) = invoke(&stage, "validate-deployment", job(), LONG).await;
    assert_eq!(report["outcome"], "passed", "{report}");
}

#[tokio::test]
async fn the_pipeline_is_told_why_it_stops() {
    let stage = Stage::set("backend", Phase::Before).await;
    stage.cloud.change(|world| {
        let service = world
            .services
            .get_mut("photobooth-processing-staging")
            .unwrap();
        service.task_sets[0].tasks[0].health = Health::Unhealthy;
    });
    invoke(&stage, "validate-deployment", job(), LONG).await;
    let result = stage
        .cloud
        .read(|world| world.reported.jobs["job-1"].clone());
    let reason = "backend tasks: task 1000000000000000001-0 is UNHEALTHY".to_owned();
    assert_eq!(result, JobResult::Failure(reason));
    assert_eq!(
        stage.noted("DeploymentValidationResult"),
        [("all".to_owned(), 0.0)]
    );
}
