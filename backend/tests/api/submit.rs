//! `POST /api/process` and the status of what waits.

use super::booth::{Booth, expect_error};
use api::{ErrorCode, JobStatus, SubmittedJob};
use backend::config::Role;
use reqwest::StatusCode;
use serde_json::json;

fn photo() -> Vec<u8> {
    b"any bytes will do to wait".to_vec()
}

#[tokio::test]
async fn a_submitted_photo_waits_in_the_queue() {
    let booth = Booth::without_workers(&[]).await;
    let first = booth.uploaded("image/png", photo()).await;
    let answer = booth.ask_for_portrait(&first, "greek").await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    let place = format!("/api/process/{first}");
    assert_eq!(answer.headers()["location"], place.as_str());
    let job: SubmittedJob = answer.json().await.unwrap();
    assert_eq!(
        (job.id.as_str(), job.status),
        (first.as_str(), JobStatus::Queued)
    );
    assert_eq!(job.owner_secret.len(), 43);

    let stored: String = sqlx::query_scalar("SELECT owner_secret_sha256 FROM photos WHERE id = $1")
        .bind(&first)
        .fetch_one(&booth.app.db.pool)
        .await
        .unwrap();
    assert_eq!(stored.len(), 64);
    assert_ne!(stored, job.owner_secret);

    let second = booth.queued("image/png", photo()).await;
    for (id, place) in [(&first, 1), (&second, 2)] {
        let job = booth.job(id).await;
        assert_eq!(job.status, JobStatus::Queued);
        assert_eq!(job.queue_position, Some(place));
        assert_eq!(job.theme_id, "greek");
        assert!(!job.variant_id.is_empty());
        assert!(job.eta_seconds.unwrap() >= 1);
        assert!(job.result.is_none() && job.error.is_none() && job.stage.is_none());
    }
    let soon = booth.job(&first).await.eta_seconds;
    assert!(booth.job(&second).await.eta_seconds > soon);
    booth.stop().await;
}

#[tokio::test]
async fn what_is_unknown_is_not_found() {
    let booth = Booth::without_workers(&[]).await;
    let photo = booth.uploaded("image/png", photo()).await;
    let stranger = "0b5f3a52-6a27-4c7e-9a57-7f0a6f0c1d2e";
    for id in [stranger, "", "nonsense", "../../etc/passwd", "' OR 1=1 --"] {
        let answer = booth.ask_for_portrait(id, "greek").await;
        expect_error(answer, 404, ErrorCode::UnknownPhoto).await;
    }
    let answer = booth.ask_for_portrait(&photo, "atlantis").await;
    expect_error(answer, 404, ErrorCode::UnknownTheme).await;
    let body = json!({ "photoId": photo, "themeId": "greek", "variantId": "none" });
    let answer = booth.post("/api/process", &body).await;
    expect_error(answer, 404, ErrorCode::UnknownVariant).await;
    let body = json!({ "photoId": photo, "themeId": "greek", "outputFormat": "tiff" });
    let answer = booth.post("/api/process", &body).await;
    expect_error(answer, 422, ErrorCode::InvalidRequest).await;

    // Known, but nobody has asked for its portrait yet.
    let ids = [stranger, "nonsense", "%2e%2e%2fthemes", "%ff", &photo];
    for path in ids
        .iter()
        .flat_map(|id| [id.to_string(), format!("{id}/events")])
    {
        let answer = booth.get(&format!("/api/process/{path}")).await;
        expect_error(answer, 404, ErrorCode::UnknownPhoto).await;
    }
    booth.stop().await;
}

#[tokio::test]
async fn a_photo_must_arrive_first_and_is_taken_once() {
    let booth = Booth::without_workers(&[]).await;
    let ticket = booth.ticket("image/png", 10).await;
    let answer = booth.ask_for_portrait(&ticket.photo_id, "greek").await;
    expect_error(answer, 422, ErrorCode::PhotoNotUploaded).await;

    let id = booth.uploaded("image/png", photo()).await;
    let answers =
        futures_util::future::join_all((0..8).map(|_| booth.ask_for_portrait(&id, "greek")));
    let (mut taken, mut refused) = (0, 0);
    for answer in answers.await {
        if answer.status() == StatusCode::CREATED {
            taken += 1;
        } else {
            expect_error(answer, 409, ErrorCode::AlreadySubmitted).await;
            refused += 1;
        }
    }
    assert_eq!((taken, refused), (1, 7));
    booth.stop().await;
}

#[tokio::test]
async fn a_full_queue_says_when_to_come_back() {
    let booth = Booth::without_workers(&["--queue-limit", "2"]).await;
    booth.queued("image/png", photo()).await;
    booth.queued("image/png", photo()).await;
    let third = booth.uploaded("image/png", photo()).await;
    let answer = booth.ask_for_portrait(&third, "greek").await;
    let retry_after = expect_error(answer, 503, ErrorCode::QueueFull).await;
    let guess = retry_after.unwrap();

    // Portraits that take half a minute move the next free place away.
    sqlx::query(
        "INSERT INTO photos (id, status, upload_type, upload_bytes, created_at_ms, finished_at_ms, duration_ms)
         VALUES ('old', 'completed', 'image/png', 1, 0, 1, 30000)",
    )
    .execute(&booth.app.db.pool)
    .await
    .unwrap();
    let answer = booth.ask_for_portrait(&third, "greek").await;
    let retry_after = expect_error(answer, 503, ErrorCode::QueueFull).await;
    assert_eq!(retry_after, Some(30));
    assert!(guess < 30);
    assert!(booth.has_original(&third).await);
    booth.stop().await;
}

#[tokio::test]
async fn two_processes_never_share_a_data_folder() {
    let data = tempfile::tempdir().unwrap();
    let booth = Booth::start(data.path(), &["--workers", "0"]).await;
    let settings = super::booth::settings(data.path(), &["--workers", "0"]);
    let error = backend::app::Application::build(settings, Role::All)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("--data-dir"), "{error:#}");
    booth.stop().await;
}

/// The answer to a wish was lost on its way; the guest sends it again.
#[tokio::test]
async fn the_same_wish_under_the_same_key_gets_the_same_answer() {
    let booth = Booth::without_workers(&[]).await;
    let id = booth.uploaded("image/png", photo()).await;
    let ask = async |theme: &str, key: &str| {
        let body = json!({ "photoId": id, "themeId": theme });
        let request = booth.client.post(booth.url("/api/process")).json(&body);
        let request = request.header("idempotency-key", key);
        request.send().await.unwrap()
    };
    let key = "5d3b9a1e-6f52-4b1e-8f3c-0d7a4f1b2c3d";
    let first = ask("greek", key).await;
    assert_eq!(first.status(), StatusCode::CREATED);
    let first: SubmittedJob = first.json().await.unwrap();
    let again = ask("greek", key).await;
    assert_eq!(again.status(), StatusCode::OK);
    assert_eq!(again.json::<SubmittedJob>().await.unwrap(), first);

    let other_wish = ask("anime", key).await;
    expect_error(other_wish, 422, ErrorCode::IdempotencyKeyReused).await;
    let other_key = ask("greek", "another-guests-key").await;
    expect_error(other_key, 409, ErrorCode::AlreadySubmitted).await;
    let no_key = booth.ask_for_portrait(&id, "greek").await;
    expect_error(no_key, 409, ErrorCode::AlreadySubmitted).await;
    for key in ["short", "a key with spaces in it"] {
        expect_error(ask("greek", key).await, 400, ErrorCode::InvalidRequest).await;
    }
    booth.stop().await;
}
