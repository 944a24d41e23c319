//! After green was put on the test listener: it can be reached there, and does what guests will ask of it.

use super::{Release, Scene};
use crate::checks::{TEST, health_is_good};
use crate::place::Service;
use crate::{page, sample};

pub(super) async fn look(scene: &Scene, release: &Release) {
    let deployed = scene.deployed(release);
    let (green, group) = (&release.green.task_set, &release.green.target_group);
    scene
        .settle("green tasks", async || {
            deployed.tasks_run(Some(green)).await
        })
        .await;
    scene
        .settle("test listener", async || {
            deployed.listener_leads_to(TEST, group).await
        })
        .await;
    scene
        .settle("green targets", async || {
            deployed.targets_answer(group).await
        })
        .await;
    match release.service {
        Service::Backend => {
            let health = async || health_is_good(&scene.test_booth().await?).await;
            scene.settle("database, storage, models", health).await;
            let sample = async { sample::make(&scene.test_booth().await?).await };
            scene.check("sample portrait", sample).await;
        }
        Service::Frontend => {
            let page = async || page::open(&scene.test_booth().await?).await;
            scene.settle("page", page).await;
        }
    }
}
