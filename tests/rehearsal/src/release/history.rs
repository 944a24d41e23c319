//! What CodeDeploy tells of one deployment: kept in the cloud, where hooks and people ask for it.

use super::deployment::Step;
use super::part::Part;
use super::stage::Stage;
use photobooth_cloud::{Cloud, Deployment, LifecycleEvent, now};
use std::collections::BTreeMap;

/// One deployment's.
pub struct History<'a> {
    cloud: &'a Cloud,
    /// CodeDeploy's id of the deployment.
    pub id: String,
}

impl<'a> History<'a> {
    /// Begins it, with every step before it.
    #[must_use]
    pub fn begin(stage: &'a Stage, part: Part, steps: &[Step]) -> Self {
        let environment = &stage.settings.environment;
        let id = format!("d-{}", part.name().to_uppercase());
        let steps = steps.iter().filter(|it| !is_afterwards(it));
        let events = steps.map(|step| LifecycleEvent {
            name: step.name().to_owned(),
            status: "Pending".to_owned(),
            began: None,
            ended: None,
        });
        let deployment = Deployment {
            application: format!("ai-photobooth-{environment}"),
            group: part.deployment_group(environment),
            service: part.service(environment),
            status: "InProgress".to_owned(),
            events: events.collect(),
            hooks: BTreeMap::new(),
        };
        let insert = |deployments: &mut BTreeMap<_, _>| deployments.insert(id.clone(), deployment);
        stage.cloud.change(|world| insert(&mut world.deployments));
        Self {
            cloud: &stage.cloud,
            id,
        }
    }

    /// Notes how a step is: `InProgress`, `Succeeded` or `Failed`.
    pub fn note(&self, step: &Step, status: &str) {
        self.cloud.change(|world| {
            let deployment = world.deployments.get_mut(&self.id);
            let mut events = deployment.into_iter().flat_map(|it| &mut it.events);
            if let Some(event) = events.find(|it| it.name == step.name()) {
                status.clone_into(&mut event.status);
                event.began.get_or_insert_with(now);
                event.ended = (status != "InProgress").then(now);
            }
        });
    }

    /// Ends it: `Succeeded` or `Failed`.
    pub fn close(&self, status: &str) {
        self.cloud.change(|world| {
            if let Some(deployment) = world.deployments.get_mut(&self.id) {
                status.clone_into(&mut deployment.status);
            }
        });
    }
}

fn is_afterwards(step: &Step) -> bool {
    matches!(step, Step::Wait | Step::EndBlue)
}
