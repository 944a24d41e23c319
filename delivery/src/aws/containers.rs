//! ECS: the colours of a service, their tasks, and what those are made from.

use super::{about, last_part};
use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_ecs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_ecs::error::BoxError;
use aws_sdk_ecs::types::{DesiredStatus, StabilityStatus};
use serde::Serialize;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Clone, Debug)]
pub struct Containers(Client);

/// One colour of a service that CodeDeploy swaps.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskSet {
    pub id: String,
    /// `PRIMARY`, `ACTIVE` or `DRAINING`.
    pub status: String,
    pub task_definition: String,
    pub desired: i32,
    pub running: i32,
    pub pending: i32,
    pub is_steady: bool,
}

#[derive(Clone, Debug)]
pub struct Task {
    pub id: String,
    pub status: String,
    /// `HEALTHY`, `UNHEALTHY`, or `UNKNOWN` where nobody asks.
    pub health: String,
    pub stopped_reason: Option<String>,
}

impl Containers {
    pub(super) fn new(config: &SdkConfig) -> Self {
        Self(Client::new(config))
    }

    /// The colours of a service, in whatever order.
    ///
    /// # Errors
    /// ECS does not answer, or knows no such service.
    pub async fn task_sets(&self, cluster: &str, service: &str) -> Result<Vec<TaskSet>> {
        let call = self
            .0
            .describe_services()
            .cluster(cluster)
            .services(service);
        let answer = call.send().await.map_err(about("DescribeServices"))?;
        let found = answer.services().first();
        let found = found.with_context(|| format!("{cluster} has no service {service}"))?;
        let sets = found.task_sets().iter().map(|set| TaskSet {
            id: set.id().unwrap_or_default().to_owned(),
            status: set.status().unwrap_or_default().to_owned(),
            task_definition: set.task_definition().unwrap_or_default().to_owned(),
            desired: set.computed_desired_count(),
            running: set.running_count(),
            pending: set.pending_count(),
            is_steady: set.stability_status() == Some(&StabilityStatus::SteadyState),
        });
        Ok(sets.collect())
    }

    /// The tasks of one colour, with those that ended lately.
    ///
    /// # Errors
    /// ECS does not answer.
    pub async fn tasks(&self, cluster: &str, service: &str, task_set: &str) -> Result<Vec<Task>> {
        let mut tasks = Vec::new();
        for status in [DesiredStatus::Running, DesiredStatus::Stopped] {
            let call = self.0.list_tasks().cluster(cluster).service_name(service);
            let call = call.desired_status(status).send();
            let listed = call.await.map_err(about("ListTasks"))?;
            if listed.task_arns().is_empty() {
                continue;
            }
            // A page has a hundred, as many as may be described at a time; a booth has a few.
            let call = self.0.describe_tasks().cluster(cluster);
            let call = call.set_tasks(listed.task_arns).send();
            let described = call.await.map_err(about("DescribeTasks"))?;
            let own = described.tasks.unwrap_or_default().into_iter();
            let own = own.filter(|task| task.started_by() == Some(task_set));
            tasks.extend(own.map(|task| {
                Task {
                    id: last_part(task.task_arn().unwrap_or_default()).to_owned(),
                    health: task
                        .health_status()
                        .map_or("UNKNOWN", |it| it.as_str())
                        .to_owned(),
                    status: task.last_status.unwrap_or_default(),
                    stopped_reason: task.stopped_reason,
                }
            }));
        }
        Ok(tasks)
    }

    /// A task definition as ECS writes it, the newest of a family or the one of an ARN.
    ///
    /// # Errors
    /// ECS does not answer, or knows no such definition.
    pub async fn task_definition(&self, name: &str) -> Result<Value> {
        let heard = Heard::default();
        let call = self.0.describe_task_definition().task_definition(name);
        let call = call.customize().interceptor(heard.clone()).send();
        call.await.map_err(about("DescribeTaskDefinition"))?;
        let mut answer: Value = serde_json::from_slice(&heard.take())?;
        Ok(answer["taskDefinition"].take())
    }
}

/// Keeps an answer as it came: the SDK's types cannot be written as JSON again.
#[derive(Clone, Debug, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Heard {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Intercept for Heard {
    fn name(&self) -> &'static str {
        "Heard"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().unwrap_or_default();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = body.to_vec();
        Ok(())
    }
}
