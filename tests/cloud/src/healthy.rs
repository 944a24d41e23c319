//! A booth in AWS that is well, as `infra/` makes it, with a release on its way or none.

use crate::arns::arn;
use crate::course::now;
use crate::world::{
    Deployment, LifecycleEvent, Listener, Phase, Rule, Service, TargetGroup, TaskSet, World,
};
use crate::{ACCOUNT, REGION};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A service of the booth: what it is called, and in which order things happen to it.
struct Part {
    service: String,
    family: String,
    container: &'static str,
    /// How the ids of its task sets begin: no two of an account are alike.
    ids: u64,
    port: u16,
    blue: String,
    green: String,
    /// Its rule on both listeners.
    priority: Option<u32>,
    test_priority: u32,
    paths: &'static [&'static str],
}

impl World {
    /// The booth of an environment with a release of `part`, `backend` or `frontend`, under the id `d-GREEN`.
    #[must_use]
    pub fn of(environment: &str, part: &str, phase: Phase) -> Self {
        let parts = [backend(environment), frontend(environment)];
        let mut world = Self {
            cluster: format!("photobooth-cluster-{environment}"),
            load_balancer: format!("photobooth-{environment}"),
            ..Self::default()
        };
        world.listeners = [443, 8443]
            .map(|port| Listener {
                port,
                rules: Vec::new(),
            })
            .into();
        for of in &parts {
            world.add(of);
        }
        // Whoever knows no secret sees nothing on the test listener.
        world.listeners[1].rules.push(Rule {
            priority: None,
            paths: Vec::new(),
            targets: Vec::new(),
        });
        let alarms = [
            "backend-errors",
            "frontend-errors",
            "no-answer",
            "latency",
            "failed-portraits",
        ];
        world.alarms = alarms
            .map(|name| (format!("photobooth-{environment}-{name}"), false))
            .into();
        let secret = format!("/ai-photobooth/{environment}/test-traffic");
        world.secrets.insert(secret, "let-me-in".to_owned());
        if let Some(released) = parts.iter().find(|of| of.container == part)
            && phase != Phase::Before
        {
            world.release(environment, released, phase);
        }
        world
    }

    fn add(&mut self, part: &Part) {
        self.task_definitions
            .push(task_definition(&part.family, 1, part.container, part.port));
        let blue = TaskSet {
            id: format!("ecs-svc/{}", part.ids + 1),
            status: "PRIMARY".to_owned(),
            family: part.family.clone(),
            revision: 1,
            deployment: Some("d-BLUE".to_owned()),
            target_group: part.blue.clone(),
            ..TaskSet::default()
        };
        let service = Service {
            task_sets: vec![blue.with_tasks(1)],
        };
        self.services.insert(part.service.clone(), service);
        let target = format!("10.20.0.1:{}", part.port);
        self.target_groups
            .insert(part.blue.clone(), TargetGroup::healthy(&[&target]));
        self.target_groups
            .insert(part.green.clone(), TargetGroup::healthy(&[]));
        let priorities = [part.priority, Some(part.test_priority)];
        for (listener, priority) in self.listeners.iter_mut().zip(priorities) {
            listener.rules.push(Rule {
                priority,
                paths: part.paths.iter().map(|path| (*path).to_owned()).collect(),
                targets: vec![(part.blue.clone(), 1)],
            });
        }
    }

