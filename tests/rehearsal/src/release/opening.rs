//! Before the release: blue starts, and guests may come; the backend publishes its first metrics.

use super::part::{Colour, Part};
use super::stage::Stage;
use crate::proxy::Health;
use anyhow::{Context, Error, Result, anyhow};
use std::time::Duration;
use tokio::time::{interval, timeout};

/// Within which the first tasks are open: models warm up.
const OPENING: Duration = Duration::from_secs(180);
/// The backend publishes its metrics once a minute.
const PUBLISHING: Duration = Duration::from_secs(90);
/// Between two looks.
const LOOKS: Duration = Duration::from_millis(500);

/// Starts blue, and waits until guests may come.
///
/// # Errors
/// A task ends instead, or does not open in time.
pub async fn open(stage: &Stage) -> Result<()> {
    let origin = stage.settings.origin_of_blue();
    stage
        .timeline
        .say("stage", format!("blue starts, {origin} ..."));
    for part in Part::ALL {
        stage.start(part, Colour::Blue).await?;
        let group = part.target_group(Colour::Blue, &stage.settings.environment);
        let is_open = stage.balancer.wait_until(&group, |targets| {
            targets.iter().all(|it| it.health == Health::Healthy)
        });
        let opened = async {
            tokio::select! {
                opened = is_open => opened,
                error = hear_of_its_end(stage, part) => Err(error),
            }
        };
        let opened = timeout(OPENING, opened).await;
        opened.with_context(|| format!("{part} does not open"))??;
    }
    stage
        .timeline
        .good("stage", format!("blue is open at {}", stage.address()));
    Ok(())
}

/// Waits until blue's process has ended by itself, if it ever does.
async fn hear_of_its_end(stage: &Stage, part: Part) -> Error {
    let mut ticks = interval(LOOKS);
    loop {
        ticks.tick().await;
        match stage.has_ended(part, Colour::Blue).await {
            Ok(None) => {}
            Ok(Some(status)) => {
                let log = stage.log(part, Colour::Blue);
                return anyhow!("blue of {part} ended: {status}; {} says why", log.display());
            }
            Err(error) => return error,
        }
    }
}

/// Waits for the first metrics: the validator needs some.
///
/// # Errors
/// None come in time.
pub async fn wait_for_metrics(stage: &Stage) -> Result<()> {
    stage
        .timeline
        .say("stage", "the backend publishes metrics once a minute ...");
    let published = || {
        stage.cloud.read(|world| {
            let portraits = world.metrics.values("AI-Photobooth", "Portraits");
            !portraits.is_empty()
        })
    };
    let waiting = async {
        let mut ticks = interval(LOOKS);
        while !published() {
            ticks.tick().await;
        }
    };
    timeout(PUBLISHING, waiting)
        .await
        .context("the backend publishes no metrics")
}
