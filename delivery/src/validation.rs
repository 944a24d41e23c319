//! The validator: whether the booth of an environment is well, by what AWS knows of it. It changes nothing.

use crate::aws::Aws;
use crate::checks::{Deployed, PRODUCTION};
use crate::examination::Examination;
use crate::finding::{Finding, demand, fail};
use crate::hooks::deadline;
use crate::place::{Environment, Place, Service};
use crate::report::Report;
use crate::settings::Settings;
use anyhow::Result;
use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

/// What is noted of it.
pub const METRIC: &str = "DeploymentValidationResult";

/// What too few guests to tell anything by mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quiet {
    /// No objection: most releases come when no guest does, and others try the booth before guests do.
    Excused,
    /// What nobody has tried is not known to work.
    Unknown,
}

/// Looks at both services and what was counted of them.
///
/// # Errors
/// The settings that were compiled in are not as they should be.
pub async fn validate(
    place: &Place,
    quiet: Quiet,
    not_later_than: Option<SystemTime>,
) -> Result<Report> {
    let limit = Duration::from_secs(Settings::load()?.hook_seconds.validate_service);
    let deadline = deadline(limit, place, not_later_than);
    let aws = Aws::open(&deadline).await;
    let environment = place.environment;
    let examination = match quiet {
        Quiet::Excused => Examination::excusing_quiet(),
        Quiet::Unknown => Examination::default(),
    };
    let looking = look(&aws, environment, &examination);
    let subject = format!("the booth in {environment}");
    Ok(Report::of(subject, deadline, &examination, looking).await)
}

async fn look(aws: &Aws, environment: Environment, examination: &Examination) {
    for service in Service::ALL {
        let deployed = Deployed {
            aws,
            environment,
            service,
        };
        let name = |what: &str| format!("{service} {what}");
        examination
            .check(name("tasks"), deployed.tasks_run(None))
            .await;
        examination
            .check(name("targets"), live_targets_answer(&deployed))
            .await;
        let requests = async {
            let groups = service.target_groups(environment);
            deployed
                .requests_are_answered(&groups, &Settings::load()?.of(environment)?.validation)
                .await
        };
        examination.check(name("requests"), requests).await;
        if service == Service::Backend {
            let portraits = async {
                deployed
                    .portraits_are_made(&Settings::load()?.of(environment)?.validation)
                    .await
            };
            examination.check("portraits", portraits).await;
        }
    }
    examination
        .check("alarms", no_alarm_rings(aws, environment))
        .await;
}

/// Those of the colour that guests are led to, and of both while they move; one without guests may well be empty.
async fn live_targets_answer(deployed: &Deployed<'_>) -> Finding {
    let rules = deployed
        .aws
        .balancers
        .rules(&deployed.environment.load_balancer())
        .await?;
    let own = deployed.service.target_groups(deployed.environment);
    let production = rules.iter().filter(|rule| rule.port == PRODUCTION);
    let weights = production.flat_map(|rule| &rule.weights);
    let live = weights.filter(|(name, weight)| own.contains(name) && **weight > 0);
    let live: BTreeSet<_> = live.map(|(name, _)| name).collect();
    demand(!live.is_empty(), || {
        "guests are led to no target group".to_owned()
    })?;
    let mut seen = Vec::new();
    for group in live {
        seen.push(deployed.targets_answer(group).await?);
    }
    Ok(seen.join(", "))
}

async fn no_alarm_rings(aws: &Aws, environment: Environment) -> Finding {
    let alarms = environment.guest_alarms();
    let ringing = aws.metrics.ringing(&alarms).await?;
    match ringing.first() {
        Some(_) => Err(fail(format!("{} ring", ringing.join(", ")))),
        None => Ok(format!("none of {} rings", alarms.len())),
    }
}
