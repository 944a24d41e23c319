//! What the events function makes of what EventBridge tells it.

use crate::functions::invoke;
use crate::stage::{DEPLOYMENT, LONG, Stage};
use photobooth_cloud::{Action, Fault, Phase, TargetGroup, World, now};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn deployment_ended(state: &str) -> Value {
    json!({
        "source": "aws.codedeploy",
        "detail-type": "CodeDeploy Deployment State-change Notification",
        "detail": {
            "application": "ai-photobooth-staging", "deploymentGroup": "ai-photobooth-dg-staging",
            "deploymentId": DEPLOYMENT, "state": state,
        },
    })
}

fn end_blue(world: &mut World) {
    let service = world
        .services
        .get_mut("photobooth-processing-staging")
        .unwrap();
    service.task_sets.retain(|set| set.status == "PRIMARY");
    let blue = "booth-backend-blue-staging".to_owned();
    world.target_groups.insert(blue, TargetGroup::healthy(&[]));
}

#[tokio::test]
async fn after_a_deployment_blue_must_go() {
    let stage = Stage::set("backend", Phase::Shifted).await;
    let (_, report) = invoke(&stage, "events", deployment_ended("SUCCESS"), 12.0).await;
    assert_eq!(report["outcome"], "failed");
    assert!(
        report
            .to_string()
            .contains("ecs-svc/1000000000000000001 is ACTIVE with 1 tasks"),
        "{report}"
    );
    assert_eq!(
        stage.noted("ApplicationStopHookExecuted"),
        [("backend".to_owned(), 0.0)]
    );

    stage.cloud.change(end_blue);
    let (_, report) = invoke(&stage, "events", deployment_ended("SUCCESS"), LONG).await;
    assert_eq!(report["outcome"], "passed", "{report}");
    assert_eq!(
        stage.noted("ApplicationStopHookExecuted").last().unwrap().1,
        1.0
    );
    let noted = stage.noted("DeploymentResult");
    assert_eq!(
        noted,
        [("backend".to_owned(), 1.0), ("backend".to_owned(), 1.0)]
    );
}

/// The check takes all the time that checks have; the hook's metric is noted all the same.
#[tokio::test]
async fn a_check_of_blue_that_hangs_is_noted() {
    let stage = Stage::set("backend", Phase::Shifted).await;
    stage.cloud.inject("DescribeServices", Fault::Hang);
    let (kind, error) = invoke(&stage, "events", deployment_ended("SUCCESS"), 12.0).await;
    assert_eq!(kind, "error", "{error}");
    assert_eq!(
        stage.noted("ApplicationStopHookExecuted"),
        [("backend".to_owned(), 0.0)]
    );
}

#[tokio::test]
async fn a_deployment_that_failed_is_noted() {
    let stage = Stage::set("backend", Phase::Installed).await;
    invoke(&stage, "events", deployment_ended("FAILURE"), LONG).await;
    assert_eq!(
        stage.noted("DeploymentResult"),
        [("backend".to_owned(), 0.0)]
    );
    assert!(stage.noted("ApplicationStopHookExecuted").is_empty());
}

#[tokio::test]
async fn others_have_their_values_noted() {
    let stage = Stage::set("backend", Phase::Before).await;
    let event = json!({
        "source": "ai-photobooth", "detail-type": "Load test",
        "detail": { "metric": "LoadTestP95Ms", "service": "backend", "value": 312.5 },
    });
    invoke(&stage, "events", event, LONG).await;
    assert_eq!(
        stage.noted("LoadTestP95Ms"),
        [("backend".to_owned(), 312.5)]
    );
    let said = json!({ "environment": "staging", "message": "No release before Monday" });
    for (source, detail) in [("aws.ec2", json!({})), ("ai-photobooth", said)] {
        let other = json!({ "source": source, "detail-type": "Other", "detail": detail });
        let (kind, report) = invoke(&stage, "events", other, LONG).await;
        assert_eq!(
            (kind.as_str(), &report["outcome"]),
            ("response", &json!("passed"))
        );
    }
}

/// As an error, Lambda tries the event again, and leaves it where the alarm looks if that does not help.
#[tokio::test]
async fn what_could_not_be_done_is_an_error() {
    let stage = Stage::set("backend", Phase::Shifted).await;
    stage.cloud.change(run_pipeline);
    stage.cloud.inject("PutTraceSegments", Fault::Deny);
    let (kind, error) = invoke(&stage, "events", pipeline_failed(), LONG).await;
    assert_eq!(kind, "error", "{error}");
    assert!(
        error.to_string().contains("AccessDeniedException"),
        "{error}"
    );

    // Blue that is still there is an answer, which a value that is not taken must not hide.
    stage.cloud.inject("PutMetricData", Fault::Deny);
    let (kind, error) = invoke(&stage, "events", deployment_ended("SUCCESS"), 12.0).await;
    assert_eq!(kind, "error", "{error}");
}

