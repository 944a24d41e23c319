//! Where guests and tests of one service are led: by the load balancer that runs here, and in the cloud's record of it.

use super::part::{Colour, Part};
use super::stage::{Share, Stage};
use super::verdict::Lead;
use crate::proxy::Listener;
use anyhow::Result;
use std::sync::PoisonError;

/// One service's.
#[derive(Clone, Copy)]
pub struct Traffic<'a> {
    pub stage: &'a Stage,
    pub part: Part,
}

impl Traffic<'_> {
    /// Leads so many of a hundred guests to green, the others to blue.
    ///
    /// # Errors
    /// The load balancer knows no such rule or group.
    pub fn lead_guests(self, green_percent: u32) -> Result<()> {
        self.lead(Listener::Production, green_percent)?;
        let share = Share {
            at: self.stage.timeline.now(),
            part: self.part,
            green_percent,
        };
        let shares = self.stage.shares.lock();
        shares.unwrap_or_else(PoisonError::into_inner).push(share);
        let text = format!("{green_percent} of 100 guests come to green");
        self.stage.timeline.say(self.part, text);
        Ok(())
    }

    /// Leads so many of a hundred requests of a listener to green.
    ///
    /// # Errors
    /// The load balancer knows no such rule or group.
    pub fn lead(self, listener: Listener, green_percent: u32) -> Result<()> {
        let [blue, green] = self.groups();
        let weights = [(green, green_percent), (blue, 100 - green_percent)];
        let balancer = &self.stage.balancer;
        balancer.set_weights(listener, self.part.name(), &weights)?;
        let (port, priority) = self.rule(listener);
        let weights = weights
            .each_ref()
            .map(|(name, weight)| (name.as_str(), *weight));
        let cloud = &self.stage.cloud;
        cloud.change(|world| world.shift(port, priority, &weights));
        Ok(())
    }

    /// Notes which colour's tasks are the service's own.
    pub fn make_primary(self, colour: Colour) {
        let environment = &self.stage.settings.environment;
        let group = self.part.target_group(colour, environment);
        self.stage.cloud.change(|world| {
            let service = world.services.get_mut(&self.part.service(environment));
            for set in service.into_iter().flat_map(|it| &mut it.task_sets) {
                let is_primary = set.target_group == group;
                set.status = if is_primary { "PRIMARY" } else { "ACTIVE" }.to_owned();
            }
        });
    }

    /// Who leads how many of a hundred to green: both listeners, here and in the cloud's record.
    #[must_use]
    pub fn leads(self) -> Vec<Lead> {
        let [_, green] = self.groups();
        let mut leads = Vec::new();
        for (listener, name) in [
            (Listener::Production, "production"),
            (Listener::Test, "test"),
        ] {
            let weights = self.stage.balancer.weights(listener, self.part.name());
            let (port, priority) = self.rule(listener);
            let recorded = self.stage.cloud.read(|world| world.weights(port, priority));
            let here = ("the load balancer", weights.unwrap_or_default());
            for (by, weights) in [here, ("the cloud", recorded)] {
                leads.push(Lead {
                    part: self.part,
                    by: format!("{by}'s {name} listener"),
                    green_percent: percent_of(&green, &weights),
                });
            }
        }
        leads
    }

    fn groups(self) -> [String; 2] {
        let environment = &self.stage.settings.environment;
        [Colour::Blue, Colour::Green].map(|it| self.part.target_group(it, environment))
    }

    /// Port and priority of the service's rule.
    fn rule(self, listener: Listener) -> (u16, Option<u32>) {
        let [production, test] = self.part.priorities();
        match listener {
            Listener::Production => production,
            Listener::Test => test,
        }
    }
}

fn percent_of(group: &str, weights: &[(String, u32)]) -> u32 {
    let all: u32 = weights.iter().map(|(_, weight)| weight).sum();
    let own = weights.iter().filter(|(name, _)| name == group);
    let own: u32 = own.map(|(_, weight)| weight).sum();
    (100 * own).checked_div(all).unwrap_or_default()
}
