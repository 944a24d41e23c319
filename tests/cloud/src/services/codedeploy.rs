//! CodeDeploy: a deployment of one ECS service, its steps, and what hooks report of theirs.

use crate::arns::arn;
use crate::course::now;
use crate::pass::{Answer, Refusal, text, unknown};
use crate::world::{Deployment, TaskSet, World};
use serde_json::{Value, json};

pub(crate) fn answer(world: &mut World, operation: &str, input: &Value) -> Answer {
    match operation {
        "GetDeployment" => get_deployment(world, input),
        "ListDeploymentTargets" => list_targets(world, input),
        "GetDeploymentTarget" => get_target(world, input),
        "PutLifecycleEventHookExecutionStatus" => put_hook_status(world, input),
        _ => unknown(operation),
    }
}

fn find<'a>(world: &'a World, input: &'a Value) -> Result<(&'a str, &'a Deployment), Refusal> {
    let id = text(input, "deploymentId")?;
    let found = world.deployments.get(id).map(|deployment| (id, deployment));
    found.ok_or_else(|| no_deployment(id))
}

fn no_deployment(id: &str) -> Refusal {
    let message = format!("The deployment {id} could not be found");
    Refusal::new("DeploymentDoesNotExistException", message)
}

fn get_deployment(world: &World, input: &Value) -> Answer {
    let (id, deployment) = find(world, input)?;
    Ok(json!({ "deploymentInfo": {
        "deploymentId": id,
        "applicationName": deployment.application,
        "deploymentGroupName": deployment.group,
        "deploymentConfigName": "CodeDeployDefault.ECSAllAtOnce",
        "status": deployment.status,
        "computePlatform": "ECS",
        "createTime": now(),
        "creator": "user",
    } }))
}

/// On ECS a target is called after its cluster and its service.
fn target_id(world: &World, deployment: &Deployment) -> String {
    format!("{}:{}", world.cluster, deployment.service)
}

fn list_targets(world: &World, input: &Value) -> Answer {
    let (_, deployment) = find(world, input)?;
    Ok(json!({ "targetIds": [target_id(world, deployment)] }))
}

fn get_target(world: &World, input: &Value) -> Answer {
    let (id, deployment) = find(world, input)?;
    let target = text(input, "targetId")?;
    if target != target_id(world, deployment) {
        let message = format!("{target} is no target of {id}");
        return Err(Refusal::new(
            "DeploymentTargetDoesNotExistException",
            message,
        ));
    }
    let events = deployment.events.iter().map(|event| {
        json!({
            "lifecycleEventName": event.name,
            "status": event.status,
            "startTime": event.began,
            "endTime": event.ended,
        })
    });
    let sets = world.services.get(&deployment.service);
    let sets = sets.map_or(&[][..], |service| service.task_sets.as_slice());
    let sets = sets.iter().map(|set| describe_set(world, id, set));
    let resource = format!("service/{}/{}", world.cluster, deployment.service);
    Ok(json!({ "deploymentTarget": {
        "deploymentTargetType": "ECSTarget",
        "ecsTarget": {
            "deploymentId": id,
            "targetId": target,
            "targetArn": arn("ecs", &resource),
            "lastUpdatedAt": now(),
            "status": deployment.status,
            "lifecycleEvents": events.collect::<Vec<_>>(),
            "taskSetsInfo": sets.collect::<Vec<_>>(),
        },
    } }))
}

fn describe_set(world: &World, deployment: &str, set: &TaskSet) -> Value {
    let is_green = set.deployment.as_deref() == Some(deployment);
    json!({
        // CodeDeploy's own spelling.
        "identifer": set.id,
        "status": set.status,
        "desiredCount": set.desired,
        "runningCount": set.running(),
        "pendingCount": 0,
        "trafficWeight": world.weight(&set.target_group),
        "targetGroup": { "name": set.target_group },
        "taskSetLabel": if is_green { "Green" } else { "Blue" },
    })
}

fn put_hook_status(world: &mut World, input: &Value) -> Answer {
    let (id, execution) = (
        text(input, "deploymentId")?,
        text(input, "lifecycleEventHookExecutionId")?,
    );
    let status = text(input, "status")?;
    let deployment = world
        .deployments
        .get_mut(id)
        .ok_or_else(|| no_deployment(id))?;
    let Some(hook) = deployment.hooks.get_mut(execution) else {
        let message = "the hook's execution is not known";
        return Err(Refusal::new(
            "InvalidLifecycleEventHookExecutionIdException",
            message,
        ));
    };
    if !["Succeeded", "Failed"].contains(&status) {
        let code = "InvalidLifecycleEventHookExecutionStatusException";
        return Err(Refusal::new(code, format!("{status} ends no hook")));
    }
    if hook.status.is_some() {
        let message = "the hook has ended already";
        return Err(Refusal::new(
            "LifecycleEventAlreadyCompletedException",
            message,
        ));
    }
    hook.status = Some(status.to_owned());
    Ok(json!({ "lifecycleEventHookExecutionId": execution }))
}
