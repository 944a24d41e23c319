//! The pipeline's stages one after the other, and the judgement of what came of them.

use super::actor::{Actor, HookCall};
use super::builds;
use super::deployment::{self, Outcome, Step};
use super::faults::{Fault, Watch};
use super::functions::call_function;
use super::guests::Guests;
use super::mirror;
use super::part::{Colour, Part};
use super::stage::Stage;
use anyhow::{Context, Result, bail};
use photobooth_cloud::{Action, JobResult, now};
use serde_json::{Value, json};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{interval, sleep, timeout};

/// Within which the first tasks are open: models warm up.
const OPENING: Duration = Duration::from_secs(180);
/// The backend publishes its metrics once a minute.
const PUBLISHING: Duration = Duration::from_secs(90);
/// Minutes for which guests still come when all is over.
const AFTERMATH_MINUTES: u32 = 3;
/// The pipeline's one run here.
const EXECUTION: &str = "rehearsal";
/// The job of its last stage.
const JOB: &str = "job-1";

/// What came of a rehearsal.
pub struct Verdict {
    /// Each service's, in the order of their deployments.
    pub deployments: Vec<(Part, Outcome, Vec<HookCall>)>,
    /// What is not as it must be; nothing, where all is well.
    pub objections: Vec<String>,
}

/// Plays everything on a stage, and judges it.
///
/// # Errors
/// Something broke that no release could have broken.
pub async fn play(stage: &Stage) -> Result<(Verdict, Guests)> {
    tokio::select! {
        played = play_all(stage) => played,
        ended = mirror::follow(stage) => {
            ended?;
            bail!("nobody looks at the load balancer any more")
        }
    }
}

async fn play_all(stage: &Stage) -> Result<(Verdict, Guests)> {
    open(stage).await?;
    let guests = stage.open()?;
    let pipeline = Pipeline {
        stage,
        actions: Mutex::default(),
    };
    let steps = pipeline.prepare().await?;
    let mut verdict = Verdict {
        deployments: Vec::new(),
        objections: Vec::new(),
    };
    for (part, steps) in &steps {
        let (outcome, hooks) = pipeline.deploy(*part, steps).await?;
        let succeeded = outcome == Outcome::Succeeded;
        verdict.deployments.push((*part, outcome, hooks));
        if !succeeded {
            break;
        }
    }
    let quiet_from = stage.timeline.now();
    if verdict
        .deployments
        .iter()
        .all(|(_, outcome, _)| *outcome == Outcome::Succeeded)
    {
        let checked = check(stage);
        let checked = pipeline
            .act(
                "PostDeploymentValidation",
                "Figures",
                "Lambda",
                None,
                checked,
            )
            .await;
        verdict
            .objections
            .extend(checked.err().map(|it| format!("{it:#}")));
    }
    sleep(stage.settings.profile.minute() * AFTERMATH_MINUTES).await;
    pipeline.end(&verdict).await?;
    judge(stage, &guests, quiet_from, &mut verdict);
    Ok((verdict, guests))
}

/// Starts blue, and waits until guests may come.
async fn open(stage: &Stage) -> Result<()> {
    stage.timeline.say("stage", "blue starts ...");
    for part in Part::ALL {
        stage.start(part, Colour::Blue).await?;
        let group = part.target_group(Colour::Blue, &stage.settings.environment);
        let is_open = stage.balancer.wait_until(&group, |targets| {
            targets
                .iter()
                .all(|it| it.health == crate::proxy::Health::Healthy)
        });
        let opened = timeout(OPENING, is_open).await;
        opened.with_context(|| format!("{part} does not open"))??;
    }
    stage
        .timeline
        .good("stage", format!("blue is open at {}", stage.address()));
    Ok(())
}

async fn wait_for_metrics(stage: &Stage) -> Result<()> {
    stage
        .timeline
        .say("stage", "the backend publishes metrics once a minute ...");
    let published = || {
        stage.cloud.read(|world| {
            !world
                .metrics
                .values("AI-Photobooth", "Portraits")
                .is_empty()
        })
    };
    let waiting = async {
        let mut ticks = interval(Duration::from_millis(500));
        while !published() {
            ticks.tick().await;
        }
    };
    timeout(PUBLISHING, waiting)
        .await
        .context("the backend publishes no metrics")
}

/// The validator as the pipeline's last stage calls it.
async fn check(stage: &Stage) -> Result<()> {
    let event = json!({ "CodePipeline.job": { "id": JOB, "accountId": "1", "data": {} } });
    call_function(stage, "validate-deployment", event).await?;
    let result = stage
        .cloud
        .read(|world| world.reported.jobs.get(JOB).cloned());
    match result {
        Some(JobResult::Success) => Ok(()),
        Some(JobResult::Failure(message)) => bail!("validate-deployment: {message}"),
        None => bail!("validate-deployment told the pipeline nothing"),
    }
}

struct Pipeline<'a> {
    stage: &'a Stage,
    actions: Mutex<Vec<Action>>,
}

