//! Before blue loses its guests: green is ready for them, blue may finish what it is at, and how things stood is kept.
//! And when the deployment is over: blue is gone.

use super::{Release, Scene};
use crate::aws::{Aws, Rule, TaskSet};
use crate::checks::Deployed;
use crate::deadline::Deadline;
use crate::finding::{Finding, demand, fail};
use crate::place::{Place, Service};
use anyhow::{Context, Result};
use api::QueueState;
use serde::Serialize;
use serde_json::Value;

/// How things stood: what a person needs to put them back.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Backup<'a> {
    deployment: &'a str,
    environment: String,
    service: Service,
    /// The backend's, whichever service is released; left out where it does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<QueueState>,
    blue: TaskSet,
    task_definition: Value,
    rules: Vec<Rule>,
}

pub(super) async fn look(scene: &Scene, release: &Release) {
    let deployed = scene.deployed(release);
    let (green, group) = (&release.green.task_set, &release.green.target_group);
    scene
        .settle("green tasks", async || {
            deployed.tasks_run(Some(green)).await
        })
        .await;
    scene
        .settle("green targets", async || {
            deployed.targets_answer(group).await
        })
        .await;
    scene
        .settle("draining", async || may_drain(scene, release).await)
        .await;
    scene
        .settle("backup", async || back_up(scene, release).await)
        .await;
}

/// Guests who wait for blue's answer get it.
async fn may_drain(scene: &Scene, release: &Release) -> Finding {
    let blue = release
        .deployment
        .blue
        .as_ref()
        .ok_or_else(|| fail("there is no blue"))?;
    let group = scene.aws.balancers.target_group(&blue.target_group).await?;
    let seconds = scene.aws.balancers.drain_seconds(&group).await?;
    demand(seconds > 0, || {
        format!("{} drops its requests at once", blue.target_group)
    })?;
    Ok(format!("{} has {seconds} s to finish", blue.target_group))
}

async fn back_up(scene: &Scene, release: &Release) -> Finding {
    let bucket = scene.place.backup_bucket.as_deref();
    let bucket = bucket.context("DELIVERY_BACKUP_BUCKET is not set")?;
    let state = state(scene, release).await?;
    let key = scene
        .aws
        .backups
        .keep(bucket, &scene.call.deployment_id, &state)
        .await?;
    let waiting = state.queue.as_ref().and_then(|queue| queue.queued);
    let waiting = waiting.map_or("it is not known how many".to_owned(), |it| it.to_string());
    Ok(format!(
        "{key}: {waiting} photos wait, {}",
        state.blue.task_definition
    ))
}

/// A booth that is too ill to say it must still be replaced.
async fn queue(scene: &Scene) -> Option<QueueState> {
    let health = async { scene.booth()?.health().await };
    match health.await {
        Ok(health) => Some(health.queue),
        Err(error) => {
            tracing::warn!("how many photos wait is left out: {error:#}");
            None
        }
    }
}

async fn state<'a>(scene: &'a Scene, release: &Release) -> Result<Backup<'a>> {
    let environment = scene.place.environment;
    let blue = release
        .deployment
        .blue
        .as_ref()
        .context("there is no blue")?;
    let sets = scene.deployed(release).task_sets().await?;
    let mut sets = sets.into_iter();
    let blue = sets
        .find(|set| set.id == blue.task_set)
        .context("blue's task set is not there")?;
    Ok(Backup {
        deployment: &scene.call.deployment_id,
        environment: environment.to_string(),
        service: release.service,
        queue: queue(scene).await,
        task_definition: scene
            .aws
            .containers
            .task_definition(&blue.task_definition)
            .await?,
        blue,
        rules: scene
            .aws
            .balancers
            .rules(&environment.load_balancer())
            .await?,
    })
}

/// Waits until one colour is left, and the other one's targets are gone.
///
/// # Errors
/// They are still there when the time is over.
pub async fn blue_is_gone(
    aws: &Aws,
    place: &Place,
    service: Service,
    deadline: &Deadline,
) -> Finding {
    let environment = place.environment;
    let deployed = Deployed {
        aws,
        environment,
        service,
    };
    let look = async || {
        let sets = deployed.task_sets().await?;
        let old = sets.iter().find(|set| set.status != "PRIMARY");
        if let Some(set) = old {
            return Err(fail(format!(
                "{} is {} with {} tasks",
                set.id, set.status, set.running
            )));
        }
        let mut left = 0;
        let mut lived_in = 0;
        for group in service.target_groups(environment) {
            let targets = deployed.targets(&group).await?.len();
            left += targets;
            lived_in += usize::from(targets > 0);
        }
        demand(lived_in == 1, || {
            format!("{left} targets in {lived_in} target groups")
        })?;
        Ok(format!("one task set and its {left} targets are left"))
    };
    deadline.settle(look).await
}
