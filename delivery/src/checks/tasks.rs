//! What ECS knows: the tasks of either colour.

use super::Deployed;
use crate::aws::TaskSet;
use crate::finding::{Finding, demand, fail};

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
}
