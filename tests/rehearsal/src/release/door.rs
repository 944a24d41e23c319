//! The fault `error-spike`: a second load balancer in front of green, which can refuse half of what comes.

use super::part::Part;
use super::stage::{CHECKS, SECRET};
use crate::proxy::{Action, GroupSettings, Listener, LoadBalancer, Rule, Settings};
use anyhow::Result;
use std::net::SocketAddr;

/// The group that green is in.
const BEHIND: &str = "green";
/// A group without targets, whose requests are all refused.
const NOBODY: &str = "nobody";

/// It closes when it is dropped.
pub struct Door(LoadBalancer);

impl Door {
    /// Lets everything through to the task at `green`.
    ///
    /// # Errors
    /// No port is free.
    pub async fn put_before(green: SocketAddr) -> Result<Self> {
        let health = Part::Backend.health_path();
        let checking = GroupSettings::checking(health, CHECKS);
        let groups = [BEHIND, NOBODY].map(|it| (it.to_owned(), checking.clone()));
        let rule = |name: &str, paths: &[&str]| Rule {
            name: name.to_owned(),
            paths: paths.iter().map(|&it| it.to_owned()).collect(),
            header: None,
            action: Action::Forward(vec![(BEHIND.to_owned(), 1)]),
        };
        let mut settings = Settings::of_booth(BEHIND, BEHIND, SECRET, groups.into());
        settings.production_rules = vec![rule("health", &[health]), rule("rest", &[])];
        let door = LoadBalancer::start(settings).await?;
        door.register(BEHIND, green)?;
        Ok(Self(door))
    }

    /// Where it is entered.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.0.production()
    }

    /// Refuses half of everything but health checks.
    ///
    /// # Errors
    /// It has lost its rule.
    pub fn spoil_answers(&self) -> Result<()> {
        let half = [(BEHIND.to_owned(), 1), (NOBODY.to_owned(), 1)];
        self.0.set_weights(Listener::Production, "rest", &half)
    }
}
