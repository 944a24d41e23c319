//! On ECS: the task is left running while it makes portraits, and let go when it is idle for good.

use super::booth::{Booth, repository};
use axum::extract::State;
use axum::routing::put;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::fs;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

type Wishes = Arc<Mutex<Vec<Value>>>;

/// ECS's agent beside a task: keeps what it was asked for.
async fn start_agent(wishes: Wishes) -> String {
    let path = "/api/task/task-protection/v1/state";
    let note = |State(wishes): State<Wishes>, Json(wish): Json<Value>| async move {
        wishes.lock().unwrap().push(wish);
        Json(json!({}))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new().route(path, put(note)).with_state(wishes);
    tokio::spawn(axum::serve(listener, routes).into_future());
    format!("http://{address}/api/task")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_kept_while_it_renders_and_let_go_when_it_stops() {
    let wishes = Wishes::default();
    let agent = start_agent(Arc::clone(&wishes)).await;
    let data = tempfile::tempdir().unwrap();
    let flags = ["--portrait-size", "300x400", "--ecs-agent-uri", &agent];
    let booth = Booth::start(data.path(), &flags).await;
    booth.wait_for_workers().await;
    assert!(wishes.lock().unwrap().is_empty(), "nothing is made yet");

    let astronaut = fs::read(repository("tests/photos/astronaut.png")).unwrap();
    let job = booth.queued("image/png", astronaut).await;
    booth.follow(&job).await;
    booth.stop().await;

    let wishes = wishes.lock().unwrap();
    let kept = json!({ "ProtectionEnabled": true, "ExpiresInMinutes": 5 });
    assert_eq!(*wishes, [kept, json!({ "ProtectionEnabled": false })]);
}
