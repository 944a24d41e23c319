//! ECS: services with their task sets, tasks and task definitions. Of a service that CodeDeploy swaps, `deployments`
//! is empty.

use crate::arns::{self, arn, name_of};
use crate::course::now;
use crate::pass::{Answer, Refusal, text, texts, unknown};
use crate::world::{Health, Service, Task, TaskSet, World};
use serde_json::{Value, json};

pub(crate) fn answer(world: &mut World, operation: &str, input: &Value) -> Answer {
    match operation {
        "DescribeServices" => describe_services(world, input),
        "DescribeTaskDefinition" => describe_task_definition(world, input),
        "ListTasks" => list_tasks(world, input),
        "DescribeTasks" => describe_tasks(world, input),
        _ => unknown(operation),
    }
}

fn check_cluster(world: &World, input: &Value) -> Result<(), Refusal> {
    let cluster = input["cluster"].as_str().unwrap_or("default");
    if name_of(cluster) == world.cluster {
        return Ok(());
    }
    Err(Refusal::new(
        "ClusterNotFoundException",
        "Cluster not found.",
    ))
}

fn describe_services(world: &World, input: &Value) -> Answer {
    check_cluster(world, input)?;
    let (mut services, mut failures) = (Vec::new(), Vec::new());
    for asked in texts(input, "services") {
        let name = name_of(asked);
        match world.services.get(name) {
            Some(service) => services.push(describe(world, name, service)),
            None => failures.push(json!({ "arn": service_arn(world, name), "reason": "MISSING" })),
        }
    }
    Ok(json!({ "services": services, "failures": failures }))
}

fn service_arn(world: &World, name: &str) -> String {
    arn("ecs", &format!("service/{}/{name}", world.cluster))
}

fn describe(world: &World, name: &str, service: &Service) -> Value {
    let sets = &service.task_sets;
    let primary = sets.iter().find(|set| set.status == "PRIMARY");
    json!({
        "serviceName": name,
        "serviceArn": service_arn(world, name),
        "status": "ACTIVE",
        "desiredCount": primary.map_or(0, |set| set.desired),
        "runningCount": sets.iter().map(TaskSet::running).sum::<usize>(),
        "pendingCount": 0,
        "deploymentController": { "type": "CODE_DEPLOY" },
        "deployments": [],
        "events": [],
        "taskSets": sets.iter().map(|set| describe_set(world, name, set)).collect::<Value>(),
    })
}

fn describe_set(world: &World, service: &str, set: &TaskSet) -> Value {
    let running = set.running();
    let pending = set
        .tasks
        .iter()
        .filter(|task| task.status == "PENDING")
        .count();
    let is_steady = running == set.desired as usize && pending == 0;
    let definition = format!("task-definition/{}:{}", set.family, set.revision);
    json!({
        "id": set.id,
        "taskSetArn": arn("ecs", &format!("task-set/{}/{service}/{}", world.cluster, set.id)),
        "status": set.status,
        "startedBy": "CODE_DEPLOY",
        "externalId": set.deployment,
        "taskDefinition": arn("ecs", &definition),
        "computedDesiredCount": set.desired,
        "runningCount": running,
        "pendingCount": pending,
        "stabilityStatus": if is_steady { "STEADY_STATE" } else { "STABILIZING" },
        "scale": { "unit": "PERCENT", "value": 100.0 },
        "createdAt": now(),
        "loadBalancers": [{ "targetGroupArn": arns::target_group(&set.target_group) }],
    })
}

fn describe_task_definition(world: &World, input: &Value) -> Answer {
    let asked = text(input, "taskDefinition")?;
    let asked = name_of(asked);
    let fits = |it: &&Value| {
        let family = it["family"].as_str().unwrap_or_default();
        asked == family || asked == format!("{family}:{}", it["revision"])
    };
    match world.task_definitions.iter().rfind(fits) {
        Some(found) => Ok(json!({ "taskDefinition": found, "tags": [] })),
        None => Err(Refusal::new(
            "ClientException",
            "Unable to describe task definition.",
        )),
    }
}

fn tasks(world: &World) -> impl Iterator<Item = (&String, &TaskSet, &Task)> {
    let sets = world.services.iter();
    let sets =
        sets.flat_map(|(name, service)| service.task_sets.iter().map(move |set| (name, set)));
    sets.flat_map(|(name, set)| set.tasks.iter().map(move |task| (name, set, task)))
}

/// Without `desiredStatus` only tasks that are to run are listed.
fn list_tasks(world: &World, input: &Value) -> Answer {
    check_cluster(world, input)?;
    let service = input["serviceName"].as_str().map(name_of);
    let started_by = input["startedBy"].as_str();
    if started_by.is_some() && service.is_some() {
        let message = "startedBy goes with no other filter";
        return Err(Refusal::new("InvalidParameterException", message));
    }
    let family = input["family"].as_str();
    let wants_stopped = input["desiredStatus"] == "STOPPED";
    if service.is_some_and(|name| !world.services.contains_key(name)) {
        return Err(Refusal::new(
            "ServiceNotFoundException",
            "Service not found.",
        ));
    }
    let found = tasks(world).filter(|(name, set, task)| {
        service.is_none_or(|asked| asked == name.as_str())
            && started_by.is_none_or(|asked| asked == set.id)
            && family.is_none_or(|asked| asked == set.family)
            && wants_stopped == (task.status == "STOPPED")
    });
    let arns = found.map(|(.., task)| task_arn(world, task));
    Ok(json!({ "taskArns": arns.collect::<Vec<_>>() }))
}

fn task_arn(world: &World, task: &Task) -> String {
    arn("ecs", &format!("task/{}/{}", world.cluster, task.id))
}

fn describe_tasks(world: &World, input: &Value) -> Answer {
    check_cluster(world, input)?;
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for asked in texts(input, "tasks") {
        match tasks(world).find(|(.., task)| task.id == name_of(asked)) {
            Some((name, set, task)) => found.push(describe_task(world, name, set, task)),
            None => failures.push(json!({ "arn": asked, "reason": "MISSING" })),
        }
    }
    Ok(json!({ "tasks": found, "failures": failures }))
}

fn describe_task(world: &World, service: &str, set: &TaskSet, task: &Task) -> Value {
    let health = match task.health {
        Health::Healthy => "HEALTHY",
        Health::Unhealthy => "UNHEALTHY",
        Health::Unknown | Health::Draining => "UNKNOWN",
    };
    let is_stopped = task.status == "STOPPED";
    json!({
        "taskArn": task_arn(world, task),
        "taskDefinitionArn": arn("ecs", &format!("task-definition/{}:{}", set.family, set.revision)),
        "group": format!("service:{service}"),
        "startedBy": set.id,
        "lastStatus": task.status,
        "desiredStatus": if is_stopped { "STOPPED" } else { "RUNNING" },
        "healthStatus": health,
        "stoppedReason": task.stopped_reason,
        "version": 1,
        "containers": [{ "name": "main", "lastStatus": task.status, "healthStatus": health }],
    })
}
