//! What happens to the world in the course of a deployment, for those who play CodeDeploy.

use crate::arns;
use crate::world::{Hook, TaskSet, World};
use std::time::{SystemTime, UNIX_EPOCH};

impl World {
    /// Awaits a hook of a deployment, and gives the id that its report must name.
    pub fn call_hook(&mut self, deployment: &str, event: &str) -> String {
        let id = format!("{deployment}-{event}");
        if let Some(deployment) = self.deployments.get_mut(deployment) {
            let hook = Hook {
                event: event.to_owned(),
                status: None,
            };
            deployment.hooks.insert(id.clone(), hook);
        }
        id
    }

    /// What a hook reported, if it did.
    #[must_use]
    pub fn hook_status(&self, deployment: &str, event: &str) -> Option<&str> {
        let hooks = &self.deployments.get(deployment)?.hooks;
        hooks
            .values()
            .find(|hook| hook.event == event)?
            .status
            .as_deref()
    }

    /// The task set that a deployment made.
    pub fn green(&mut self, deployment: &str) -> Option<&mut TaskSet> {
        let service = &self.deployments.get(deployment)?.service;
        let task_sets = &mut self.services.get_mut(service)?.task_sets;
        task_sets
            .iter_mut()
            .find(|set| set.deployment.as_deref() == Some(deployment))
    }

    /// How a rule of a listener shares requests out from now on.
    pub fn shift(&mut self, port: u16, priority: Option<u32>, targets: &[(&str, u32)]) {
        let listeners = self
            .listeners
            .iter_mut()
            .filter(|listener| listener.port == port);
        for rule in listeners.flat_map(|listener| &mut listener.rules) {
            if rule.priority == priority {
                rule.targets = targets
                    .iter()
                    .map(|(name, weight)| ((*name).to_owned(), *weight))
                    .collect();
            }
        }
    }

    /// How a rule of a listener shares requests out; nothing, where there is no such rule.
    #[must_use]
    pub fn weights(&self, port: u16, priority: Option<u32>) -> Vec<(String, u32)> {
        let listeners = self.listeners.iter().filter(|it| it.port == port);
        let rule = listeners
            .flat_map(|listener| &listener.rules)
            .find(|rule| rule.priority == priority);
        rule.map(|rule| rule.targets.clone()).unwrap_or_default()
    }

    /// How many of a hundred requests of the production listener come to a target group.
    pub(crate) fn weight(&self, target_group: &str) -> f64 {
        let rules = self
            .listeners
            .first()
            .map_or(&[][..], |production| &production.rules);
        let rule = rules
            .iter()
            .find(|rule| rule.targets.iter().any(|(name, _)| name == target_group));
        let Some(rule) = rule else { return 0.0 };
        let all: u32 = rule.targets.iter().map(|(_, weight)| weight).sum();
        let own: u32 = rule
            .targets
            .iter()
            .filter(|(name, _)| name == target_group)
            .map(|(_, weight)| weight)
            .sum();
        100.0 * f64::from(own) / f64::from(all.max(1))
    }

    /// How metrics call the load balancer: `app/name/id`.
    #[must_use]
    pub fn full_name_of_load_balancer(&self) -> String {
        arns::load_balancer_name(&self.load_balancer)
    }

    /// How metrics call a target group: `targetgroup/name/id`.
    #[must_use]
    pub fn full_name_of(target_group: &str) -> String {
        arns::target_group_name(target_group)
    }
}

/// Seconds since 1970.
#[must_use]
pub fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0.0, |since| since.as_secs_f64())
}
