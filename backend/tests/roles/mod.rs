//! Several processes at one queue: one that guests come to, one that works.

use crate::api::booth::{Booth, repository, settings};
use crate::api::collectors::Otlp;
use crate::api::share;
use crate::api::telemetry::{BROWSER, expect_one_trace};
use api::SharedPortrait;
use backend::app::Application;
use backend::config::Role;
use photobooth_tests::s3::Service;
use reqwest::StatusCode;
use std::fs;
use tokio::sync::oneshot;

#[tokio::test(flavor = "multi_thread")]
async fn a_portrait_is_one_trace_from_the_door_to_the_worker() {
    let collector = Otlp::start().await;
    let storage = Service::start().await.unwrap();
    let (endpoint, storage) = (collector.address(), storage.flags());
    let mut flags = vec!["--otlp-endpoint", &endpoint, "--portrait-size", "300x400"];
    flags.extend(storage.iter().map(String::as_str));
    let data = tempfile::tempdir().unwrap();

    let door = Booth::start_as(Role::Serve, data.path(), &flags).await;
    flags.extend(["--internal-listen", "127.0.0.1:0"]);
    let worker = Application::build(settings(data.path(), &flags), Role::Work);
    let worker = worker.await.unwrap();
    assert_eq!(worker.address(), None, "guests do not come to a worker");
    let internal = worker.internal_address().unwrap();
    let (stop, told) = oneshot::channel::<()>();
    let working = tokio::spawn(worker.run_until(async {
        let _ = told.await;
    }));
    door.wait_for_workers().await;
    for path in ["/metrics", "/api/health/live", "/api/health/ready"] {
        let answer = reqwest::get(format!("http://{internal}{path}")).await;
        assert_eq!(answer.unwrap().status(), StatusCode::OK, "{path}");
    }
    let astronaut = fs::read(repository("tests/photos/astronaut.png")).unwrap();
    let photo = door.uploaded("image/png", astronaut).await;
    door.ask_within_trace(&photo, BROWSER).await;
    door.follow(&photo).await;
    door.expect_original_deleted(&photo).await;
    stop.send(()).unwrap();
    working.await.unwrap().unwrap();
    door.stop().await;
    expect_one_trace(&collector.spans());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_made_at_one_door_opens_at_another() {
    let storage = Service::start().await.unwrap();
    let of_storage = storage.flags();
    let mut flags = vec!["--workers", "0"];
    flags.extend(of_storage.iter().map(String::as_str));
    let data = tempfile::tempdir().unwrap();
    let door = Booth::start(data.path(), &flags).await;
    let other = Booth::start(data.path(), &flags).await;
    let job = share::finished(&door).await;
    let link = share::shared(&door, &job).await;
    let answer = share::follow(&other, &link.token).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let portrait: SharedPortrait = answer.json().await.unwrap();
    let file = other.get(&portrait.download_url).await;
    assert_eq!(file.status(), StatusCode::OK);
    assert_eq!(file.headers()["content-length"], "20");
    assert_eq!(file.bytes().await.unwrap().len(), 20);
    door.stop().await;
    other.stop().await;
}