    fn release(&mut self, environment: &str, part: &Part, phase: Phase) {
        let infix = if part.container == "frontend" {
            "frontend-"
        } else {
            ""
        };
        let deployment = Deployment {
            application: format!("ai-photobooth-{environment}"),
            group: format!("ai-photobooth-{infix}dg-{environment}"),
            service: part.service.clone(),
            status: "InProgress".to_owned(),
            events: lifecycle(phase),
            hooks: BTreeMap::new(),
        };
        self.deployments.insert("d-GREEN".to_owned(), deployment);
        self.task_definitions
            .push(task_definition(&part.family, 2, part.container, part.port));
        let is_shifted = phase == Phase::Shifted;
        let green = TaskSet {
            id: format!("ecs-svc/{}", part.ids + 2),
            status: if is_shifted { "PRIMARY" } else { "ACTIVE" }.to_owned(),
            family: part.family.clone(),
            revision: 2,
            deployment: Some("d-GREEN".to_owned()),
            target_group: part.green.clone(),
            ..TaskSet::default()
        };
        if let Some(service) = self.services.get_mut(&part.service) {
            if is_shifted {
                service.task_sets[0].status = "ACTIVE".to_owned();
            }
            service.task_sets.push(green.with_tasks(1));
        }
        let target = format!("10.20.0.2:{}", part.port);
        self.target_groups
            .insert(part.green.clone(), TargetGroup::healthy(&[&target]));
        self.shift(8443, Some(part.test_priority), &[(&part.green, 1)]);
        if is_shifted {
            self.shift(443, part.priority, &[(&part.green, 100), (&part.blue, 0)]);
        }
    }
}

fn backend(environment: &str) -> Part {
    Part {
        service: format!("photobooth-processing-{environment}"),
        family: format!("photobooth-processing-{environment}"),
        container: "backend",
        ids: 1_000_000_000_000_000_000,
        port: 3000,
        blue: format!("booth-backend-blue-{environment}"),
        green: format!("booth-backend-green-{environment}"),
        priority: Some(10),
        test_priority: 10,
        paths: &["/api/*", "/media/*"],
    }
}

fn frontend(environment: &str) -> Part {
    Part {
        service: format!("photobooth-frontend-{environment}"),
        family: format!("photobooth-frontend-{environment}"),
        container: "frontend",
        ids: 2_000_000_000_000_000_000,
        port: 8080,
        blue: format!("booth-frontend-blue-{environment}"),
        green: format!("booth-frontend-green-{environment}"),
        priority: None,
        test_priority: 20,
        paths: &[],
    }
}

/// The lifecycle events of a deployment to ECS: those that CodeDeploy does itself, and those that only call hooks.
pub const LIFECYCLE: [&str; 8] = [
    "BeforeInstall",
    "Install",
    "AfterInstall",
    "AllowTestTraffic",
    "AfterAllowTestTraffic",
    "BeforeAllowTraffic",
    "AllowTraffic",
    "AfterAllowTraffic",
];

fn lifecycle(phase: Phase) -> Vec<LifecycleEvent> {
    let done = if phase == Phase::Shifted { 7 } else { 2 };
    let began = now() - 600.0;
    let event = |(index, name): (usize, &str)| {
        let at = |step: usize| Some(began + 60.0 * step as f64);
        let is_done = index < done;
        LifecycleEvent {
            name: name.to_owned(),
            status: if is_done { "Succeeded" } else { "Pending" }.to_owned(),
            began: is_done.then(|| at(index)).flatten(),
            ended: is_done.then(|| at(index + 1)).flatten(),
        }
    };
    LIFECYCLE.into_iter().enumerate().map(event).collect()
}

/// A task definition as ECS gives it, with what it adds itself.
fn task_definition(family: &str, revision: u32, container: &str, port: u16) -> Value {
    json!({
        "taskDefinitionArn": arn("ecs", &format!("task-definition/{family}:{revision}")),
        "family": family,
        "revision": revision,
        "status": "ACTIVE",
        "networkMode": "awsvpc",
        "requiresAttributes": [{ "name": "ecs.capability.task-eni" }],
        "compatibilities": ["EC2"],
        // Whole: the last digit of a fraction may not survive being written and read.
        "registeredAt": now().floor(),
        "registeredBy": arn("iam", "root"),
        "containerDefinitions": [{
            "name": container,
            "image": format!("{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{container}@sha256:{revision:064}"),
            "essential": true,
            "portMappings": [{ "containerPort": port, "protocol": "tcp" }],
            "environment": [{ "name": "PHOTOBOOTH_RELEASE", "value": format!("release-{revision}") }],
        }],
    })
}
