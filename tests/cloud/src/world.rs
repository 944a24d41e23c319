//! What the cloud knows. Everything is public: a test or a rehearsal changes it as AWS would in the course of time.

use crate::arns::name_of;
use crate::metrics::Metrics;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that is there, by its name.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Which ECS cluster there is.
    pub cluster: String,
    /// ECS services.
    pub services: BTreeMap<String, Service>,
    /// Task definitions as ECS gives them, the oldest first.
    pub task_definitions: Vec<Value>,
    /// The one load balancer.
    pub load_balancer: String,
    pub target_groups: BTreeMap<String, TargetGroup>,
    pub listeners: Vec<Listener>,
    /// Alarms; `true` for those that ring.
    pub alarms: BTreeMap<String, bool>,
    pub metrics: Metrics,
    /// Names of metrics that CloudWatch cannot read at the moment; it says so beside those that it can.
    pub unreadable: BTreeSet<String>,
    pub deployments: BTreeMap<String, Deployment>,
    /// What pipelines did, the oldest first.
    pub actions: Vec<Action>,
    pub secrets: BTreeMap<String, String>,
    /// What was told to the cloud.
    pub reported: Reported,
}

/// An ECS service that CodeDeploy swaps.
#[derive(Clone, Debug, Default)]
pub struct Service {
    pub task_sets: Vec<TaskSet>,
}

/// One colour of a service.
#[derive(Clone, Debug, Default)]
pub struct TaskSet {
    /// Like `ecs-svc/1000000000000000001`.
    pub id: String,
    /// `PRIMARY`, `ACTIVE` or `DRAINING`.
    pub status: String,
    pub family: String,
    pub revision: u32,
    /// The deployment that made it.
    pub deployment: Option<String>,
    pub target_group: String,
    pub desired: u32,
    pub tasks: Vec<Task>,
}

#[derive(Clone, Debug)]
pub struct Task {
    /// Digits and letters, as at the end of its ARN.
    pub id: String,
    /// `PENDING`, `RUNNING`, `STOPPED`.
    pub status: String,
    pub health: Health,
    /// Why it ended.
    pub stopped_reason: Option<String>,
}

/// What a health check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Nothing yet.
    Unknown,
    Healthy,
    Unhealthy,
    /// A target that takes no new requests.
    Draining,
}

#[derive(Clone, Debug)]
pub struct TargetGroup {
    /// By `address:port`.
    pub targets: BTreeMap<String, Health>,
    pub drain_seconds: u32,
}

#[derive(Clone, Debug)]
pub struct Listener {
    pub port: u16,
    pub rules: Vec<Rule>,
}

/// What a listener does with requests that fit.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `None` for the rule that is asked last.
    pub priority: Option<u32>,
    /// Path patterns; none fits every path.
    pub paths: Vec<String>,
    /// Target groups with their weights; none is a fixed answer.
    pub targets: Vec<(String, u32)>,
}

/// A CodeDeploy deployment of one service.
#[derive(Clone, Debug)]
pub struct Deployment {
    pub application: String,
    pub group: String,
    /// The ECS service that it swaps.
    pub service: String,
    /// `InProgress`, `Succeeded`, `Failed`, `Stopped`.
    pub status: String,
    pub events: Vec<LifecycleEvent>,
    /// Hooks that were called, by the id that they answer with.
    pub hooks: BTreeMap<String, Hook>,
}

/// A call of a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Like `AfterInstall`.
    pub event: String,
    /// What the hook reported: `Succeeded` or `Failed`.
    pub status: Option<String>,
}

/// A step of a deployment; times in seconds since 1970.
#[derive(Clone, Debug)]
pub struct LifecycleEvent {
    pub name: String,
    /// `Pending`, `InProgress`, `Succeeded`, `Failed`, `Skipped`.
    pub status: String,
    pub began: Option<f64>,
    pub ended: Option<f64>,
}

/// An action of a pipeline's execution.
#[derive(Clone, Debug)]
pub struct Action {
    pub pipeline: String,
    pub execution: String,
    pub stage: String,
    pub name: String,
    /// `CodeBuild`, `CodeDeployToECS`, `Lambda`.
    pub provider: String,
    /// `Succeeded`, `Failed`, `InProgress`.
    pub status: String,
    pub began: f64,
    pub ended: f64,
    /// Its own id where it ran: a build's, a deployment's.
    pub external: Option<String>,
}

/// Reports about things that are no part of the world itself; hooks and metrics lie beside what they belong to.
#[derive(Clone, Debug, Default)]
pub struct Reported {
    /// Results of a pipeline's jobs, by the job's id.
    pub jobs: BTreeMap<String, JobResult>,
    /// X-Ray segments.
    pub segments: Vec<Value>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobResult {
    Success,
    /// With its message.
    Failure(String),
}

/// How far a deployment of [`World::of`] has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// No deployment: blue alone.
    Before,
    /// Green runs, on the test listener.
    Installed,
    /// Green has the guests, blue still runs.
    Shifted,
}

impl TaskSet {
    /// So many tasks that run and are well.
    #[must_use]
    pub fn with_tasks(mut self, count: u32) -> Self {
        self.desired = count;
        self.tasks = (0..count)
            .map(|index| Task::healthy(&format!("{}-{index}", name_of(&self.id))))
            .collect();
        self
    }

    pub(crate) fn running(&self) -> usize {
        self.tasks
            .iter()
            .filter(|task| task.status == "RUNNING")
            .count()
    }
}

impl Task {
    #[must_use]
    pub fn healthy(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            status: "RUNNING".to_owned(),
            health: Health::Healthy,
            stopped_reason: None,
        }
    }
}

impl TargetGroup {
    #[must_use]
    pub fn healthy(targets: &[&str]) -> Self {
        let targets = targets
            .iter()
            .map(|target| ((*target).to_owned(), Health::Healthy));
        Self {
            targets: targets.collect(),
            drain_seconds: 60,
        }
    }
}
