//! From an uploaded photo to the portrait, with the real models.

use super::booth::{Booth, events_of, expect_error, repository};
use api::{ErrorCode, Health, HealthStatus, Job, JobStatus, ResultLink};
use backend::config::Role;
use backend::jobs::queue::{self, Claim};
use backend::storage::Published;
use futures_util::StreamExt;
use image::{ImageFormat, Rgb, RgbImage};
use reqwest::StatusCode;
use std::fs;
use std::io::Cursor;
use std::time::Duration;

fn astronaut() -> Vec<u8> {
    fs::read(repository("tests/photos/astronaut.png")).unwrap()
}

/// A picture without anybody in it: a tiled floor.
fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let shade = if (x / 40 + y / 40) % 2 == 0 { 70 } else { 190 };
        Rgb([shade, shade, 150])
    });
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).unwrap();
    png.into_inner()
}

/// A photo waits, its worker dies, the process starts again, and the guest gets the portrait.
#[tokio::test(flavor = "multi_thread")]
async fn a_photo_becomes_a_portrait_even_across_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let booth = Booth::start(data.path(), &["--workers", "0"]).await;
    let photo = booth.queued("image/png", astronaut()).await;
    let killed = Claim {
        owner: "killed".to_owned(),
        lease: Duration::from_millis(1),
    };
    let now_ms = booth.app.clock.now_ms();
    let claimed = queue::claim(&booth.app.db, &killed, now_ms).await.unwrap();
    assert_eq!(claimed.unwrap().photo.to_string(), photo);
    booth.stop().await;

    // Renders give way to everything else, and a test machine has much else to do.
    let flags = [
        "--workers",
        "1",
        "--release",
        "8",
        "--processing-timeout-ms",
        "240000",
    ];
    let booth = Booth::start(data.path(), &flags).await;
    expect_to_be_warming_up(&booth).await;
    let events = booth.follow(&photo).await;
    check_events(&events);
    let job = events.last().unwrap();
    assert_eq!(job.status, JobStatus::Completed, "{job:?}");
    assert_eq!(job.release.as_deref(), Some("8"));
    assert_eq!(
        booth.get("/api/health/ready").await.status(),
        StatusCode::OK
    );
    booth.expect_original_deleted(&photo).await;
    check_portrait(&booth, job.result.as_ref().unwrap()).await;

    let later = booth.job(&photo).await;
    assert_eq!((later.status, later.progress), (JobStatus::Completed, 1.0));
    // A job that is over has one last event.
    assert_eq!(booth.follow(&photo).await.len(), 1);
    let answer = booth.ask_for_portrait(&photo, "greek").await;
    expect_error(answer, 409, ErrorCode::AlreadySubmitted).await;

    bad_photos_fail_with_their_code(&booth).await;
    booth.stop().await;
}

async fn expect_to_be_warming_up(booth: &Booth) {
    let photo = booth.uploaded("image/png", astronaut()).await;
    let answer = booth.ask_for_portrait(&photo, "greek").await;
    let retry_after = expect_error(answer, 503, ErrorCode::NotReady).await;
    assert!(retry_after.unwrap() >= 1);
    let ready = booth.get("/api/health/ready").await;
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    let health: Health = ready.json().await.unwrap();
    assert_eq!(health.status, HealthStatus::Starting);
    assert_eq!(booth.get("/api/health/live").await.status(), StatusCode::OK);
}

/// Stages come in order, progress never falls, and only the last event is final.
fn check_events(events: &[Job]) {
    let stages: Vec<_> = events.iter().filter_map(|job| job.stage).collect();
    assert!(stages.len() >= 5, "{stages:?}");
    assert!(stages.is_sorted(), "{stages:?}");
    let working = events.iter().filter(|job| job.stage.is_some());
    let progress: Vec<_> = working.clone().map(|job| job.progress).collect();
    assert!(progress.is_sorted(), "{progress:?}");
    assert!(progress.iter().all(|part| (0.0..1.0).contains(part)));
    assert!(working.clone().all(|job| job.eta_seconds.is_some()));
    let (last, before) = events.split_last().unwrap();
    assert!(last.status.is_final());
    assert!(before.iter().all(|job| !job.status.is_final()));
}

