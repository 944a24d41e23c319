//! The pipeline's stages one after the other, while guests keep coming.

use super::actor::Actor;
use super::builds;
use super::crowd::Crowd;
use super::deployment::{self, Outcome, Step};
use super::functions::call_function;
use super::guests::Guests;
use super::mirror;
use super::opening;
use super::part::Part;
use super::settings::Profile;
use super::stage::Stage;
use super::traffic::Traffic;
use super::verdict::{Deployed, Record};
use anyhow::{Result, bail};
use photobooth_cloud::{Action, JobResult, now};
use serde_json::{Value, json};
use std::sync::{Mutex, PoisonError};
use tokio::time::sleep;

/// Minutes for which guests still come when all is over.
const AFTERMATH_MINUTES: u32 = 3;
/// The pipeline's one run here.
const EXECUTION: &str = "rehearsal";
/// The job of its last stage.
const JOB: &str = "job-1";

/// Plays everything on a stage.
///
/// # Errors
/// Something broke that no release could have broken.
pub async fn play(stage: &Stage) -> Result<Record> {
    tokio::select! {
        played = play_all(stage) => played,
        ended = mirror::follow(stage) => {
            ended?;
            bail!("nobody looks at the load balancer any more")
        }
    }
}

async fn play_all(stage: &Stage) -> Result<Record> {
    let pipeline = Pipeline {
        stage,
        actions: Mutex::default(),
    };
    // In AWS they have machines of their own. Here they are over before guests come, who would feel them.
    let steps = pipeline.build_all().await?;
    opening::open(stage).await?;
    let guests = Guests::come(&stage.address(), &stage.timeline)?;
    let mut crowd = Crowd::come(stage);
    if stage.settings.fault.is_none() {
        pipeline.look_first().await?;
    }
    let deployments = pipeline.deploy_all(&steps).await?;
    let over_at = stage.timeline.now();
    let complaint = pipeline.validate(&deployments).await.err();
    sleep(stage.settings.profile.minute() * AFTERMATH_MINUTES).await;
    pipeline.end().await?;
    let rounds = crowd.rounds().await;
    let (requests, visits) = guests.count();
    let parts = deployments.iter().map(|it| it.part);
    Ok(Record {
        fault: stage.settings.fault,
        leads: parts
            .flat_map(|part| Traffic { stage, part }.leads())
            .collect(),
        deployments,
        over_at,
        requests,
        visits,
        failures: guests.failures(),
        rounds,
        complaint: complaint.map(|it| format!("{it:#}")),
        actions: stage.cloud.read(|world| {
            let actions = world.actions.iter();
            actions
                .map(|it| [it.stage.clone(), it.name.clone()])
                .collect()
        }),
        spans: stage.cloud.read(|world| names(&world.reported.segments)),
    })
}

/// What all spans of a trace are called.
fn names(spans: &[Value]) -> Vec<String> {
    let name = |span: &Value| {
        let below = span["subsegments"].as_array();
        let mut all = names(below.map_or(&[], Vec::as_slice));
        all.extend(span["name"].as_str().map(str::to_owned));
        all
    };
    spans.iter().flat_map(name).collect()
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
    /// Builds both services' releases.
    async fn build_all(&self) -> Result<Vec<(Part, Vec<Step>)>> {
        let mut steps = Vec::new();
        for part in Part::ALL {
            let work = builds::release(self.stage, part);
            let built = self.act("Build", part.action(), "CodeBuild", None, work);
            steps.push((part, built.await?));
        }
        Ok(steps)
    }

    /// Looks whether templates and booth are well before anybody touches it.
    async fn look_first(&self) -> Result<()> {
        opening::wait_for_metrics(self.stage).await?;
        let stage = "PreDeploymentValidation";
        self.build(stage, "Live", "validate").await?;
        if self.stage.settings.profile == Profile::Full {
            self.build(stage, "Infrastructure", "infra").await?;
        }
        Ok(())
    }

    /// What is tried after the release, where there was one.
    async fn validate(&self, deployments: &[Deployed]) -> Result<()> {
        let has_succeeded = |it: &Deployed| it.outcome == Outcome::Succeeded;
        if !deployments.iter().all(has_succeeded) {
            return Ok(());
        }
        let stage = "PostDeploymentValidation";
        let figures = check(self.stage);
        self.act(stage, "Validate", "Lambda", None, figures).await?;
        self.build(stage, "Integration", "integration").await
    }

    /// Runs a buildspec as an action.
    async fn build(&self, stage: &str, name: &str, buildspec: &str) -> Result<()> {
        let work = builds::run(self.stage, buildspec);
        self.act(stage, name, "CodeBuild", None, work).await?;
        Ok(())
    }

    /// Deploys one service after the other, until one is rolled back.
    async fn deploy_all(&self, steps: &[(Part, Vec<Step>)]) -> Result<Vec<Deployed>> {
        let mut deployments = Vec::new();
        for (part, steps) in steps {
            let deployed = self.deploy(*part, steps).await?;
            let succeeded = deployed.outcome == Outcome::Succeeded;
            deployments.push(deployed);
            if !succeeded {
                break;
            }
        }
        Ok(deployments)
    }

    /// Does an action, and notes that it was done.
    async fn act<T>(
        &self,
        stage: &str,
        name: &str,
        provider: &str,
        external: Option<&str>,
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
            external: external.map(str::to_owned),
        };
        let mut actions = self.actions.lock().unwrap_or_else(PoisonError::into_inner);
        actions.push(action);
        done
    }

    async fn deploy(&self, part: Part, steps: &[Step]) -> Result<Deployed> {
        let stage = self.stage;
        let actor = Actor::new(stage, part, steps);
        let id = actor.history.id.clone();
        let mut outcome = Outcome::Succeeded;
        let work = async {
            outcome = deployment::deploy(&actor, steps).await?;
            outcome.require_success()
        };
        let done = self
            .act("Deploy", part.action(), "CodeDeployToECS", Some(&id), work)
            .await;
        let succeeded = outcome == Outcome::Succeeded;
        if succeeded {
            // What failed then was no step of a release.
            done?;
            stage.timeline.good(part, &outcome);
        } else {
            stage.timeline.bad(part, &outcome);
        }
        let (status, state) = match succeeded {
            true => ("Succeeded", "SUCCESS"),
            false => ("Failed", "FAILURE"),
        };
        actor.history.close(status);
        let group = part.deployment_group(&stage.settings.environment);
        let detail = json!({ "deploymentGroup": group, "deploymentId": id, "state": state });
        let kind = "CodeDeploy Deployment State-change Notification";
        self.tell("aws.codedeploy", kind, &detail).await?;
        Ok(Deployed {
            part,
            outcome,
            hooks: actor.into_hooks(),
        })
    }

    /// Ends the pipeline's run: the events' function draws its trace.
    async fn end(&self) -> Result<()> {
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
        let state = if has_failed { "FAILED" } else { "SUCCEEDED" };
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