impl Pipeline<'_> {
    /// Builds both services' releases; where nothing is to go wrong, looks first whether the booth is well.
    async fn prepare(&self) -> Result<Vec<(Part, Vec<Step>)>> {
        let mut steps = Vec::new();
        for part in Part::ALL {
            let built = self.act(
                "Build",
                part.name(),
                "CodeBuild",
                None,
                builds::release(self.stage, part),
            );
            steps.push((part, built.await?));
        }
        if self.stage.settings.fault.is_none() {
            wait_for_metrics(self.stage).await?;
            let validated = builds::run(self.stage, "validate");
            self.act(
                "PreDeploymentValidation",
                "Live",
                "CodeBuild",
                None,
                validated,
            )
            .await?;
        }
        Ok(steps)
    }

    /// Does an action, and notes that it was done.
    async fn act<T>(
        &self,
        stage: &str,
        name: &str,
        provider: &str,
        external: Option<String>,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        self.stage
            .timeline
            .say("pipeline", format!("{stage}: {name}"));
        let began = now();
        let done = work.await;
        let action = Action {
            pipeline: self.name(),
            execution: EXECUTION.to_owned(),
            stage: stage.to_owned(),
            name: name.to_owned(),
            provider: provider.to_owned(),
            status: if done.is_ok() { "Succeeded" } else { "Failed" }.to_owned(),
            began,
            ended: now(),
            external,
        };
        let mut actions = self.actions.lock().unwrap_or_else(PoisonError::into_inner);
        actions.push(action);
        done
    }

    async fn deploy(&self, part: Part, steps: &[Step]) -> Result<(Outcome, Vec<HookCall>)> {
        let stage = self.stage;
        let actor = Actor::new(stage, part, steps);
        let mut outcome = Outcome::Succeeded;
        let work = async {
            outcome = deployment::deploy(&actor, steps).await?;
            outcome.require_success()
        };
        let id = Some(actor.id.clone());
        let done = self
            .act("Deploy", part.name(), "CodeDeployToECS", id, work)
            .await;
        if outcome == Outcome::Succeeded {
            done?;
        }
        let succeeded = outcome == Outcome::Succeeded;
        actor.close(if succeeded { "Succeeded" } else { "Failed" });
        match succeeded {
            true => stage.timeline.good(part, &outcome),
            false => stage.timeline.bad(part, &outcome),
        }
        let state = if succeeded { "SUCCESS" } else { "FAILURE" };
        let group = part.deployment_group(&stage.settings.environment);
        let detail = json!({ "deploymentGroup": group, "deploymentId": actor.id, "state": state });
        let kind = "CodeDeploy Deployment State-change Notification";
        self.tell("aws.codedeploy", kind, &detail).await?;
        let hooks = actor.hooks.into_inner();
        Ok((outcome, hooks.unwrap_or_else(PoisonError::into_inner)))
    }

    /// Ends the pipeline's run: the events' function draws its trace.
    async fn end(&self, verdict: &Verdict) -> Result<()> {
        let actions = self
            .actions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let has_failed = actions.iter().any(|it| it.status == "Failed");
        self.stage
            .cloud
            .change(|world| world.actions.extend(actions));
        // A fault that was put in is no reason to leave it in.
        self.stage.cloud.heal("DescribeServices");
        self.stage.cloud.heal("DescribeTargetHealth");
        let state = if has_failed || verdict.deployments.is_empty() {
            "FAILED"
        } else {
            "SUCCEEDED"
        };
        let detail = json!({ "pipeline": self.name(), "execution-id": EXECUTION, "state": state });
        let kind = "CodePipeline Pipeline Execution State Change";
        self.tell("aws.codepipeline", kind, &detail).await
    }

    /// Tells the events' function what EventBridge would.
    async fn tell(&self, source: &str, kind: &str, detail: &Value) -> Result<()> {
        let event = json!({ "source": source, "detail-type": kind, "detail": detail });
        let report = call_function(self.stage, "events", event).await?;
        let outcome = report["outcome"].as_str().unwrap_or("unknown");
        self.stage
            .timeline
            .say("events", format!("{kind}: {outcome}"));
        Ok(())
    }

    fn name(&self) -> String {
        format!("ai-photobooth-pipeline-{}", self.stage.settings.environment)
    }
}

/// What a rehearsal must have come to: by the fault that was put in, or none.
fn judge(stage: &Stage, guests: &Guests, quiet_from: Duration, verdict: &mut Verdict) {
    let failures = guests.failures();
    let mut objections = Vec::new();
    for (part, outcome, hooks) in &verdict.deployments {
        match stage.settings.fault {
            None if *outcome != Outcome::Succeeded => objections.push(format!("{part} {outcome}")),
            Some(fault) if !fault.is_caught(outcome) => objections.push(format!(
                "{} was not caught by {}: {part} {outcome}",
                fault.name(),
                fault.watch()
            )),
            _ => {}
        }
        for hook in hooks {
            if hook.status.is_none() || hook.seconds > hook.limit_seconds as f64 {
                let (function, seconds) = (&hook.function, hook.seconds);
                objections.push(format!(
                    "{function} reported {:?} after {seconds:.0} s",
                    hook.status
                ));
            }
        }
        if *outcome != Outcome::Succeeded {
            objections.extend(weights_left(stage, *part));
        }
    }
    // Guests met a bad green only where an alarm had to find it, and never after the rollback.
    let may_fail = stage.settings.fault.map(Fault::watch) == Some(Watch::Alarm);
    let counted = failures
        .iter()
        .filter(|it| !may_fail || it.at >= quiet_from);
    for failure in counted.take(5) {
        objections.push(format!(
            "at {:.1} s {}",
            failure.at.as_secs_f64(),
            failure.what
        ));
    }
    if guests.count().0 == 0 {
        objections.push("no guest came".to_owned());
    }
    let segments = stage.cloud.read(|world| world.reported.segments.len());
    if segments == 0 {
        objections.push("no trace was written".to_owned());
    }
    verdict.objections.extend(objections);
}

/// What green still has after a rollback.
fn weights_left(stage: &Stage, part: Part) -> Option<String> {
    let green = part.target_group(Colour::Green, &stage.settings.environment);
    let weights = stage
        .balancer
        .weights(crate::proxy::Listener::Production, part.name());
    let left = weights
        .into_iter()
        .flatten()
        .find(|(group, weight)| *group == green && *weight > 0);
    left.map(|(_, weight)| format!("green of {part} still has {weight} of 100 guests"))
}
