//! What green is asked does not depend on how blue is.

use crate::hooks::{START, STOP, passes};
use crate::stage::{DEPLOYMENT, Stage};
use photobooth_cloud::Phase;
use serde_json::Value;

/// What is being released may be its cure.
#[tokio::test]
async fn a_blue_that_is_ill_does_not_stop_green() {
    let stage = Stage::set("backend", Phase::Installed).await;
    stage.booth().storage = "down";
    let said = passes(&stage, START, "ApplicationStartHookExecuted", "backend").await;
    let seen = "blue is not well: storage is Down: does not answer in time";
    assert!(said.contains(seen), "{said}");
    passes(&stage, STOP, "ApplicationStopHookExecuted", "backend").await;
}

#[tokio::test]
async fn a_blue_that_does_not_answer_does_not_stop_green() {
    let stage = Stage::set("backend", Phase::Installed).await;
    stage.booth().fails_every = Some(1);
    passes(&stage, START, "ApplicationStartHookExecuted", "backend").await;
    let said = passes(&stage, STOP, "ApplicationStopHookExecuted", "backend").await;
    assert!(said.contains("it is not known how many"), "{said}");
    let backup = stage
        .storage
        .read(&format!("deployments/{DEPLOYMENT}.json"));
    let backup: Value = serde_json::from_slice(&backup.unwrap()).unwrap();
    assert!(backup.get("queue").is_none(), "{backup}");
    assert_eq!(backup["blue"]["status"], "PRIMARY");
}
