//! The order of a deployment, what is undone where it ends early, and when alarms ring; without processes.

// Clippy allows it in tests by itself, but not in what tests call.
#![allow(clippy::unwrap_used)]

use anyhow::{Result, bail};
use rehearsal::proxy::{Ending, Listener, Sample};
use rehearsal::release::alarms::Alarms;
use rehearsal::release::deployment::{self, Cause, Ground, Outcome, Step, Undo};
use rehearsal::release::settings::Plan;
use rehearsal::release::shift::{Kind, Shift};
use std::fs;
use std::future::pending;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(2);

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The template is an appspec, too, with functions of odd names.
fn steps() -> Vec<Step> {
    let template = fs::read_to_string(root().join("appspec.yaml")).unwrap();
    deployment::plan(&template.replace("${CONTAINER_PORT}", "3000")).unwrap()
}

/// A stage on which one step fails, or an alarm rings during one.
#[derive(Default)]
struct Paper {
    fails_at: Option<&'static str>,
    rings_at: Option<&'static str>,
    done: Mutex<Vec<String>>,
}

impl Ground for Paper {
    async fn take(&self, step: &Step) -> Result<()> {
        self.done.lock().unwrap().push(step.name().to_owned());
        if self.fails_at == Some(step.name()) {
            bail!("it is ill");
        }
        if self.rings_at == Some(step.name()) && *step != Step::EndBlue {
            pending::<()>().await;
        }
        Ok(())
    }

    async fn alarm(&self) -> String {
        loop {
            let rings = self.done.lock().unwrap().last().map(String::as_str) == self.rings_at;
            if rings && self.rings_at.is_some() {
                return "backend-errors".to_owned();
            }
            tokio::task::yield_now().await;
        }
    }

    async fn undo(&self, undo: Undo) -> Result<()> {
        self.done.lock().unwrap().push(format!("{undo:?}"));
        Ok(())
    }
}

async fn play(paper: &Paper) -> (Outcome, Vec<String>) {
    let outcome = deployment::deploy(paper, &steps()).await.unwrap();
    (outcome, paper.done.lock().unwrap().clone())
}

#[tokio::test]
async fn a_release_takes_the_steps_of_codedeploy() {
    let (outcome, done) = play(&Paper::default()).await;
    assert_eq!(outcome, Outcome::Succeeded);
    let expected = [
        "Install",
        "AfterInstall",
        "AllowTestTraffic",
        "AfterAllowTestTraffic",
        "BeforeAllowTraffic",
        "AllowTraffic",
        "AfterAllowTraffic",
        "Wait",
        "EndBlue",
    ];
    assert_eq!(done, expected);
}

#[tokio::test]
async fn only_what_was_done_is_undone_and_guests_come_first() {
    for (fails_at, undone) in [
        ("Install", &["EndGreen"][..]),
        ("AfterInstall", &["EndGreen"]),
        ("AfterAllowTestTraffic", &["TestsToBlue", "EndGreen"]),
        ("AllowTraffic", &["GuestsToBlue", "TestsToBlue", "EndGreen"]),
        (
            "AfterAllowTraffic",
            &["GuestsToBlue", "TestsToBlue", "EndGreen"],
        ),
    ] {
        let paper = Paper {
            fails_at: Some(fails_at),
            ..Paper::default()
        };
        let (outcome, done) = play(&paper).await;
        let at = done.iter().position(|it| it == fails_at).unwrap();
        assert_eq!(done[at + 1..], *undone, "{fails_at}");
        let Outcome::RolledBack { at, cause } = outcome else {
            panic!("{fails_at} is no success");
        };
        assert_eq!(at.name(), fails_at);
        assert_eq!(cause, Cause::Step("it is ill".to_owned()));
    }
}

#[tokio::test]
async fn an_alarm_ends_a_step_that_is_not_over() {
    for rings_at in ["AllowTraffic", "AfterAllowTraffic", "Wait"] {
        let paper = Paper {
            rings_at: Some(rings_at),
            ..Paper::default()
        };
        let (outcome, done) = play(&paper).await;
        assert_eq!(done.last().unwrap(), "EndGreen", "{rings_at}");
        assert!(outcome.to_string().contains("backend-errors"), "{outcome}");
    }
}

