//! The autoscaling policy of infra/scaling.json, as CloudWatch and ECS follow it: once a minute, by step, with rests.

use serde::Deserialize;

/// How the number of tasks follows the photos that wait for each worker.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// Photos that may wait for each worker that there can be.
    pub waiting_per_worker: usize,
    pub scale_out: ScaleOut,
    pub scale_in: ScaleIn,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScaleOut {
    /// From which backlog on how many tasks are added, rising.
    pub steps: Vec<Step>,
    /// In this time only a larger step adds tasks, as many as it has more.
    pub cooldown_minutes: u32,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    pub backlog_per_worker: f64,
    pub tasks: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScaleIn {
    pub backlog_per_worker: f64,
    /// For so long it must have been that low before one task goes.
    pub minutes: u32,
    /// And so long until the next one goes.
    pub cooldown_minutes: u32,
}

/// What is to be done after a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Stay,
    Add(u32),
    RemoveOne,
}

/// The policy at work.
#[derive(Debug)]
pub struct Alarms<'a> {
    policy: &'a Policy,
    minute: u32,
    quiet_minutes: u32,
    /// When tasks were last added, and how many since that rest began.
    added: Option<(u32, u32)>,
    /// When a task was last taken away.
    removed: Option<u32>,
}

impl<'a> Alarms<'a> {
    pub fn of(policy: &'a Policy) -> Self {
        Self {
            policy,
            minute: 0,
            quiet_minutes: 0,
            added: None,
            removed: None,
        }
    }

    /// A minute is over, at whose end this many photos waited for each worker.
    pub fn observe(&mut self, backlog_per_worker: f64) -> Decision {
        self.minute += 1;
        let ScaleOut {
            steps,
            cooldown_minutes,
        } = &self.policy.scale_out;
        let step = steps
            .iter()
            .rev()
            .find(|step| backlog_per_worker >= step.backlog_per_worker);
        if let Some(step) = step {
            self.quiet_minutes = 0;
            let so_far = match self.added {
                Some((since, tasks)) if self.minute - since < *cooldown_minutes => tasks,
                _ => 0,
            };
            if step.tasks > so_far {
                self.added = Some((self.minute, step.tasks));
                return Decision::Add(step.tasks - so_far);
            }
            return Decision::Stay;
        }
        self.observe_quiet(backlog_per_worker)
    }

    fn observe_quiet(&mut self, backlog_per_worker: f64) -> Decision {
        let rule = &self.policy.scale_in;
        if backlog_per_worker > rule.backlog_per_worker {
            self.quiet_minutes = 0;
            return Decision::Stay;
        }
        self.quiet_minutes += 1;
        let rests = self
            .removed
            .is_some_and(|when| self.minute - when < rule.cooldown_minutes);
        if self.quiet_minutes < rule.minutes || rests {
            return Decision::Stay;
        }
        self.removed = Some(self.minute);
        Decision::RemoveOne
    }
}

#[cfg(test)]
pub fn example() -> Policy {
    let text = include_str!("../../../infra/scaling.json");
    serde_json::from_str(text).expect("infra/scaling.json is a policy")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rest_holds_back_equal_steps_and_lets_the_difference_of_larger_ones_through() {
        let policy = example();
        let mut alarms = Alarms::of(&policy);
        assert_eq!(alarms.observe(1.9), Decision::Stay);
        assert_eq!(alarms.observe(2.0), Decision::Add(1));
        assert_eq!(alarms.observe(3.0), Decision::Stay);
        assert_eq!(alarms.observe(20.0), Decision::Add(3));
        assert_eq!(alarms.observe(20.0), Decision::Stay);
        assert_eq!(alarms.observe(20.0), Decision::Stay);
        assert_eq!(alarms.observe(20.0), Decision::Add(4), "the rest is over");
    }

    #[test]
    fn one_task_goes_after_a_quiet_quarter_of_an_hour_and_the_next_five_minutes_later() {
        let policy = example();
        let mut alarms = Alarms::of(&policy);
        let minutes: Vec<usize> = (1..=26)
            .filter(|_| alarms.observe(0.0) == Decision::RemoveOne)
            .collect();
        assert_eq!(minutes, [15, 20, 25]);
        assert_eq!(alarms.observe(1.0), Decision::Stay);
        assert!((0..14).all(|_| alarms.observe(0.0) == Decision::Stay));
        assert_eq!(alarms.observe(0.0), Decision::RemoveOne);
    }
}
