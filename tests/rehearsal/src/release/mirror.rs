//! Tells the cloud what the load balancer sees: health of targets and tasks, requests as metrics, and which alarms ring.

use super::part::{Colour, Part};
use super::stage::Stage;
use crate::proxy::{Health, Listener, Sample, TargetHealth};
use anyhow::Result;
use photobooth_cloud::{Health as CloudHealth, World, now};
use std::time::Duration;
use tokio::time::interval;

/// Between two looks.
const LOOKS: Duration = Duration::from_millis(250);
const NAMESPACE: &str = "AWS/ApplicationELB";

/// Looks for as long as it is asked to.
///
/// # Errors
/// A target group is not there.
pub async fn follow(stage: &Stage) -> Result<()> {
    let mut ticks = interval(LOOKS);
    let (mut told, mut recent) = (0, Vec::new());
    let (alarms, minute) = (&stage.alarms, stage.settings.profile.minute());
    loop {
        ticks.tick().await;
        let tally = stage.balancer.tally();
        let (now_here, samples) = (tally.now(), tally.samples_after(told));
        told += samples.len();
        let begun = now() - now_here.as_secs_f64();
        let oldest = now_here.saturating_sub(minute * (alarms.minutes() as u32 + 1));
        recent.retain(|it: &Sample| it.at >= oldest);
        recent.extend_from_slice(&samples);
        let ringing = alarms.ringing(&recent, now_here, minute);
        let environment = &stage.settings.environment;
        let mut health = Vec::new();
        for part in Part::ALL {
            for colour in [Colour::Blue, Colour::Green] {
                let group = part.target_group(colour, environment);
                let targets = stage.balancer.health(&group)?;
                health.push((part, group, targets));
            }
        }
        stage.cloud.change(|world| {
            for (part, group, targets) in &health {
                tell_health(world, &part.service(environment), group, targets);
            }
            for sample in &samples {
                count(world, sample, begun);
            }
            for (name, rings) in &mut world.alarms {
                let name = name.trim_start_matches(&format!("photobooth-{environment}-"));
                *rings = ringing.contains(&name);
            }
        });
    }
}

fn tell_health(world: &mut World, service: &str, group: &str, targets: &[TargetHealth]) {
    if let Some(known) = world.target_groups.get_mut(group) {
        let targets = targets.iter();
        known.targets = targets
            .map(|it| (it.address.to_string(), health_of(it)))
            .collect();
    }
    // The backend's container is asked by ECS itself; what the load balancer sees is as good.
    let sets = world.services.get_mut(service).into_iter();
    let sets = sets.flat_map(|service| &mut service.task_sets);
    for set in sets.filter(|set| set.target_group == group) {
        for (task, target) in set.tasks.iter_mut().zip(targets) {
            task.health = health_of(target);
        }
    }
}

fn health_of(target: &TargetHealth) -> CloudHealth {
    match target.health {
        Health::Initial => CloudHealth::Unknown,
        Health::Healthy => CloudHealth::Healthy,
        Health::Unhealthy => CloudHealth::Unhealthy,
        Health::Draining => CloudHealth::Draining,
    }
}

/// Each request as CloudWatch would have counted it.
fn count(world: &mut World, sample: &Sample, begun: f64) {
    let (Listener::Production, Some(group), true) =
        (sample.listener, &sample.group, sample.is_of_target)
    else {
        return;
    };
    let balancer = world.full_name_of_load_balancer();
    let group = World::full_name_of(group);
    let dimensions = [
        ("LoadBalancer", balancer.as_str()),
        ("TargetGroup", group.as_str()),
    ];
    let at = begun + sample.at.as_secs_f64();
    let mut put = |name, value| world.metrics.put(NAMESPACE, name, &dimensions, at, value);
    put("RequestCount", 1.0);
    put("TargetResponseTime", sample.latency.as_secs_f64());
    if sample.status >= 500 {
        put("HTTPCode_Target_5XX_Count", 1.0);
    }
}
