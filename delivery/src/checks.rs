//! Looks that hooks and validator have in common: tasks, targets, listeners, metrics.

use crate::aws::{Aws, Query, Target, TaskSet};
use crate::booth::Booth;
use crate::place::{Environment, Service};
use crate::report::{Finding, Objection, demand, fail};
use crate::settings::Thresholds;
use anyhow::Context;
use api::{ComponentState, HealthStatus};
use std::time::Duration;

/// Where guests are.
pub const PRODUCTION: i32 = 443;
/// Where a release is before that.
pub const TEST: i32 = 8443;

/// One service in one environment, as AWS sees it.
#[derive(Clone, Copy, Debug)]
pub struct Deployed<'a> {
    pub aws: &'a Aws,
    pub environment: Environment,
    pub service: Service,
}

impl Deployed<'_> {
    /// The colours of the service.
    ///
    /// # Errors
    /// ECS does not answer.
    pub async fn task_sets(&self) -> anyhow::Result<Vec<TaskSet>> {
        let (cluster, name) = (
            self.environment.cluster(),
            self.service.ecs_name(self.environment),
        );
        self.aws.containers.task_sets(&cluster, &name).await
    }

    /// That all tasks of a colour run and are well; `None` is the one that has the guests.
    ///
    /// # Errors
    /// One of them does not, or it is not known.
    pub async fn tasks_run(&self, task_set: Option<&str>) -> Finding {
        let sets = self.task_sets().await?;
        let wanted = |set: &&TaskSet| task_set.map_or(set.status == "PRIMARY", |id| set.id == id);
        let set = sets
            .iter()
            .find(wanted)
            .ok_or_else(|| fail("the task set is not there"))?;
        let (cluster, name) = (
            self.environment.cluster(),
            self.service.ecs_name(self.environment),
        );
        let tasks = self.aws.containers.tasks(&cluster, &name, &set.id).await?;
        let stopped = tasks
            .iter()
            .rev()
            .find_map(|task| task.stopped_reason.as_deref());
        demand(set.desired > 0 && set.running >= set.desired, || {
            let reason = stopped.map(|it| format!("; one ended: {it}"));
            format!(
                "{} of {} tasks run{}",
                set.running,
                set.desired,
                reason.unwrap_or_default()
            )
        })?;
        let is_well = |health: &str| match self.service.is_asked_by_ecs() {
            true => health == "HEALTHY",
            false => health != "UNHEALTHY",
        };
        let ill = tasks
            .iter()
            .find(|task| task.status == "RUNNING" && !is_well(&task.health));
        if let Some(task) = ill {
            return Err(fail(format!("task {} is {}", task.id, task.health)));
        }
        demand(set.is_steady, || format!("{} is not steady yet", set.id))?;
        Ok(format!(
            "{} of {} tasks run and are well",
            set.running, set.desired
        ))
    }

    /// That a target group has targets and all of them answer.
    ///
    /// # Errors
    /// One does not, or it is not known.
    pub async fn targets_answer(&self, group: &str) -> Finding {
        let targets = self.targets(group).await?;
        demand(!targets.is_empty(), || format!("{group} has no targets"))?;
        let ill = targets.iter().find(|target| !target.is_healthy);
        match ill {
            Some(target) => Err(fail(format!(
                "{group}: {} is {}",
                target.place, target.state
            ))),
            None => Ok(format!("{group}: {} healthy", targets.len())),
        }
    }

    /// # Errors
    /// The load balancer does not answer.
    pub async fn targets(&self, group: &str) -> anyhow::Result<Vec<Target>> {
        let group = self.aws.balancers.target_group(group).await?;
        self.aws.balancers.targets(&group).await
    }

    /// That a listener leads the service's requests to one target group and nowhere else.
    ///
    /// # Errors
    /// It does not, or it is not known.
    pub async fn listener_leads_to(&self, port: i32, group: &str) -> Finding {
        let own = self.service.target_groups(self.environment);
        let rules = self
            .aws
            .balancers
            .rules(&self.environment.load_balancer())
            .await?;
        let of_service = rules.iter().filter(|rule| rule.port == port);
        let mut weights = of_service.map(|rule| &rule.weights);
        let weights = weights.find(|weights| own.iter().any(|name| weights.contains_key(name)));
        let weights =
            weights.ok_or_else(|| fail(format!("port {port} leads to no {}", self.service)))?;
        let elsewhere = weights
            .iter()
            .find(|(name, weight)| *name != group && **weight > 0);
        if let Some((name, weight)) = elsewhere {
            return Err(fail(format!(
                "port {port} still leads to {name} (weight {weight})"
            )));
        }
        demand(weights.get(group).is_some_and(|weight| *weight > 0), || {
            format!("port {port} does not lead to {group}")
        })?;
        Ok(format!("port {port} leads to {group} alone"))
    }

    /// What the load balancer counted of requests to these target groups.
    ///
    /// # Errors
    /// There were too few to tell, or too many errors, or they took too long.
    pub async fn requests_are_answered(
        &self,
        groups: &[String],
        thresholds: &Thresholds,
    ) -> Finding {
        let balancer = self
            .aws
            .balancers
            .full_name(&self.environment.load_balancer())
            .await?;
        let mut queries = Vec::new();
        for group in groups {
            let group = self.aws.balancers.target_group(group).await?.full_name;
            for (name, statistic) in [
                ("RequestCount", "Sum"),
                ("HTTPCode_Target_5XX_Count", "Sum"),
                ("TargetResponseTime", "p95"),
            ] {
                queries.push(Query {
                    namespace: "AWS/ApplicationELB",
                    name,
                    dimensions: vec![
                        ("LoadBalancer", balancer.clone()),
                        ("TargetGroup", group.clone()),
                    ],
                    statistic,
                });
            }
        }
        let answers = self.ask(&queries, thresholds).await?;
        let of = |place: usize| answers.iter().skip(place).step_by(3).flatten();
        let (requests, errors): (f64, f64) = (of(0).sum(), of(1).sum());
        if requests < f64::from(thresholds.min_requests) {
            let least = thresholds.min_requests;
            return Err(Objection::Quiet(format!(
                "{requests} requests were counted, of fewer than {least} nothing can be told"
            )));
        }
        let percent = 100.0 * errors / requests;
        demand(percent <= thresholds.max_error_percent, || {
            format!(
                "{percent:.1} % of {requests} requests failed, {} are allowed",
                thresholds.max_error_percent
            )
        })?;
        let p95_ms = 1_000.0 * of(2).copied().fold(0.0, f64::max);
        demand(p95_ms <= thresholds.max_p95_ms, || {
            format!(
                "95 of 100 requests within {p95_ms:.0} ms, {:.0} are allowed",
                thresholds.max_p95_ms
            )
        })?;
        Ok(format!(
            "{requests} requests, {percent:.1} % failed, 95 of 100 within {p95_ms:.0} ms"
        ))
    }

    /// What the backend says of its portraits, once a minute, even when there were none.
    ///
    /// # Errors
    /// It says nothing, or too many fail, or they wait too long.
    pub async fn portraits_are_made(&self, thresholds: &Thresholds) -> Finding {
        let environment = self.environment.to_string();
        let query = |name, statistic| Query {
            namespace: "AI-Photobooth",
            name,
            dimensions: vec![
                ("Environment", environment.clone()),
                ("Role", "all".to_owned()),
            ],
            statistic,
        };
        let queries = [
            query("Portraits", "Sum"),
            query("Failures", "Sum"),
            query("OldestWaitSeconds", "Maximum"),
        ];
        let answers = self.ask(&queries, thresholds).await?;
        answers[0]
            .first()
            .context("the backend has published no metrics")?;
        let [made, failed]: [f64; 2] = [answers[0].iter().sum(), answers[1].iter().sum()];
        let percent = 100.0 * failed / (made + failed).max(1.0);
        demand(percent <= thresholds.max_failed_portrait_percent, || {
            format!("{failed} of {} portraits failed", made + failed)
        })?;
        let oldest = answers[2].iter().copied().fold(0.0, f64::max);
        demand(oldest <= thresholds.max_oldest_wait_seconds, || {
            format!(
                "a guest waited {oldest:.0} s, {} are allowed",
                thresholds.max_oldest_wait_seconds
            )
        })?;
        Ok(format!(
            "{made} portraits, {failed} failed, the longest wait {oldest:.0} s"
        ))
    }

    async fn ask(
        &self,
        queries: &[Query],
        thresholds: &Thresholds,
    ) -> anyhow::Result<Vec<Vec<f64>>> {
        let window = Duration::from_secs(60 * u64::from(thresholds.window_minutes));
        self.aws.metrics.ask(queries, window).await
    }
}

/// That a backend and everything that it needs is well.
///
/// # Errors
/// Something is not, or it does not answer.
pub async fn health_is_good(booth: &Booth) -> Finding {
    let health = booth.health().await?;
    let parts = [
        ("database", &health.database),
        ("storage", &health.storage),
        ("models", &health.models),
    ];
    let ill = parts
        .iter()
        .find(|(_, part)| part.state != ComponentState::Up);
    if let Some((name, part)) = ill {
        let detail = part.detail.as_deref().unwrap_or("no reason is given");
        return Err(fail(format!("{name} is {:?}: {detail}", part.state)));
    }
    demand(health.status == HealthStatus::Healthy, || {
        format!("{:?}", health.status)
    })?;
    Ok(format!(
        "database, storage and models are up ({})",
        health.release
    ))
}
