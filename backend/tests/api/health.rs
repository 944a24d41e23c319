//! What load balancers and operators are told.

use super::booth::Booth;
use api::{ComponentState, Health, HealthStatus};
use reqwest::StatusCode;
use std::fs;

#[tokio::test]
async fn a_working_booth_is_healthy_and_ready() {
    let booth = Booth::without_workers(&["--queue-limit", "7"]).await;
    for path in ["/api/health", "/api/health/ready"] {
        let answer = booth.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let health: Health = answer.json().await.unwrap();
        assert_eq!(health.status, HealthStatus::Healthy);
        assert_eq!(health.release, env!("CARGO_PKG_VERSION"));
        assert_eq!(health.database.state, ComponentState::Up);
        assert_eq!(health.storage.state, ComponentState::Up);
        assert_eq!((health.queue.queued, health.queue.limit), (Some(0), 7));
    }
    booth.stop().await;
}

#[tokio::test]
async fn a_lost_storage_is_told_without_its_path() {
    let data = tempfile::tempdir().unwrap();
    let booth = Booth::start(data.path(), &["--workers", "0"]).await;
    fs::remove_dir_all(data.path().join("objects/photobooth")).unwrap();

    let answer = booth.get("/api/health/ready").await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    let text = answer.text().await.unwrap();
    assert!(!text.contains(data.path().to_str().unwrap()), "{text}");
    let health: Health = serde_json::from_str(&text).unwrap();
    assert_eq!(health.status, HealthStatus::Unhealthy);
    assert_eq!(health.storage.state, ComponentState::Down);
    assert_eq!(health.database.state, ComponentState::Up);

    let live = booth.get("/api/health/live").await;
    assert_eq!(live.status(), StatusCode::OK);
    booth.stop().await;
}
