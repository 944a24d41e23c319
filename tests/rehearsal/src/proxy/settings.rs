//! What a load balancer is told: listeners, their rules, and the groups that those forward to.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// The two listeners of a service that is swapped blue/green.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Listener {
    /// For guests.
    Production,
    /// For tests of what guests do not see yet.
    Test,
}

/// A whole load balancer.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen; port 0 takes a free one.
    pub production: SocketAddr,
    pub test: SocketAddr,
    /// In the order in which they are asked; the first that fits decides.
    pub production_rules: Vec<Rule>,
    pub test_rules: Vec<Rule>,
    /// By name.
    pub groups: BTreeMap<String, GroupSettings>,
    /// How long a target or a client may be silent.
    pub idle_timeout: Duration,
}

/// What is done with which requests.
#[derive(Clone, Debug)]
pub struct Rule {
    /// How the rule is called when its weights change.
    pub name: String,
    /// Such as `/api/*`; none means every path.
    pub paths: Vec<String>,
    /// A header that must be there with exactly this value.
    pub header: Option<(String, String)>,
    pub action: Action,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// To one of these groups, in the proportion of their weights.
    Forward(Vec<(String, u32)>),
    /// An answer of the load balancer's own.
    Answer(u16, String),
}

/// How targets of a group are looked after.
#[derive(Clone, Debug)]
pub struct GroupSettings {
    /// Asked for by health checks; 200 is well.
    pub health_path: String,
    pub interval: Duration,
    pub timeout: Duration,
    /// Good answers in a row that make an unhealthy target healthy; a new one needs only one.
    pub healthy_threshold: u32,
    /// Bad answers in a row that make a target unhealthy.
    pub unhealthy_threshold: u32,
    /// How long requests may go on that a target had when it was deregistered.
    pub deregistration_delay: Duration,
}

impl Settings {
    /// Listeners and rules as infra/lib/service/load-balancer.ts has them: `/api/*` and `/media/*` to the backend's group,
    /// everything else to the frontend's; the same on the test listener for who sends `x-photobooth-test` with `secret`.
    /// The rules are called `backend` and `frontend`.
    #[must_use]
    pub fn of_booth(
        backend: &str,
        frontend: &str,
        secret: &str,
        groups: BTreeMap<String, GroupSettings>,
    ) -> Self {
        let header = Some(("x-photobooth-test".to_owned(), secret.to_owned()));
        let rules = |header: Option<(String, String)>| {
            let rule = |name: &str, paths: &[&str], group: &str| Rule {
                name: name.to_owned(),
                paths: paths.iter().map(|&path| path.to_owned()).collect(),
                header: header.clone(),
                action: Action::Forward(vec![(group.to_owned(), 1)]),
            };
            vec![
                rule("backend", &["/api/*", "/media/*"], backend),
                rule("frontend", &[], frontend),
            ]
        };
        let mut test_rules = rules(header);
        test_rules.push(Rule {
            name: "closed".to_owned(),
            paths: Vec::new(),
            header: None,
            action: Action::Answer(403, "This port is for tests of releases.".to_owned()),
        });
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            production: free,
            test: free,
            production_rules: rules(None),
            test_rules,
            groups,
            idle_timeout: Duration::from_secs(60),
        }
    }
}

impl GroupSettings {
    /// As AWS has it in the templates, but for times that a rehearsal cannot wait.
    #[must_use]
    pub fn checking(health_path: &str, interval: Duration) -> Self {
        Self {
            health_path: health_path.to_owned(),
            interval,
            timeout: Duration::from_secs(5),
            healthy_threshold: 2,
            unhealthy_threshold: 3,
            deregistration_delay: Duration::from_secs(30),
        }
    }
}
