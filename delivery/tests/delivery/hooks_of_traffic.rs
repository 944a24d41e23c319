//! The hook after guests were led to green: what they see, and what was counted.

use crate::stage::{DEPLOYMENT, Ended, LONG, SHORT, Stage, count_portraits, count_requests};
use photobooth_cloud::{Phase, TargetGroup, World};

const EVENT: &str = "AfterAllowTraffic";

async fn fails(stage: &Stage, reason: &str) -> Ended {
    let ended = stage.hook("validate-service", EVENT, SHORT).await;
    assert_eq!(ended.code, 1, "{}", ended.said);
    assert!(
        ended.said.contains(reason),
        "{reason:?} is not in\n{}",
        ended.said
    );
    assert_eq!(stage.reported(EVENT).as_deref(), Some("Failed"));
    assert_eq!(
        stage.noted("ValidateServiceHookExecuted"),
        [("backend".to_owned(), 0.0)]
    );
    ended
}

#[tokio::test]
async fn green_that_serves_guests_well_stays() {
    for part in ["backend", "frontend"] {
        let stage = Stage::set(part, Phase::Shifted).await;
        let ended = stage.hook("validate-service", EVENT, LONG).await;
        assert_eq!(ended.code, 0, "{}", ended.said);
        assert_eq!(stage.reported(EVENT).as_deref(), Some("Succeeded"));
        let noted = stage.noted("ValidateServiceHookExecuted");
        assert_eq!(noted, [(part.to_owned(), 1.0)]);
        assert_eq!(stage.booth().opened_by, None, "guests know no secret");
    }
}

#[tokio::test]
async fn guests_who_are_still_led_to_blue_are_no_success() {
    let stage = Stage::set("backend", Phase::Shifted).await;
    let both = [
        ("booth-backend-green-staging", 90),
        ("booth-backend-blue-staging", 10),
    ];
    stage
        .cloud
        .change(|world| world.shift(443, Some(10), &both));
    fails(
        &stage,
        "port 443 still leads to booth-backend-blue-staging (weight 10)",
    )
    .await;
}

#[tokio::test]
async fn no_targets_are_no_healthy_targets() {
    let stage = Stage::set("backend", Phase::Shifted).await;
    stage.cloud.change(|world| {
        let green = "booth-backend-green-staging".to_owned();
        world.target_groups.insert(green, TargetGroup::healthy(&[]));
    });
    fails(&stage, "booth-backend-green-staging has no targets").await;
}

#[tokio::test]
async fn no_data_is_not_no_errors() {
    let stage = Stage::set("backend", Phase::Shifted).await;
    stage
        .cloud
        .change(|world| world.metrics.forget("AWS/ApplicationELB"));
    fails(&stage, "0 requests were counted").await;

    let stage = Stage::set("backend", Phase::Shifted).await;
    stage
        .cloud
        .change(|world| world.metrics.forget("AI-Photobooth"));
    fails(&stage, "the backend has published no metrics").await;
}

#[tokio::test]
async fn what_was_counted_has_limits() {
    type Change = fn(&mut World);
    let changes: [(Change, &str); 4] = [
        (
            |world| count_requests(world, 200, 3, 0.1),
            "1.5 % of 200 requests failed",
        ),
        (
            |world| count_requests(world, 200, 0, 2.5),
            "95 of 100 requests within 2500 ms",
        ),
        (
            |world| count_portraits(world, 4.0, 4.0, 0.0),
            "4 of 8 portraits failed",
        ),
        (
            |world| count_portraits(world, 4.0, 0.0, 400.0),
            "a guest waited 400 s",
        ),
    ];
    let runs = changes.map(|(change, reason)| async move {
        let stage = Stage::set("backend", Phase::Shifted).await;
        stage.cloud.change(change);
        fails(&stage, reason).await;
    });
    futures_util::future::join_all(runs).await;
}

#[tokio::test]
async fn requests_that_fail_are_seen_before_they_are_counted() {
    let stage = Stage::set("backend", Phase::Shifted).await;
    stage.booth().fails_every = Some(4);
    fails(&stage, "requests failed: /api/").await;
}

/// Nothing else than the deployment's own green is judged.
#[tokio::test]
async fn an_unknown_deployment_fails() {
    let stage = Stage::set("backend", Phase::Before).await;
    let arguments = ["hook", "validate-service", "--deployment-id", DEPLOYMENT];
    let ended = stage.run(&arguments, SHORT).await;
    assert_eq!(ended.code, 1);
    assert!(
        ended.said.contains("DeploymentDoesNotExistException"),
        "{}",
        ended.said
    );
}
