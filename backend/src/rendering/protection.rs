//! On ECS: asks that this task is not taken away while it makes portraits.
//!
//! Scaling in chooses a task without knowing what it is at. Its agent, whose address ECS gives to every container, takes
//! a wish to be left alone (the task scale-in protection endpoint).

use crate::app::AppState;
use reqwest::Client;
use serde_json::json;
use std::time::Duration;
use tokio::sync::watch::Receiver;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// How long a wish holds by itself: should this process die, its task is not kept for longer.
const EXPIRES_MINUTES: u32 = 5;

/// How often it is renewed.
const RENEWAL: Duration = Duration::from_secs(120);

/// Between two portraits nothing is taken back: every wish is a call of ECS's API, which counts them.
const REST: Duration = Duration::from_secs(30);

/// An agent that takes longer has not heard.
const PATIENCE: Duration = Duration::from_secs(5);

/// Wishes while portraits are made, until the process closes. Does nothing where no agent is.
pub async fn keep(app: AppState) {
    let Some(agent) = &app.config.rendering.ecs_agent_uri else {
        return;
    };
    let address = format!("{}/task-protection/v1/state", agent.trim_end_matches('/'));
    let client = Client::new();
    let mut busy = app.models.busy();
    loop {
        tokio::select! {
            // Ends early only when the sender is gone, and the app holds it.
            _ = busy.wait_for(|portraits| *portraits > 0) => {}
            () = app.closing.cancelled() => return,
        }
        wish(&client, &address, true).await;
        loop {
            tokio::select! {
                () = sleep(RENEWAL) => wish(&client, &address, true).await,
                () = idle_for_a_while(&mut busy, &app.stopping) => break,
            }
        }
        wish(&client, &address, false).await;
    }
}

/// Resolves when no portrait has been in the making for a while, or the last one is made and no more will come.
async fn idle_for_a_while(busy: &mut Receiver<usize>, stopping: &CancellationToken) {
    loop {
        let _ = busy.wait_for(|portraits| *portraits == 0).await;
        tokio::select! {
            _ = busy.wait_for(|portraits| *portraits > 0) => {}
            () = sleep(REST) => return,
            () = stopping.cancelled() => return,
        }
    }
}

/// A wish that is not heard costs a portrait at worst an attempt: its lease ends, and another task makes it.
async fn wish(client: &Client, address: &str, is_protected: bool) {
    let mut state = json!({ "ProtectionEnabled": is_protected });
    if is_protected {
        state["ExpiresInMinutes"] = EXPIRES_MINUTES.into();
    }
    let sending = client.put(address).json(&state).timeout(PATIENCE).send();
    if let Err(error) = sending.await.and_then(reqwest::Response::error_for_status) {
        tracing::warn!("ECS could not be asked to leave this task alone: {error}");
    }
}
