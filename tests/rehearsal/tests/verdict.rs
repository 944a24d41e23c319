//! What a rehearsal must come to: a record in which all is well, and what is said of every way in which it is not.

// Clippy allows it in tests by itself, but not in what tests call.
#![allow(clippy::unwrap_used)]

use rehearsal::release::crowd::Round;
use rehearsal::release::deployment::{Cause, Outcome, Step};
use rehearsal::release::faults::Fault;
use rehearsal::release::functions::HookCall;
use rehearsal::release::guests::Failure;
use rehearsal::release::part::Part;
use rehearsal::release::verdict::{Deployed, Lead, Record};
use serde_json::{Value, json};
use std::time::Duration;

/// A stage of two deployments, with a hook each.
const SPANS: [&str; 6] = [
    "ai-photobooth-pipeline-staging",
    "Deploy",
    "Backend",
    "AfterInstall: application-start",
    "Frontend",
    "AfterInstall: application-start",
];
const OVER_AT: Duration = Duration::from_secs(60);

fn hook(status: Option<&str>, seconds: f64) -> HookCall {
    HookCall {
        event: "AfterInstall".to_owned(),
        function: "the-function".to_owned(),
        status: status.map(str::to_owned),
        seconds,
        limit_seconds: 60,
        report: Value::Null,
    }
}

fn lead(part: Part, green_percent: u32) -> Lead {
    Lead {
        part,
        by: "the listener".to_owned(),
        green_percent,
    }
}

fn round(begun_at: Duration, failed: u64) -> Round {
    Round {
        begun_at,
        visitors: 400,
        failed,
        p95_ms: 9.0,
    }
}

fn failure(at: Duration) -> Failure {
    Failure {
        at,
        what: "/api/themes: 502".to_owned(),
    }
}

/// Both services are released, and nobody noticed.
fn release() -> Record {
    let deployed = |part| Deployed {
        part,
        outcome: Outcome::Succeeded,
        hooks: vec![hook(Some("Succeeded"), 2.0)],
    };
    Record {
        deployments: Part::ALL.map(deployed).to_vec(),
        leads: Part::ALL.map(|part| lead(part, 100)).to_vec(),
        over_at: OVER_AT,
        requests: 1_000,
        visits: 9,
        rounds: vec![round(Duration::ZERO, 0)],
        actions: ["Backend", "Frontend"]
            .map(|name| ["Deploy".to_owned(), name.to_owned()])
            .to_vec(),
        spans: SPANS.map(str::to_owned).to_vec(),
        ..Record::default()
    }
}

/// The backend's green crashes, an alarm rings, and guests go back to blue.
fn rollback() -> Record {
    let mut record = release();
    record.fault = Some(Fault::CrashMidShift);
    record.deployments.truncate(1);
    record.deployments[0].outcome = Outcome::RolledBack {
        at: Step::AllowTraffic,
        cause: Cause::Alarm("no-answer".to_owned()),
    };
    record.leads = vec![lead(Part::Backend, 0)];
    record.failures = vec![failure(OVER_AT - Duration::from_secs(1))];
    record.rounds = vec![round(Duration::ZERO, 7)];
    record
}

/// The one thing that is said of a record.
fn objection(record: &Record) -> String {
    let objections = record.objections();
    assert_eq!(objections.len(), 1, "{objections:?}");
    objections[0].clone()
}

#[test]
fn nothing_is_said_where_all_is_well() {
    assert_eq!(release().objections(), [""; 0]);
    assert_eq!(rollback().objections(), [""; 0]);
}

#[test]
fn every_service_is_released() {
    let mut record = release();
    record.deployments.pop();
    assert!(objection(&record).contains("1 of 2"));
}

#[test]
fn a_fault_that_nobody_catches_is_told() {
    let mut record = rollback();
    record.deployments[0].outcome = Outcome::Succeeded;
    record.leads = vec![lead(Part::Backend, 100)];
    assert!(objection(&record).contains("crash-mid-shift was not caught"));
}

#[test]
fn hooks_report_and_in_time() {
    for late in [hook(None, 2.0), hook(Some("Failed"), 61.0)] {
        let mut record = rollback();
        record.deployments[0].hooks.push(late);
        assert!(objection(&record).contains("the-function reported"));
    }
}

