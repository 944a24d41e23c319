//! taskdef.json: the newest task definition as AWS describes it, made into one that can be registered.

use super::service::Service;
use crate::infra::Environment;
use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};

/// What CodePipeline replaces by the image of imageDetail.json.
const IMAGE: &str = "<IMAGE1_NAME>";
/// The setting by which the backend knows, and says, which release it is.
const RELEASE: &str = "PHOTOBOOTH_RELEASE";
/// What `DescribeTaskDefinition` answers and `RegisterTaskDefinition` refuses.
const READ_ONLY: [&str; 8] = [
    "taskDefinitionArn",
    "revision",
    "status",
    "requiresAttributes",
    "compatibilities",
    "registeredAt",
    "registeredBy",
    "deregisteredAt",
];

/// Takes `description`, the answer itself or what it has under `taskDefinition`.
///
/// # Errors
/// It is of another service or environment, or its container is not there or listens elsewhere.
pub fn render(
    description: &str,
    service: Service,
    environment: Environment,
    release: &str,
) -> Result<Value> {
    let mut definition: Value =
        serde_json::from_str(description).context("the task definition is no JSON")?;
    if let Some(inner) = definition.get_mut("taskDefinition") {
        definition = inner.take();
    }
    remove_nulls(&mut definition);
    let fields = definition
        .as_object_mut()
        .context("the task definition is no JSON object")?;
    for name in READ_ONLY {
        fields.remove(name);
    }
    check_family(fields, service, environment)?;
    let container = find_container(fields, service)?;
    check_port(container, service)?;
    container.insert("image".to_owned(), json!(IMAGE));
    set_release(container, release)?;
    Ok(definition)
}

fn check_family(
    fields: &Map<String, Value>,
    service: Service,
    environment: Environment,
) -> Result<()> {
    let expected = service.task_family(environment);
    let family = fields.get("family").and_then(Value::as_str);
    let family = family.context("the task definition has no family")?;
    ensure!(
        family == expected,
        "the task definition is of {family}, and {} in {} is {expected}",
        service.name(),
        environment.name()
    );
    Ok(())
}

fn find_container(
    fields: &mut Map<String, Value>,
    service: Service,
) -> Result<&mut Map<String, Value>> {
    let name = service.name();
    let containers = fields.get_mut("containerDefinitions");
    containers
        .and_then(Value::as_array_mut)
        .and_then(|all| all.iter_mut().find(|it| it["name"] == name))
        .and_then(Value::as_object_mut)
        .with_context(|| format!("the task definition has no container {name}"))
}

fn check_port(container: &Map<String, Value>, service: Service) -> Result<()> {
    let ports = container.get("portMappings").and_then(Value::as_array);
    let is_open = |mapping: &Value| mapping["containerPort"] == service.port();
    ensure!(
        ports.is_some_and(|all| all.iter().any(is_open)),
        "the container {} does not listen on {}, where the load balancer would look for it",
        service.name(),
        service.port()
    );
    Ok(())
}

fn set_release(container: &mut Map<String, Value>, release: &str) -> Result<()> {
    let variables = container
        .entry("environment")
        .or_insert_with(|| json!([]))
        .as_array_mut()
        .context("the container's environment is no list")?;
    variables.retain(|variable| variable["name"] != RELEASE);
    variables.push(json!({ "name": RELEASE, "value": release }));
    Ok(())
}

/// Some clients write what is not there as null, which nobody takes back.
fn remove_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, it| !it.is_null());
            fields.values_mut().for_each(remove_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_nulls),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described() -> Value {
        json!({
            "taskDefinition": {
                "taskDefinitionArn": "arn:aws:ecs:eu-central-1:1:task-definition/photobooth-processing-staging:7",
                "revision": 7, "status": "ACTIVE", "registeredAt": 1.7e9, "registeredBy": "cdk",
                "requiresAttributes": [{ "name": "ecs.capability.x" }], "compatibilities": ["EC2"],
                "family": "photobooth-processing-staging",
                "networkMode": "awsvpc",
                "pidMode": null,
                "containerDefinitions": [
                    { "name": "collector", "image": "registry/collector:v1", "environment": [] },
                    {
                        "name": "backend", "image": "registry/backend:first", "cpu": 3584,
                        "portMappings": [{ "containerPort": 3000, "hostPort": 3000, "protocol": "tcp" }],
                        "environment": [
                            { "name": "PHOTOBOOTH_RELEASE", "value": "older" },
                            { "name": "PHOTOBOOTH_STORAGE", "value": "s3" },
                        ],
                        "healthCheck": { "command": ["CMD", "x"], "startPeriod": null },
                    },
                ],
            },
        })
    }

    fn rendered(description: &Value) -> Result<Value> {
        let (service, environment) = (Service::Backend, Environment::Staging);
        render(&description.to_string(), service, environment, "c0ffee")
    }

    fn error(description: &Value) -> String {
        rendered(description).unwrap_err().to_string()
    }

    #[test]
    fn what_is_described_can_be_registered() {
        let expected = json!({
            "family": "photobooth-processing-staging",
            "networkMode": "awsvpc",
            "containerDefinitions": [
                { "name": "collector", "image": "registry/collector:v1", "environment": [] },
                {
                    "name": "backend", "image": "<IMAGE1_NAME>", "cpu": 3584,
                    "portMappings": [{ "containerPort": 3000, "hostPort": 3000, "protocol": "tcp" }],
                    "environment": [
                        { "name": "PHOTOBOOTH_STORAGE", "value": "s3" },
                        { "name": "PHOTOBOOTH_RELEASE", "value": "c0ffee" },
                    ],
                    "healthCheck": { "command": ["CMD", "x"] },
                },
            ],
        });
        assert_eq!(rendered(&described()).unwrap(), expected);
        assert_eq!(rendered(&described()["taskDefinition"]).unwrap(), expected);
    }

    #[test]
    fn another_environment_or_service_is_refused() {
        for family in ["photobooth-processing-prod", "photobooth-frontend-staging"] {
            let mut description = described();
            description["taskDefinition"]["family"] = json!(family);
            let error = error(&description);
            assert!(
                error.contains(&format!("is of {family}, and backend in staging")),
                "{error}"
            );
        }
    }

    #[test]
    fn the_container_must_be_there_and_listen() {
        let mut description = described();
        let container = &mut description["taskDefinition"]["containerDefinitions"][1];
        container["portMappings"] = json!([{ "containerPort": 9464 }]);
        assert!(error(&description).contains("does not listen on 3000"));
        description["taskDefinition"]["containerDefinitions"][1]["name"] = json!("api");
        assert!(error(&description).contains("no container backend"));
    }

    #[test]
    fn other_texts_are_refused() {
        let render = |text: &str| render(text, Service::Backend, Environment::Staging, "c0ffee");
        for text in ["", "[]", "{}", "\"text\"", "{\"taskDefinition\": 1}"] {
            assert!(render(text).is_err(), "{text}");
        }
    }
}
