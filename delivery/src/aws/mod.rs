//! What is asked of AWS and told to it: a service a file, in our own words. Nothing outside of this folder knows the
//! SDK.
//!
//! A role that is to do all of it needs `ecs:{DescribeServices,DescribeTaskDefinition,ListTasks,DescribeTasks}`,
//! `elasticloadbalancing:{DescribeTargetGroups,DescribeTargetGroupAttributes,DescribeTargetHealth,DescribeRules,
//! DescribeListeners,DescribeLoadBalancers}`, `cloudwatch:{PutMetricData,GetMetricData,DescribeAlarms}`,
//! `codedeploy:{GetDeployment,GetDeploymentTarget,ListDeploymentTargets,PutLifecycleEventHookExecutionStatus}`,
//! `codepipeline:{ListActionExecutions,PutJobSuccessResult,PutJobFailureResult}`, `secretsmanager:GetSecretValue`,
//! `xray:PutTraceSegments` and `s3:PutObject`.

mod backups;
mod balancers;
mod containers;
mod deployments;
mod metrics;
mod pipelines;
mod secrets;
mod traces;

pub use backups::Backups;
pub use balancers::{Balancers, Rule, Target, TargetGroup};
pub use containers::{Containers, Task, TaskSet};
pub use deployments::{Colour, Deployment, Deployments, Step};
pub use metrics::{Metrics, Query};
pub use pipelines::{Action, Pipelines};
pub use secrets::Secrets;
pub use traces::Traces;

use crate::deadline::Deadline;
use aws_config::BehaviorVersion;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_ecs::error::ProvideErrorMetadata;
use aws_sdk_ecs::primitives::DateTime;
use std::error::Error;
use std::iter::successors;
use std::time::Duration;

/// Throttling usually ends within a few attempts.
const ATTEMPTS: u32 = 6;

/// Every service that is spoken with.
#[derive(Clone, Debug)]
pub struct Aws {
    pub backups: Backups,
    pub balancers: Balancers,
    pub containers: Containers,
    pub deployments: Deployments,
    pub metrics: Metrics,
    pub pipelines: Pipelines,
    pub secrets: Secrets,
    pub traces: Traces,
}

impl Aws {
    /// With the keys that AWS's own tools would find, and no call that takes longer than the deadline has for it.
    pub async fn open(deadline: &Deadline) -> Self {
        let timeouts = TimeoutConfig::builder()
            .operation_attempt_timeout(deadline.attempt())
            .operation_timeout(deadline.reporting());
        let first_pause = deadline.pace().min(Duration::from_secs(1)) / 2;
        let retries = RetryConfig::standard()
            .with_max_attempts(ATTEMPTS)
            .with_initial_backoff(first_pause)
            .with_max_backoff(deadline.attempt());
        let config = aws_config::defaults(BehaviorVersion::latest())
            .timeout_config(timeouts.build())
            .retry_config(retries)
            .load()
            .await;
        Self {
            backups: Backups::new(&config),
            balancers: Balancers::new(&config),
            containers: Containers::new(&config),
            deployments: Deployments::new(&config),
            metrics: Metrics::new(&config),
            pipelines: Pipelines::new(&config),
            secrets: Secrets::new(&config),
            traces: Traces::new(&config),
        }
    }
}

/// An error of the SDK in a few words, with what was asked: what the service said, or why it was not reached.
fn about<E: Error + ProvideErrorMetadata>(call: &'static str) -> impl FnOnce(E) -> anyhow::Error {
    move |error| {
        if let Some(code) = error.code() {
            let message = error.message().unwrap_or_default();
            return anyhow::anyhow!("{call}: {code}: {message}");
        }
        let causes = successors(error.source(), |cause: &&dyn Error| (*cause).source());
        let causes: String = causes.map(|cause| format!(": {cause}")).collect();
        anyhow::anyhow!("{call}: {error}{causes}")
    }
}

/// The name at the end of an ARN.
fn last_part(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// Seconds since 1970.
fn seconds(time: Option<&DateTime>) -> Option<f64> {
    time.map(DateTime::as_secs_f64)
}