#[test]
fn weights_are_where_the_deployment_left_them() {
    let mut record = release();
    record.leads[1].green_percent = 20;
    assert!(objection(&record).contains("20 of 100 to green of frontend, not 100"));
    let mut record = rollback();
    record.leads[0].green_percent = 20;
    assert!(objection(&record).contains("20 of 100 to green of backend, not 0"));
    record.leads.clear();
    assert!(objection(&record).contains("nobody leads"));
}

#[test]
fn no_guest_may_notice_a_release() {
    let mut record = release();
    record.failures = vec![failure(Duration::ZERO)];
    assert!(objection(&record).contains("/api/themes: 502"));
    let mut record = release();
    record.rounds = vec![round(Duration::ZERO, 3)];
    assert!(objection(&record).contains("3 of Artillery's 400"));
}

/// The deployment of a backend that the hook of `event` has stopped by a check of this outcome.
fn stopped(event: &str, outcome: &str) -> Deployed {
    let mut call = hook(Some("Failed"), 2.0);
    event.clone_into(&mut call.event);
    call.report = json!({ "checks": [{ "outcome": "passed" }, { "outcome": outcome }] });
    Deployed {
        part: Part::Backend,
        outcome: Outcome::RolledBack {
            at: Step::Hook {
                event: event.to_owned(),
                function: call.function.clone(),
            },
            cause: Cause::Step(String::new()),
        },
        hooks: vec![call],
    }
}

#[test]
fn a_fault_is_caught_only_by_whom_it_must() {
    let (install, test) = ("AfterInstall", "AfterAllowTestTraffic");
    assert!(Fault::BadGreen.is_caught(&stopped(test, "failed")));
    assert!(!Fault::BadGreen.is_caught(&stopped(test, "unknown")));
    assert!(!Fault::BadGreen.is_caught(&stopped(install, "failed")));
    assert!(Fault::HookHang.is_caught(&stopped(test, "unknown")));
    assert!(Fault::SlowStart.is_caught(&stopped(install, "failed")));
    assert!(Fault::Throttle.is_caught(&stopped(install, "unknown")));
    assert!(!Fault::ErrorSpike.is_caught(&stopped(test, "failed")));
    let [rollback, release] = [rollback(), release()].map(|it| it.deployments[0].clone());
    assert!(Fault::ErrorSpike.is_caught(&rollback));
    assert!(!Fault::Throttle.is_caught(&rollback));
    assert!(!Fault::Throttle.is_caught(&release));
}

#[test]
fn no_guest_may_notice_what_a_hook_should_have_found() {
    let mut record = rollback();
    record.fault = Some(Fault::BadGreen);
    record.deployments = vec![stopped("AfterAllowTestTraffic", "failed")];
    record
        .spans
        .push("AfterAllowTestTraffic: pre-traffic".to_owned());
    assert_eq!(record.objections().len(), 2);
}

#[test]
fn nobody_meets_green_after_a_rollback() {
    let mut record = rollback();
    record.failures.push(failure(OVER_AT));
    assert!(objection(&record).contains("at 60.0 s"));
    let mut record = rollback();
    record.rounds.push(round(OVER_AT, 1));
    assert!(objection(&record).contains("from 60.0 s"));
}

#[test]
fn a_rehearsal_without_guests_shows_nothing() {
    let mut record = release();
    record.rounds.clear();
    assert!(objection(&record).contains("guests did not come"));
    let mut record = release();
    record.visits = 0;
    assert!(objection(&record).contains("guests did not come"));
}

#[test]
fn what_came_of_the_last_validation_counts_and_so_does_the_trace() {
    let mut record = release();
    record.complaint = Some("too slow".to_owned());
    assert_eq!(objection(&record), "too slow");
    let mut record = release();
    record.spans.clear();
    assert!(objection(&record).contains("no trace"));
    for (lost, left, wanted) in [("Deploy", 0, 1), ("Frontend", 0, 1), ("AfterInstall", 1, 2)] {
        let mut record = release();
        let place = record.spans.iter().position(|it| it.starts_with(lost));
        record.spans.remove(place.unwrap());
        let expected = format!("the trace has {left} of {wanted} spans of {lost}");
        assert_eq!(objection(&record), expected);
    }
}