const EXECUTION: &str = "12345678-1234-1234-1234-123456789012";

/// An execution with a stage of two builds, one of them retried, and a deployment of [`DEPLOYMENT`].
fn run_pipeline(world: &mut World) {
    let began = now() - 900.0;
    let action =
        |stage: &str, name: &str, provider: &str, from: f64, external: Option<&str>| Action {
            pipeline: "ai-photobooth-pipeline-staging".to_owned(),
            execution: EXECUTION.to_owned(),
            stage: stage.to_owned(),
            name: name.to_owned(),
            provider: provider.to_owned(),
            status: if name == "Frontend" {
                "Failed"
            } else {
                "Succeeded"
            }
            .to_owned(),
            began: began + from,
            ended: began + from + 100.0,
            external: external.map(str::to_owned),
        };
    world.actions = vec![
        action("Build", "Backend", "CodeBuild", 0.0, Some("build:1")),
        action("Build", "Frontend", "CodeBuild", 10.0, Some("build:2")),
        action("Build", "Frontend", "CodeBuild", 120.0, Some("build:3")),
        action(
            "Deploy",
            "Backend",
            "CodeDeployToECS",
            300.0,
            Some(DEPLOYMENT),
        ),
    ];
}

fn pipeline_failed() -> Value {
    pipeline_became("FAILED")
}

fn pipeline_became(state: &str) -> Value {
    json!({
        "source": "aws.codepipeline",
        "detail-type": "CodePipeline Pipeline Execution State Change",
        "detail": {
            "pipeline": "ai-photobooth-pipeline-staging", "execution-id": EXECUTION, "state": state,
        },
    })
}

#[tokio::test]
async fn a_pipelines_execution_becomes_one_trace() {
    let stage = Stage::set("backend", Phase::Shifted).await;
    stage.cloud.change(run_pipeline);
    // Lambda may call twice.
    for _ in 0..2 {
        let (_, report) = invoke(&stage, "events", pipeline_failed(), LONG).await;
        assert_eq!(report["outcome"], "passed", "{report}");
    }
    assert_eq!(
        stage.noted("PipelineResult")[0],
        ("pipeline".to_owned(), 0.0)
    );
    let segments = stage.cloud.read(|world| world.reported.segments.clone());
    assert_eq!(segments.len(), 2);
    assert_eq!(segments[0], segments[1]);
    let root = &segments[0];
    assert_eq!(root["annotations"]["execution"], EXECUTION);
    let [build, deploy] = [&root["subsegments"][0], &root["subsegments"][1]];
    assert_eq!(
        (&build["name"], &build["fault"]),
        (&json!("Build"), &json!(true))
    );
    let seconds = build["end_time"].as_f64().unwrap() - build["start_time"].as_f64().unwrap();
    assert!((seconds - 220.0).abs() < 0.01, "{seconds}");
    let builds = build["subsegments"].as_array().unwrap();
    let ids: BTreeSet<_> = builds.iter().map(|it| it["id"].as_str()).collect();
    assert_eq!((builds.len(), ids.len()), (3, 3));
    assert_eq!(deploy["fault"], false);
    let steps = deploy["subsegments"][0]["subsegments"].as_array().unwrap();
    let names: Vec<_> = steps
        .iter()
        .map(|step| step["name"].as_str().unwrap())
        .collect();
    assert_eq!(names[2], "AfterInstall: application-start");
    assert_eq!(names[4], "AfterAllowTestTraffic: pre-traffic");
}

/// What was begun and given up has a trace; what was replaced before it did anything has none.
#[tokio::test]
async fn only_what_was_done_is_drawn() {
    for (state, is_drawn) in [
        ("STOPPED", true),
        ("CANCELED", true),
        ("SUPERSEDED", false),
        ("STARTED", false),
    ] {
        let stage = Stage::set("backend", Phase::Shifted).await;
        stage.cloud.change(run_pipeline);
        let (kind, report) = invoke(&stage, "events", pipeline_became(state), LONG).await;
        assert_eq!(
            (kind.as_str(), &report["outcome"]),
            ("response", &json!("passed")),
            "{state}"
        );
        let drawn = stage.cloud.read(|world| world.reported.segments.len());
        assert_eq!(drawn, usize::from(is_drawn), "{state}");
        let noted = stage.noted("PipelineResult");
        assert_eq!(noted.len(), usize::from(is_drawn), "{state}");
        assert!(noted.iter().all(|(_, value)| *value == 0.0), "{state}");
    }
}
