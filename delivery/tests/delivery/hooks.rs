//! The hooks before guests come: each passes where all is well, and names what is not.

use crate::stage::{DEPLOYMENT, LONG, SHORT, Stage};
use photobooth_cloud::{Fault, Health, Phase};
use serde_json::Value;

const PRE_TRAFFIC: (&str, &str) = ("pre-traffic", "AfterAllowTestTraffic");
pub const START: (&str, &str) = ("application-start", "AfterInstall");
pub const STOP: (&str, &str) = ("application-stop", "BeforeAllowTraffic");

/// The hook passes, says so to CodeDeploy, and notes it.
pub async fn passes(
    stage: &Stage,
    (hook, event): (&str, &str),
    metric: &str,
    part: &str,
) -> String {
    let ended = stage.hook(hook, event, LONG).await;
    assert_eq!(ended.code, 0, "{}", ended.said);
    assert_eq!(stage.reported(event).as_deref(), Some("Succeeded"));
    assert_eq!(stage.noted(metric), [(part.to_owned(), 1.0)]);
    ended.said
}

/// The hook fails for this reason, says so in time, and notes it.
async fn fails(stage: &Stage, (hook, event): (&str, &str), reason: &str) {
    let ended = stage.hook(hook, event, SHORT).await;
    assert_eq!(ended.code, 1, "{}", ended.said);
    assert!(
        ended.said.contains(reason),
        "{reason:?} is not in\n{}",
        ended.said
    );
    assert_eq!(stage.reported(event).as_deref(), Some("Failed"));
}

#[tokio::test]
async fn a_backend_that_is_well_starts_and_may_be_shown() {
    let stage = Stage::set("backend", Phase::Installed).await;
    passes(&stage, START, "ApplicationStartHookExecuted", "backend").await;
    stage.booth().made_by_others = 4;
    let said = passes(&stage, PRE_TRAFFIC, "PreTrafficHookExecuted", "backend").await;
    assert!(
        said.contains("differs by 0.0 of 255; 6 portraits were made"),
        "{said}"
    );
    let booth = stage.booth();
    assert_eq!(booth.opened_by.as_deref(), Some("let-me-in"));
    assert_eq!((booth.portraits, booth.deleted), (6, 6));
}

#[tokio::test]
async fn a_frontend_that_is_well_starts_and_may_be_shown() {
    let stage = Stage::set("frontend", Phase::Installed).await;
    passes(&stage, START, "ApplicationStartHookExecuted", "frontend").await;
    let said = passes(&stage, PRE_TRAFFIC, "PreTrafficHookExecuted", "frontend").await;
    assert!(said.contains("the page and 3 files"), "{said}");
}

#[tokio::test]
async fn how_things_stood_is_kept_before_they_change() {
    let stage = Stage::set("backend", Phase::Installed).await;
    passes(&stage, STOP, "ApplicationStopHookExecuted", "backend").await;
    let backup = stage
        .storage
        .read(&format!("deployments/{DEPLOYMENT}.json"))
        .unwrap();
    let backup: Value = serde_json::from_slice(&backup).unwrap();
    assert_eq!(backup["queue"]["queued"], 3);
    assert_eq!(backup["blue"]["status"], "PRIMARY");
    // As ECS writes it, with fields that no type of the SDK could give back.
    let definition = &backup["taskDefinition"];
    assert_eq!(definition["revision"], 1);
    assert_eq!(
        definition["containerDefinitions"][0]["environment"][0]["value"],
        "release-1"
    );
    let rules = backup["rules"].as_array().unwrap();
    let production = rules
        .iter()
        .find(|rule| rule["port"] == 443 && rule["priority"] == "10");
    assert_eq!(
        production.unwrap()["weights"]["booth-backend-blue-staging"],
        1
    );
}

#[tokio::test]
async fn a_task_that_ended_fails_the_start() {
    let stage = Stage::set("backend", Phase::Installed).await;
    stage.cloud.change(|world| {
        let task = &mut world.green(DEPLOYMENT).unwrap().tasks[0];
        task.status = "STOPPED".to_owned();
        task.stopped_reason = Some("Essential container in task exited".to_owned());
    });
    fails(
        &stage,
        START,
        "0 of 1 tasks run; one ended: Essential container in task exited",
    )
    .await;
    let noted = stage.noted("ApplicationStartHookExecuted");
    assert_eq!(noted, [("backend".to_owned(), 0.0)]);
}

