//! After green got all guests: it serves them well, by what they see and by what was counted.

use super::{Release, Scene};
use crate::checks::{PRODUCTION, health_is_good};
use crate::place::Service;
use crate::{load, page};

/// The load comes before the metrics, so that a quiet booth has something to count. CloudWatch needs minutes for it.
pub(super) async fn look(scene: &Scene, release: &Release) {
    let deployed = scene.deployed(release);
    let (green, group) = (&release.green.task_set, &release.green.target_group);
    scene
        .settle("green tasks", async || {
            deployed.tasks_run(Some(green)).await
        })
        .await;
    scene
        .settle("green targets", async || {
            deployed.targets_answer(group).await
        })
        .await;
    scene
        .settle("listener", async || {
            deployed.listener_leads_to(PRODUCTION, group).await
        })
        .await;
    match release.service {
        Service::Backend => {
            let health = async || health_is_good(&scene.booth()?).await;
            scene.settle("database, storage, models", health).await;
        }
        Service::Frontend => {
            let page = async || page::open(&scene.booth()?).await;
            scene.settle("page", page).await;
        }
    }
    let load = async { load::run(&scene.booth()?, release.service, &scene.thresholds()?).await };
    scene.check("load", load).await;
    let groups = [group.clone()];
    let requests = async || {
        deployed
            .requests_are_answered(&groups, &scene.thresholds()?)
            .await
    };
    scene.settle("requests", requests).await;
    if release.service == Service::Backend {
        let portraits = async || deployed.portraits_are_made(&scene.thresholds()?).await;
        scene.settle("portraits", portraits).await;
    }
}
