//! CodeDeploy: what a deployment swaps, how far it is, and what a hook answers it.

use super::{about, seconds};
use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_codedeploy::Client;
use aws_sdk_codedeploy::types::{
    EcsTarget, EcsTaskSet, LifecycleEvent, LifecycleEventStatus, TargetLabel,
};

#[derive(Clone, Debug)]
pub struct Deployments(Client);

/// A deployment of one service.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// The CodeDeploy group, which is one for each service.
    pub group: String,
    /// What comes; `None` before it is installed.
    pub green: Option<Colour>,
    /// What goes; `None` when it is gone.
    pub blue: Option<Colour>,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub struct Colour {
    pub task_set: String,
    pub target_group: String,
}

/// A lifecycle event; times in seconds since 1970.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub name: String,
    pub has_failed: bool,
    pub began: Option<f64>,
    pub ended: Option<f64>,
}

impl Deployments {
    pub(super) fn new(config: &SdkConfig) -> Self {
        Self(Client::new(config))
    }

    /// # Errors
    /// CodeDeploy does not answer, or knows no such deployment of an ECS service.
    pub async fn look(&self, id: &str) -> Result<Deployment> {
        let call = self.0.get_deployment().deployment_id(id).send();
        let answer = call.await.map_err(about("GetDeployment"))?;
        let info = answer
            .deployment_info
            .context("CodeDeploy says nothing of it")?;
        let group = info
            .deployment_group_name
            .context("a deployment of no group")?;
        let target = self.target(id).await?;
        let colour = |label: TargetLabel| {
            let mut sets = target.task_sets_info().iter();
            sets.find(|set| set.task_set_label() == Some(&label))
                .map(colour_of)
        };
        Ok(Deployment {
            group,
            green: colour(TargetLabel::Green),
            blue: colour(TargetLabel::Blue),
            steps: target.lifecycle_events().iter().map(step_of).collect(),
        })
    }

    /// The one ECS service of a deployment.
    async fn target(&self, id: &str) -> Result<EcsTarget> {
        let call = self.0.list_deployment_targets().deployment_id(id).send();
        let targets = call.await.map_err(about("ListDeploymentTargets"))?;
        let target = targets
            .target_ids()
            .first()
            .context("a deployment to nowhere")?;
        let call = self
            .0
            .get_deployment_target()
            .deployment_id(id)
            .target_id(target);
        let answer = call.send().await.map_err(about("GetDeploymentTarget"))?;
        let target = answer
            .deployment_target
            .and_then(|target| target.ecs_target);
        target.context("no deployment of an ECS service")
    }

    /// Answers a hook's call. An answer that is there already is taken for ours, sent by an attempt whose own answer
    /// was lost.
    ///
    /// # Errors
    /// CodeDeploy does not take it.
    pub async fn answer(&self, id: &str, execution: &str, passed: bool) -> Result<()> {
        let status = if passed {
            LifecycleEventStatus::Succeeded
        } else {
            LifecycleEventStatus::Failed
        };
        let call = self.0.put_lifecycle_event_hook_execution_status();
        let call = call
            .deployment_id(id)
            .lifecycle_event_hook_execution_id(execution);
        match call.status(status).send().await {
            Ok(_) => Ok(()),
            Err(error) => {
                let is_there = error
                    .as_service_error()
                    .is_some_and(|it| it.is_lifecycle_event_already_completed_exception());
                if is_there {
                    Ok(())
                } else {
                    Err(about("PutLifecycleEventHookExecutionStatus")(error))
                }
            }
        }
    }
}

fn colour_of(set: &EcsTaskSet) -> Colour {
    let group = set.target_group().and_then(|it| it.name());
    Colour {
        task_set: set.identifer().unwrap_or_default().to_owned(),
        target_group: group.unwrap_or_default().to_owned(),
    }
}

fn step_of(event: &LifecycleEvent) -> Step {
    Step {
        name: event.lifecycle_event_name().unwrap_or_default().to_owned(),
        has_failed: event.status() == Some(&LifecycleEventStatus::Failed),
        began: seconds(event.start_time()),
        ended: seconds(event.end_time()),
    }
}
