//! Elastic Load Balancing: one balancer, its listeners with their rules, target groups and the health of targets.

use crate::arns::{self, name_of};
use crate::pass::{Answer, Refusal, text, texts, unknown};
use crate::world::{Health, Listener, Rule, World};
use serde_json::{Value, json};

pub(crate) fn answer(world: &mut World, operation: &str, input: &Value) -> Answer {
    match operation {
        "DescribeLoadBalancers" => describe_load_balancers(world, input),
        "DescribeListeners" => describe_listeners(world, input),
        "DescribeRules" => describe_rules(world, input),
        "DescribeTargetGroups" => describe_target_groups(world, input),
        "DescribeTargetGroupAttributes" => describe_attributes(world, input),
        "DescribeTargetHealth" => describe_target_health(world, input),
        _ => unknown(operation),
    }
}

fn load_balancer_arn(world: &World) -> String {
    let name = arns::load_balancer_name(&world.load_balancer);
    arns::balancing(&format!("loadbalancer/{name}"))
}

fn listener_arn(world: &World, listener: &Listener) -> String {
    let name = arns::load_balancer_name(&world.load_balancer);
    arns::balancing(&format!("listener/{name}/{:016x}", listener.port))
}

fn describe_load_balancers(world: &World, input: &Value) -> Answer {
    if texts(input, "Names")
        .iter()
        .any(|name| *name != world.load_balancer)
    {
        let message = "One or more load balancers not found";
        return Err(Refusal::new("LoadBalancerNotFound", message));
    }
    let found = json!({
        "LoadBalancerArn": load_balancer_arn(world),
        "LoadBalancerName": world.load_balancer,
        "DNSName": format!("{}.elb.amazonaws.com", world.load_balancer),
        "Type": "application",
        "State": { "Code": "active" },
    });
    Ok(json!({ "LoadBalancers": [found] }))
}

fn describe_listeners(world: &World, input: &Value) -> Answer {
    let wanted = texts(input, "ListenerArns");
    let listeners = world.listeners.iter().filter(|listener| {
        wanted.is_empty() || wanted.contains(&listener_arn(world, listener).as_str())
    });
    let listeners = listeners.map(|listener| {
        json!({
            "ListenerArn": listener_arn(world, listener),
            "LoadBalancerArn": load_balancer_arn(world),
            "Port": listener.port,
            "Protocol": "HTTPS",
        })
    });
    Ok(json!({ "Listeners": listeners.collect::<Vec<_>>() }))
}

fn describe_rules(world: &World, input: &Value) -> Answer {
    let wanted = text(input, "ListenerArn")?;
    let found = world
        .listeners
        .iter()
        .find(|listener| listener_arn(world, listener) == wanted);
    let Some(listener) = found else {
        return Err(Refusal::new(
            "ListenerNotFound",
            "One or more listeners not found",
        ));
    };
    let rules = listener
        .rules
        .iter()
        .map(|rule| describe_rule(wanted, rule));
    Ok(json!({ "Rules": rules.collect::<Vec<_>>() }))
}

fn describe_rule(listener: &str, rule: &Rule) -> Value {
    let priority = rule
        .priority
        .map_or("default".to_owned(), |priority| priority.to_string());
    let targets = rule.targets.iter().map(
        |(name, weight)| json!({ "TargetGroupArn": arns::target_group(name), "Weight": weight }),
    );
    let targets: Vec<_> = targets.collect();
    let action = if targets.is_empty() {
        json!({ "Type": "fixed-response", "FixedResponseConfig": { "StatusCode": "403" } })
    } else {
        json!({ "Type": "forward", "ForwardConfig": { "TargetGroups": targets } })
    };
    let conditions = if rule.paths.is_empty() {
        json!([])
    } else {
        json!([{ "Field": "path-pattern", "PathPatternConfig": { "Values": rule.paths } }])
    };
    json!({
        "RuleArn": format!("{}/{priority}", listener.replace(":listener/", ":listener-rule/")),
        "Priority": priority,
        "IsDefault": rule.priority.is_none(),
        "Conditions": conditions,
        "Actions": [action],
    })
}

fn not_found() -> Refusal {
    Refusal::new("TargetGroupNotFound", "One or more target groups not found")
}

/// The name in a target group's ARN, if there is such a group.
fn named<'a>(world: &World, arn: &'a str) -> Result<&'a str, Refusal> {
    let name = name_of(arn.rsplit_once('/').map_or(arn, |(front, _)| front));
    if world.target_groups.contains_key(name) {
        Ok(name)
    } else {
        Err(not_found())
    }
}

fn describe_target_groups(world: &World, input: &Value) -> Answer {
    let mut names = texts(input, "Names");
    for arn in texts(input, "TargetGroupArns") {
        names.push(named(world, arn)?);
    }
    if names.is_empty() {
        names = world.target_groups.keys().map(String::as_str).collect();
    }
    if names
        .iter()
        .any(|name| !world.target_groups.contains_key(*name))
    {
        return Err(not_found());
    }
    let groups = names.iter().map(|name| {
        json!({
            "TargetGroupArn": arns::target_group(name),
            "TargetGroupName": name,
            "Protocol": "HTTP",
            "TargetType": "ip",
            "LoadBalancerArns": [load_balancer_arn(world)],
        })
    });
    Ok(json!({ "TargetGroups": groups.collect::<Vec<_>>() }))
}

fn describe_attributes(world: &World, input: &Value) -> Answer {
    let group = &world.target_groups[named(world, text(input, "TargetGroupArn")?)?];
    let attributes = [
        (
            "deregistration_delay.timeout_seconds",
            group.drain_seconds.to_string(),
        ),
        ("stickiness.enabled", "false".to_owned()),
    ];
    let attributes = attributes.map(|(key, value)| json!({ "Key": key, "Value": value }));
    Ok(json!({ "Attributes": attributes }))
}

fn describe_target_health(world: &World, input: &Value) -> Answer {
    let group = &world.target_groups[named(world, text(input, "TargetGroupArn")?)?];
    let targets = group.targets.iter().map(|(target, health)| {
        let (address, port) = target.rsplit_once(':').unwrap_or((target, "0"));
        let (state, reason) = match health {
            Health::Healthy => ("healthy", None),
            Health::Unknown => ("initial", Some("Elb.InitialHealthChecking")),
            Health::Unhealthy => ("unhealthy", Some("Target.FailedHealthChecks")),
            Health::Draining => ("draining", Some("Target.DeregistrationInProgress")),
        };
        json!({
            "Target": { "Id": address, "Port": port.parse::<u16>().unwrap_or_default() },
            "HealthCheckPort": port,
            "TargetHealth": { "State": state, "Reason": reason },
        })
    });
    Ok(json!({ "TargetHealthDescriptions": targets.collect::<Vec<_>>() }))
}