#[tokio::test]
async fn nobody_goes_back_to_a_blue_that_ends() {
    let paper = Paper {
        rings_at: Some("EndBlue"),
        ..Paper::default()
    };
    assert_eq!(play(&paper).await.0, Outcome::Succeeded);
}

#[test]
fn an_appspec_cannot_name_what_calls_no_hook() {
    for hooks in [
        "- AllowTraffic: a",
        "- AfterAllowTrafic: a",
        "- AfterInstall: a\n- AfterInstall: b",
    ] {
        deployment::plan(&format!("Hooks:\n{hooks}\n")).unwrap_err();
    }
}

#[test]
fn guests_are_moved_as_the_plan_says() {
    let moments = |kind, percent| {
        let shift = Shift {
            kind,
            percent,
            minutes: 3,
        };
        let moments = shift.moments().into_iter();
        moments
            .map(|it| (it.minute, it.green_percent))
            .collect::<Vec<_>>()
    };
    assert_eq!(moments(Kind::Canary, 20), [(0, 20), (3, 100)]);
    assert_eq!(moments(Kind::Canary, 100), [(0, 100)]);
    let linear = moments(Kind::Linear, 40);
    assert_eq!(linear, [(0, 40), (3, 80), (6, 100)]);
    for environment in ["dev", "staging", "prod"] {
        let plan = Plan::read(root(), environment).unwrap();
        assert_eq!(plan.shift.moments().last().unwrap().green_percent, 100);
    }
}

/// Ten answers a second from `from` to `to`, of which one in `every` has this status.
fn answers(from: u64, to: u64, every: usize, status: u16, is_of_target: bool) -> Vec<Sample> {
    let sample = |number: usize| {
        let is_odd = number.is_multiple_of(every);
        Sample {
            at: Duration::from_secs(from) + Duration::from_millis(100) * number as u32,
            listener: Listener::Production,
            group: Some("booth-backend-green-staging".to_owned()),
            status: if is_odd { status } else { 200 },
            is_of_target: !is_odd || is_of_target,
            latency: Duration::from_millis(5),
            ending: Ending::Complete,
        }
    };
    (0..10 * (to - from) as usize).map(sample).collect()
}

#[test]
fn alarms_ring_after_two_bad_minutes() {
    let alarms = Alarms::read(root()).unwrap();
    let ring =
        |samples: &[Sample], seconds| alarms.ringing(samples, Duration::from_secs(seconds), MINUTE);
    let errors = answers(0, 6, 5, 500, true);
    assert_eq!(ring(&errors, 3), [""; 0]);
    assert_eq!(ring(&errors, 4), ["backend-errors"]);
    assert_eq!(ring(&answers(0, 6, 5, 502, false), 4), ["no-answer"]);
    assert_eq!(ring(&answers(0, 6, 5, 404, true), 4), [""; 0]);
    // Fifteen guests in each of two real minutes are too few, thirty are not.
    let all = answers(0, 120, 1, 500, true);
    let guests = |every| all.iter().step_by(every).cloned().collect::<Vec<_>>();
    let minute = Duration::from_secs(60);
    assert_eq!(alarms.ringing(&guests(40), 2 * minute, minute), [""; 0]);
    assert_eq!(
        alarms.ringing(&guests(20), 2 * minute, minute),
        ["backend-errors"]
    );
    // A bad minute and a good one.
    let mut mixed = answers(0, 2, 5, 500, true);
    mixed.extend(answers(2, 4, 5, 200, true));
    assert_eq!(ring(&mixed, 4), [""; 0]);
}

#[test]
fn slow_answers_need_five_bad_minutes() {
    let mut samples = answers(0, 10, 1, 200, true);
    for sample in &mut samples {
        sample.latency = Duration::from_secs(3);
    }
    let alarms = Alarms::read(root()).unwrap();
    let ring = |seconds| alarms.ringing(&samples, Duration::from_secs(seconds), MINUTE);
    assert_eq!(ring(9), [""; 0]);
    assert_eq!(ring(10), ["latency"]);
}
