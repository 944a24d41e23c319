//! After green's tasks were started: they run, and what they depend on works.

use super::{Release, Scene};
use crate::checks::health_is_good;
use crate::place::Service;

/// The listeners still lead to blue, and green's target group is on none of them: ECS is who knows green. What blue
/// says of database, storage and models is true for both, since they share them.
pub(super) async fn look(scene: &Scene, release: &Release) {
    let deployed = scene.deployed(release);
    let green = &release.green.task_set;
    scene
        .settle("green tasks", async || {
            deployed.tasks_run(Some(green)).await
        })
        .await;
    if release.service == Service::Backend {
        let health = async || health_is_good(&scene.booth()?).await;
        scene.settle("database, storage, models", health).await;
    }
}
