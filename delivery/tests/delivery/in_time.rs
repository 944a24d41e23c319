//! Whatever AWS does, a deployment has its answer before the deadline.

use crate::stage::{LONG, SHORT, Stage};
use photobooth_cloud::{Fault, Phase};

const EVENT: &str = "AfterInstall";

/// Every operation that the hook calls before it answers.
const OPERATIONS: [&str; 6] = [
    "GetDeployment",
    "ListDeploymentTargets",
    "GetDeploymentTarget",
    "DescribeServices",
    "ListTasks",
    "DescribeTasks",
];

#[tokio::test]
async fn a_call_that_hangs_fails_the_hook_in_time() {
    let runs = OPERATIONS.map(|operation| async move {
        let stage = Stage::set("backend", Phase::Installed).await;
        stage.cloud.inject(operation, Fault::Hang);
        let ended = stage.hook("application-start", EVENT, SHORT).await;
        assert_eq!(ended.code, 1, "{operation}: {}", ended.said);
        assert_eq!(
            stage.reported(EVENT).as_deref(),
            Some("Failed"),
            "{operation}"
        );
        assert!(ended.seconds < SHORT, "{operation}: {} s", ended.seconds);
    });
    futures_util::future::join_all(runs).await;
}

#[tokio::test]
async fn throttling_and_broken_servers_are_survived() {
    let stage = Stage::set("backend", Phase::Installed).await;
    for operation in OPERATIONS {
        stage.cloud.inject(operation, Fault::Throttle(2));
    }
    stage
        .cloud
        .inject("PutLifecycleEventHookExecutionStatus", Fault::Break(3));
    stage.cloud.inject("PutMetricData", Fault::Throttle(2));
    let ended = stage.hook("application-start", EVENT, LONG).await;
    assert_eq!(ended.code, 0, "{}", ended.said);
    assert_eq!(stage.reported(EVENT).as_deref(), Some("Succeeded"));
    assert_eq!(stage.noted("ApplicationStartHookExecuted").len(), 1);
    let throttled = stage
        .cloud
        .calls()
        .iter()
        .filter(|it| *it == "GetDeployment")
        .count();
    assert!(throttled >= 3, "{throttled} calls");
}

#[tokio::test]
async fn a_metric_that_is_not_taken_does_not_hold_up_the_answer() {
    let stage = Stage::set("backend", Phase::Installed).await;
    stage.cloud.inject("PutMetricData", Fault::Hang);
    let ended = stage.hook("application-start", EVENT, SHORT).await;
    assert_eq!(
        stage.reported(EVENT).as_deref(),
        Some("Succeeded"),
        "{}",
        ended.said
    );
    assert!(ended.seconds < SHORT + 1.0, "{} s", ended.seconds);
}

#[tokio::test]
async fn an_answer_that_cannot_be_given_is_not_success() {
    let stage = Stage::set("backend", Phase::Installed).await;
    stage
        .cloud
        .inject("PutLifecycleEventHookExecutionStatus", Fault::Deny);
    let ended = stage.hook("application-start", EVENT, SHORT).await;
    assert_eq!(ended.code, 1);
    assert!(
        ended.said.contains("AccessDeniedException"),
        "{}",
        ended.said
    );
    assert_eq!(stage.reported(EVENT), None);
}
