//! After green's tasks were started: they run and are well, by all that can be known of them so early.

use super::{Release, Scene};
use crate::checks::health_is_good;
use crate::place::Service;

/// The listeners still lead to blue, and green's target group is on none of them: ECS is who knows green. Blue is
/// asked how database, storage and models are, for whoever reads the log; whether green may go on is not for it to say,
/// since green may be the cure. Green is asked itself as soon as it can be reached, by pre-traffic.
pub(super) async fn look(scene: &Scene, release: &Release) {
    let deployed = scene.deployed(release);
    let green = &release.green.task_set;
    scene
        .settle("green tasks", async || {
            deployed.tasks_run(Some(green)).await
        })
        .await;
    if release.service == Service::Backend {
        let seen = async { Ok(as_blue_sees_it(scene).await) };
        scene.check("database, storage, models", seen).await;
    }
}

async fn as_blue_sees_it(scene: &Scene) -> String {
    let health = async { health_is_good(&scene.booth()?).await };
    match health.await {
        Ok(seen) => format!("to blue, {seen}"),
        Err(objection) => format!("no objection to green, but blue is not well: {objection}"),
    }
}
