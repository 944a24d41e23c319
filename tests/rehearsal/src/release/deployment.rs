//! CodeDeploy's order for one ECS service as data, the way through it, and what is undone where it ends early.

use anyhow::{Context, Result, bail, ensure};
use photobooth_cloud::LIFECYCLE;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

/// One step of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Green's tasks start.
    Install,
    /// A function is asked whether it may go on.
    Hook { event: String, function: String },
    /// The test listener shows green.
    AllowTestTraffic,
    /// Guests move to green by the plan.
    AllowTraffic,
    /// Blue stays for a while, in case guests must go back.
    Wait,
    /// Blue finishes what it has, and ends.
    EndBlue,
}

/// What is done where a deployment ends early; guests come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undo {
    GuestsToBlue,
    TestsToBlue,
    EndGreen,
}

/// How a deployment ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Succeeded,
    RolledBack {
        /// The step that it ended at.
        at: Step,
        cause: Cause,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The step itself failed, for this reason.
    Step(String),
    /// An alarm of this name rang.
    Alarm(String),
}

/// Who carries steps out, and hears alarms.
pub trait Ground {
    /// Does a step.
    fn take(&self, step: &Step) -> impl Future<Output = Result<()>>;
    /// Waits until an alarm rings, and says its name.
    fn alarm(&self) -> impl Future<Output = String>;
    /// Takes something back.
    fn undo(&self, undo: Undo) -> impl Future<Output = Result<()>>;
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AppSpec {
    #[serde(default)]
    hooks: Vec<BTreeMap<String, String>>,
}

/// The steps that a rendered appspec means.
///
/// # Errors
/// It is no appspec, or names an event that calls no hook.
pub fn plan(appspec: &str) -> Result<Vec<Step>> {
    let appspec: AppSpec = serde_saphyr::from_str(appspec).context("this is no appspec")?;
    let mut hooks = BTreeMap::new();
    for (event, function) in appspec.hooks.into_iter().flatten() {
        let calls_hooks = LIFECYCLE.contains(&event.as_str()) && own_step(&event).is_none();
        ensure!(calls_hooks, "no hook is called at {event}");
        ensure!(
            hooks.insert(event.clone(), function).is_none(),
            "{event} has two hooks"
        );
    }
    let mut steps = Vec::new();
    for event in LIFECYCLE {
        let hook = hooks.remove(event).map(|function| Step::Hook {
            event: event.to_owned(),
            function,
        });
        steps.extend(own_step(event).or(hook));
    }
    steps.extend([Step::Wait, Step::EndBlue]);
    Ok(steps)
}

/// What CodeDeploy does itself at an event.
fn own_step(event: &str) -> Option<Step> {
    match event {
        "Install" => Some(Step::Install),
        "AllowTestTraffic" => Some(Step::AllowTestTraffic),
        "AllowTraffic" => Some(Step::AllowTraffic),
        _ => None,
    }
}

/// What must be undone after a step failed: all that it or a step before it has done.
#[must_use]
pub fn rollback(steps: &[Step], failed: &Step) -> Vec<Undo> {
    let of = |step: &Step| match step {
        Step::AllowTraffic => Some(Undo::GuestsToBlue),
        Step::AllowTestTraffic => Some(Undo::TestsToBlue),
        Step::Install => Some(Undo::EndGreen),
        Step::Hook { .. } | Step::Wait | Step::EndBlue => None,
    };
    let until = steps.iter().position(|step| step == failed);
    let done = until.map_or(steps, |at| &steps[..=at]);
    done.iter().rev().filter_map(of).collect()
}

/// Takes step after step. Where one fails, or an alarm rings meanwhile, everything is undone. Once blue ends there is
/// nothing to go back to, and no alarm is heard.
///
/// # Errors
/// Something cannot be undone, or blue does not end.
pub async fn deploy(ground: &impl Ground, steps: &[Step]) -> Result<Outcome> {
    for step in steps {
        if *step == Step::EndBlue {
            ground.take(step).await?;
            continue;
        }
        let cause = tokio::select! {
            done = ground.take(step) => match done {
                Ok(()) => continue,
                Err(error) => Cause::Step(format!("{error:#}")),
            },
            name = ground.alarm() => Cause::Alarm(name),
        };
        for undo in rollback(steps, step) {
            let undone = ground.undo(undo).await;
            undone.with_context(|| format!("{undo:?} after {step}"))?;
        }
        let at = step.clone();
        return Ok(Outcome::RolledBack { at, cause });
    }
    Ok(Outcome::Succeeded)
}

impl Outcome {
    /// Fails where it was rolled back.
    ///
    /// # Errors
    /// It was, and here is why.
    pub fn require_success(&self) -> Result<()> {
        match self {
            Self::Succeeded => Ok(()),
            Self::RolledBack { .. } => bail!("{self}"),
        }
    }
}

impl Step {
    /// CodeDeploy's name of the event; what comes after the last one has names of ours.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Install => "Install",
            Self::Hook { event, .. } => event,
            Self::AllowTestTraffic => "AllowTestTraffic",
            Self::AllowTraffic => "AllowTraffic",
            Self::Wait => "Wait",
            Self::EndBlue => "EndBlue",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Hook { event, function } => write!(f, "{event} ({function})"),
            other => f.write_str(other.name()),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Succeeded => f.write_str("succeeded"),
            Self::RolledBack { at, cause } => match cause {
                Cause::Step(reason) => write!(f, "rolled back at {at}: {reason}"),
                Cause::Alarm(name) => write!(f, "rolled back at {at}: alarm {name}"),
            },
        }
    }
}
