//! The validator by hand: a table for people, JSON for machines, an exit code for pipelines.

use crate::stage::{LONG, Stage, count_requests};
use photobooth_cloud::{Fault, Health, Phase, World};
use serde_json::Value;

#[tokio::test]
async fn a_booth_that_is_well_passes() {
    // With and without a release that is on its way.
    for phase in [Phase::Before, Phase::Shifted] {
        let stage = Stage::set("backend", phase).await;
        let ended = stage.run(&["validate"], LONG).await;
        assert_eq!(ended.code, 0, "{}", ended.said);
        let table: Vec<_> = ended.said.lines().collect();
        assert_eq!(table[0], "the booth in staging");
        assert!(
            table[1].starts_with("  passed   backend tasks "),
            "{}",
            table[1]
        );
        assert!(table[1].ends_with(" s  1 of 1 tasks run and are well"));
        assert!(
            stage.noted("DeploymentValidationResult").is_empty(),
            "by hand it only looks"
        );
    }
}

#[tokio::test]
async fn machines_get_json_and_1_for_what_is_not_well() {
    let stage = Stage::set("backend", Phase::Before).await;
    stage.cloud.change(|world| {
        count_requests(world, 200, 20, 0.1);
        world
            .alarms
            .insert("photobooth-staging-latency".to_owned(), true);
        drain(world, "booth-frontend-blue-staging");
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let arguments = ["validate", "--format", "json", "--report"];
    let arguments = [&arguments[..], &[file.to_str().unwrap()]].concat();
    let ended = stage.run(&arguments, LONG).await;
    assert_eq!(ended.code, 1);
    let report: Value = serde_json::from_str(&ended.said).unwrap();
    let kept = std::fs::read(file).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&kept).unwrap(), report);
    assert_eq!(report["outcome"], "failed");
    let of = |name: &str| {
        let mut checks = report["checks"].as_array().unwrap().iter();
        let check = checks.find(|check| check["name"] == name).unwrap();
        (
            check["outcome"].as_str().unwrap(),
            check["detail"].as_str().unwrap(),
        )
    };
    assert_eq!(of("backend tasks").0, "passed");
    assert_eq!(
        of("backend requests"),
        ("failed", "10.0 % of 400 requests failed, 1 are allowed")
    );
    assert_eq!(of("alarms"), ("failed", "photobooth-staging-latency ring"));
    assert!(
        of("frontend targets")
            .1
            .ends_with("is draining (Target.DeregistrationInProgress)")
    );
}

fn drain(world: &mut World, target_group: &str) {
    let group = world.target_groups.get_mut(target_group).unwrap();
    let targets = group.targets.values_mut();
    targets.for_each(|health| *health = Health::Draining);
}

#[tokio::test]
async fn while_guests_move_both_colours_must_be_well() {
    let stage = Stage::set("frontend", Phase::Installed).await;
    let [blue, green] = [
        "booth-frontend-blue-staging",
        "booth-frontend-green-staging",
    ];
    let shift = |world: &mut World| world.shift(443, None, &[(blue, 90), (green, 10)]);
    stage.cloud.change(shift);
    let ended = stage.run(&["validate"], LONG).await;
    assert_eq!(ended.code, 0, "{}", ended.said);
    stage.cloud.change(|world| drain(world, green));
    let ended = stage.run(&["validate"], LONG).await;
    assert_eq!(ended.code, 1, "{}", ended.said);
    assert!(ended.said.contains(green), "{}", ended.said);
}

#[tokio::test]
async fn what_cannot_be_told_is_2() {
    let stage = Stage::set("backend", Phase::Before).await;
    stage.cloud.inject("DescribeAlarms", Fault::Deny);
    let ended = stage.run(&["validate"], LONG).await;
    assert_eq!(ended.code, 2, "{}", ended.said);
    assert!(ended.said.contains("unknown  alarms"));
    let reason = "DescribeAlarms: AccessDeniedException: you may not do this\n";
    assert!(ended.said.contains(reason), "{}", ended.said);

    let stage = Stage::set("backend", Phase::Before).await;
    stage
        .cloud
        .change(|world| world.metrics.forget("AI-Photobooth"));
    assert_eq!(stage.run(&["validate"], LONG).await.code, 2);
}

/// A metric without values, and an alarm that is not there, would otherwise look like peace.
#[tokio::test]
async fn what_is_missing_is_not_well() {
    let stage = Stage::set("backend", Phase::Before).await;
    stage.cloud.change(|world| {
        let errors = "HTTPCode_Target_5XX_Count".to_owned();
        world.unreadable.insert(errors);
        world.alarms.remove("photobooth-staging-latency");
    });
    let ended = stage.run(&["validate"], LONG).await;
    assert_eq!(ended.code, 2, "{}", ended.said);
    for reason in [
        "GetMetricData: HTTPCode_Target_5XX_Count is InternalError\n",
        "there is no alarm photobooth-staging-latency\n",
    ] {
        assert!(ended.said.contains(reason), "{}", ended.said);
    }
}

#[tokio::test]
async fn a_quiet_booth_may_be_released_onto() {
    let stage = Stage::set("backend", Phase::Before).await;
    stage.cloud.change(|world| count_requests(world, 3, 0, 0.1));
    let ended = stage.run(&["validate"], LONG).await;
    assert_eq!(ended.code, 2, "{}", ended.said);
    let ended = stage.run(&["validate", "--excuse-quiet"], LONG).await;
    assert_eq!(ended.code, 0, "{}", ended.said);

    // What is ill in spite of the quiet is not excused, nor what AWS does not say.
    stage.cloud.inject("DescribeAlarms", Fault::Deny);
    let ended = stage.run(&["validate", "--excuse-quiet"], LONG).await;
    assert_eq!(ended.code, 2, "{}", ended.said);
}

/// It looks once: what is throttled must be asked again beneath it.
#[tokio::test]
async fn throttling_is_no_reason_not_to_tell() {
    let stage = Stage::set("backend", Phase::Before).await;
    stage.cloud.inject("*", Fault::Throttle(3));
    let ended = stage.run(&["validate"], LONG).await;
    assert_eq!(ended.code, 0, "{}", ended.said);
}

#[tokio::test]
async fn the_newest_task_definition_is_printed_as_ecs_has_it() {
    let stage = Stage::set("backend", Phase::Installed).await;
    let ended = stage
        .run(&["task-definition", "--service", "backend"], LONG)
        .await;
    let printed: Value = serde_json::from_str(&ended.said).unwrap();
    let known = stage.cloud.read(|world| {
        let of_backend = |it: &&Value| it["family"] == "photobooth-processing-staging";
        world
            .task_definitions
            .iter()
            .rfind(of_backend)
            .cloned()
            .unwrap()
    });
    assert_eq!(printed, known);
    assert_eq!(printed["revision"], 2);
}