async fn check_portrait(booth: &Booth, link: &ResultLink) {
    assert_eq!((link.width, link.height, link.faces), (2400, 3200, 1));
    let shown = booth.client.get(&link.url).send().await.unwrap();
    assert_eq!(shown.status(), StatusCode::OK);
    assert_eq!(shown.headers()["content-type"], "image/jpeg");
    assert!(!shown.headers().contains_key("content-disposition"));
    let bytes = shown.bytes().await.unwrap();
    assert_eq!(bytes.len() as u64, link.bytes);
    assert_eq!(image::guess_format(&bytes).unwrap(), ImageFormat::Jpeg);
    let picture = image::load_from_memory(&bytes).unwrap();
    assert_eq!((picture.width(), picture.height()), (2400, 3200));

    let saved = booth.client.get(&link.download_url).send().await.unwrap();
    let disposition = saved.headers()["content-disposition"].clone();
    assert_eq!(disposition, "attachment; filename=\"portrait-greek.jpg\"");
    assert_eq!(saved.bytes().await.unwrap(), bytes);
    let unsigned = link.url.split('?').next().unwrap();
    let answer = booth.client.get(unsigned).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

async fn bad_photos_fail_with_their_code(booth: &Booth) {
    let mut truncated = astronaut();
    truncated.truncate(truncated.len() / 2);
    for (photo, media_type, code) in [
        (
            b"GIF89a, or so it says".to_vec(),
            "image/png",
            ErrorCode::NotAnImage,
        ),
        (
            b"<svg onload='alert(1)'/>".to_vec(),
            "image/jpeg",
            ErrorCode::NotAnImage,
        ),
        (truncated, "image/png", ErrorCode::ImageTruncated),
        (png(20_000, 10), "image/png", ErrorCode::ImageBadShape),
        (png(640, 480), "image/png", ErrorCode::NoFace),
    ] {
        let id = booth.queued(media_type, photo).await;
        let job = booth.follow(&id).await.pop().unwrap();
        assert_eq!(job.status, JobStatus::Failed);
        let error = job.error.unwrap();
        assert_eq!(error.code, code);
        assert!(error.hint.is_some());
        assert!(job.result.is_none());
        booth.expect_original_deleted(&id).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_it_finishes_the_portrait_at_hand_and_keeps_the_others() {
    let data = tempfile::tempdir().unwrap();
    let booth = Booth::start(data.path(), &["--workers", "1"]).await;
    booth.wait_for_workers().await;
    let at_hand = booth.queued("image/png", astronaut()).await;
    wait_for_a_stage(&booth, &at_hand).await;
    let waiting = booth.queued("image/png", astronaut()).await;
    booth.stop().await;

    let booth = Booth::start(data.path(), &["--workers", "0"]).await;
    assert_eq!(booth.job(&at_hand).await.status, JobStatus::Completed);
    let job = booth.job(&waiting).await;
    assert_eq!(
        (job.status, job.queue_position),
        (JobStatus::Queued, Some(1))
    );
    assert!(booth.has_original(&waiting).await);
    booth.stop().await;
}

/// An earlier attempt died between storing the portrait and saying so.
#[tokio::test(flavor = "multi_thread")]
async fn a_portrait_that_was_published_before_is_not_published_again() {
    let data = tempfile::tempdir().unwrap();
    let booth = Booth::start(
        data.path(),
        &["--workers", "1", "--portrait-size", "300x400"],
    )
    .await;
    booth.wait_for_workers().await;
    let photo = booth.uploaded("image/png", astronaut()).await;
    let key = format!("results/{photo}.jpg");
    let earlier = b"the earlier attempt's".as_slice();
    let storage = &booth.app.storage;
    let published = storage.publish(&key, "image/jpeg", earlier.into()).await;
    assert_eq!(published.unwrap(), Published::Now);

    let answer = booth.ask_for_portrait(&photo, "greek").await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    let job = booth.follow(&photo).await.pop().unwrap();
    let link = job.result.unwrap();
    assert_eq!(link.bytes, earlier.len() as u64);
    let shown = booth.client.get(&link.url).send().await.unwrap();
    assert_eq!(shown.bytes().await.unwrap(), earlier);
    booth.stop().await;
}

/// A guest deletes the visit while the portrait is being made.
#[tokio::test(flavor = "multi_thread")]
async fn a_visit_deleted_while_it_is_rendered_leaves_nothing() {
    let data = tempfile::tempdir().unwrap();
    let booth = Booth::start(data.path(), &["--workers", "1"]).await;
    booth.wait_for_workers().await;
    let job = booth.submitted("image/png", astronaut()).await;
    wait_for_a_stage(&booth, &job.id).await;
    let address = booth.url(&format!("/api/process/{}", job.id));
    let delete = booth.client.delete(&address).bearer_auth(&job.owner_secret);
    assert_eq!(delete.send().await.unwrap().status(), StatusCode::OK);

    // The next guest's portrait is made when the worker has let go of the deleted one.
    let next = booth.queued("image/png", astronaut()).await;
    let last = booth.follow(&next).await.pop().unwrap();
    assert_eq!(last.status, JobStatus::Completed);
    let left = booth.app.storage.list("", None).await.unwrap();
    let left: Vec<_> = left.iter().map(|object| object.key.as_str()).collect();
    assert!(left.iter().all(|key| !key.contains(&job.id)), "{left:?}");
    booth.stop().await;
}

/// Reads a job's events until it is being rendered.
async fn wait_for_a_stage(booth: &Booth, photo: &str) {
    let answer = booth.get(&format!("/api/process/{photo}/events")).await;
    let mut pieces = answer.bytes_stream();
    let mut text = String::new();
    while let Some(piece) = pieces.next().await {
        text.push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
        let (whole, _) = text.rsplit_once("\n\n").unwrap_or_default();
        if events_of(whole).iter().any(|job| job.stage.is_some()) {
            return;
        }
    }
    panic!("never rendered: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portrait_that_takes_too_long_is_given_up() {
    let data = tempfile::tempdir().unwrap();
    let flags = ["--workers", "1", "--processing-timeout-ms", "1"];
    let booth = Booth::start(data.path(), &flags).await;
    booth.wait_for_workers().await;
    let photo = booth.queued("image/png", astronaut()).await;
    let job = booth.follow(&photo).await.pop().unwrap();
    assert_eq!(job.error.unwrap().code, ErrorCode::TimedOut);
    assert!(booth.has_original(&photo).await);
    booth.stop().await;
}

#[tokio::test]
async fn missing_models_stop_the_start_with_a_reason() {
    let data = tempfile::tempdir().unwrap();
    let empty = tempfile::tempdir().unwrap();
    let models = empty.path().join("models");
    let flags = ["--workers", "1", "--models-dir", models.to_str().unwrap()];
    let settings = super::booth::settings(data.path(), &flags);
    let application = backend::app::Application::build(settings, Role::All)
        .await
        .unwrap();
    let error = application
        .run_until(std::future::pending())
        .await
        .unwrap_err();
    assert!(format!("{error:#}").contains("models"), "{error:#}");
}