#[tokio::test]
async fn a_task_that_is_ill_fails_the_start() {
    let stage = Stage::set("backend", Phase::Installed).await;
    stage
        .cloud
        .change(|world| world.green(DEPLOYMENT).unwrap().tasks[0].health = Health::Unhealthy);
    fails(&stage, START, "task 1000000000000000002-0 is UNHEALTHY").await;
}

#[tokio::test]
async fn a_green_without_its_storage_is_not_shown() {
    let stage = Stage::set("backend", Phase::Installed).await;
    stage.booth().storage = "down";
    fails(
        &stage,
        PRE_TRAFFIC,
        "storage is Down: does not answer in time",
    )
    .await;
}

#[tokio::test]
async fn a_target_that_does_not_answer_is_not_shown() {
    let stage = Stage::set("backend", Phase::Installed).await;
    stage.cloud.change(|world| {
        let group = world
            .target_groups
            .get_mut("booth-backend-green-staging")
            .unwrap();
        group
            .targets
            .insert("10.20.0.2:3000".to_owned(), Health::Unhealthy);
    });
    let reason = "10.20.0.2:3000 is unhealthy (Target.FailedHealthChecks)";
    fails(&stage, PRE_TRAFFIC, reason).await;
}

#[tokio::test]
async fn green_that_is_not_on_the_test_listener_is_not_shown() {
    let stage = Stage::set("backend", Phase::Installed).await;
    let blue = [("booth-backend-blue-staging", 1)];
    stage
        .cloud
        .change(|world| world.shift(8443, Some(10), &blue));
    fails(
        &stage,
        PRE_TRAFFIC,
        "port 8443 still leads to booth-backend-blue-staging",
    )
    .await;
}

/// Blue may be older than the hooks.
#[tokio::test]
async fn a_booth_that_does_not_name_its_release_may_be_well() {
    let stage = Stage::set("backend", Phase::Installed).await;
    stage.booth().is_old = true;
    passes(&stage, START, "ApplicationStartHookExecuted", "backend").await;
}

#[tokio::test]
async fn another_picture_is_no_sample() {
    let stage = Stage::set("backend", Phase::Installed).await;
    stage.booth().portrait = "mystic-moonlit-cave";
    fails(&stage, PRE_TRAFFIC, "differs from what was approved by 88").await;
    assert_eq!(stage.booth().deleted, 3);
}

#[tokio::test]
async fn a_sample_that_only_blue_makes_says_nothing_of_green() {
    let stage = Stage::set("backend", Phase::Installed).await;
    stage.booth().made_by_others = u32::MAX;
    fails(
        &stage,
        PRE_TRAFFIC,
        "none of 15 portraits was made by green",
    )
    .await;
    assert_eq!(stage.booth().portraits, 15);
}

/// Which may have been blue's.
#[tokio::test]
async fn one_portrait_that_fails_is_looked_at_again() {
    let stage = Stage::set("backend", Phase::Installed).await;
    stage.booth().portraits_to_fail = 1;
    passes(&stage, PRE_TRAFFIC, "PreTrafficHookExecuted", "backend").await;
    assert_eq!(stage.booth().portraits, 6);
}

#[tokio::test]
async fn portraits_that_keep_failing_are_not_shown() {
    let stage = Stage::set("backend", Phase::Installed).await;
    stage.booth().portraits_to_fail = 4;
    fails(&stage, PRE_TRAFFIC, "no portrait was made").await;
    assert_eq!(stage.booth().portraits, 6);
}

#[tokio::test]
async fn a_page_without_its_files_is_not_shown() {
    let stage = Stage::set("frontend", Phase::Installed).await;
    stage.booth().lacks_a_file = true;
    fails(&stage, PRE_TRAFFIC, "/lost.css answers 404").await;
}

#[tokio::test]
async fn no_traffic_is_shifted_without_a_backup() {
    let stage = Stage::set("backend", Phase::Installed).await;
    stage.cloud.inject("DescribeTaskDefinition", Fault::Deny);
    fails(&stage, STOP, "AccessDeniedException").await;
    assert!(stage.storage.stored().is_empty());
}

#[tokio::test]
async fn blue_must_be_let_finish() {
    let stage = Stage::set("backend", Phase::Installed).await;
    stage.cloud.change(|world| {
        let blue = world
            .target_groups
            .get_mut("booth-backend-blue-staging")
            .unwrap();
        blue.drain_seconds = 0;
    });
    fails(
        &stage,
        STOP,
        "booth-backend-blue-staging drops its requests at once",
    )
    .await;
}
