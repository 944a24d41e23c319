//! How much one client may ask for, and who counts as one.

use super::booth::{Booth, expect_error};
use super::database;
use api::ErrorCode;
use axum::response::IntoResponse;
use backend::guards::{Client, SharedRate};
use backend::results::sweeper::sweep;
use futures_util::future::join_all;
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::json;
use std::time::{Duration, Instant};

fn photo() -> Vec<u8> {
    b"any bytes will do to wait".to_vec()
}

async fn send(request: RequestBuilder) -> Response {
    request.send().await.unwrap()
}

/// Sends a request twenty times at once. With a rate of one a second, one is granted for every second that it takes.
async fn expect_limit(mut request: impl FnMut() -> RequestBuilder) {
    let begun = Instant::now();
    let answers = join_all((0..20).map(|_| send(request()))).await;
    let most = 1 + begun.elapsed().as_secs() as usize;
    let (refused, granted): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|answer| answer.status() == StatusCode::TOO_MANY_REQUESTS);
    assert!(granted.len() <= most, "{} were granted", granted.len());
    assert!(!refused.is_empty());
    for answer in refused {
        let retry_after = expect_error(answer, 429, ErrorCode::RateLimited).await;
        assert_eq!(retry_after, Some(1));
    }
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_when_to_come_back() {
    let flags = ["--reads-per-second", "1", "--presigned-per-second", "1"];
    let booth = Booth::without_workers(&flags).await;
    let get = |path: &str| booth.client.get(booth.url(path));
    let id = "0b5f3a52-6a27-4c7e-9a57-7f0a6f0c1d2e";
    assert_eq!(booth.get("/api/themes").await.status(), StatusCode::OK);
    expect_limit(|| get("/api/themes")).await;
    // What was used up there is used up everywhere else.
    let mixed = ["", "/events"].map(|rest| format!("/api/process/{id}{rest}"));
    let mut turn = mixed.iter().cycle();
    expect_limit(|| get(turn.next().unwrap())).await;
    expect_limit(|| get("/photobooth/uploads/x")).await;
    let body = json!({ "fileName": "me", "fileType": "image/png", "fileSize": 9 });
    expect_limit(|| {
        let post = booth.client.post(booth.url("/api/upload/presigned"));
        post.json(&body)
    })
    .await;
    booth.stop().await;
}

#[tokio::test]
async fn health_pictures_and_the_page_are_not_counted() {
    let dist = tempfile::tempdir().unwrap();
    std::fs::write(dist.path().join("index.html"), "<html>").unwrap();
    let folder = dist.path().to_str().unwrap();
    let flags = ["--reads-per-second", "1", "--frontend-dir", folder];
    let booth = Booth::without_workers(&flags).await;
    let thumbnail = "/media/themes/greek/none.jpg";
    for path in [
        "/api/health",
        "/api/health/live",
        "/api/health/ready",
        "/",
        thumbnail,
    ] {
        let answers = join_all((0..20).map(|_| booth.get(path))).await;
        for answer in answers {
            let status = if path == thumbnail { 404 } else { 200 };
            assert_eq!(answer.status(), status, "{path}");
        }
    }
    booth.stop().await;
}

#[tokio::test]
async fn zero_counts_nothing() {
    let flags = ["--reads-per-second", "0", "--presigned-per-second", "0"];
    let booth = Booth::without_workers(&flags).await;
    let answers = join_all((0..150).map(|_| booth.get("/api/themes"))).await;
    assert!(answers.iter().all(|answer| answer.status() == 200));
    for _ in 0..15 {
        booth.ticket("image/png", 9).await;
    }
    booth.stop().await;
}

/// Sends a wish as if a proxy had forwarded it for this address.
async fn wish(booth: &Booth, photo_id: &str, address: &str) -> Response {
    let body = json!({ "photoId": photo_id, "themeId": "greek" });
    let request = booth.client.post(booth.url("/api/process")).json(&body);
    let key = "5d3b9a1e-6f52-4b1e-8f3c-0d7a4f1b2c3d";
    let request = request.header("idempotency-key", key);
    send(request.header("x-forwarded-for", address)).await
}

#[tokio::test]
async fn portraits_are_counted_for_each_client_behind_a_trusted_proxy() {
    let flags = ["--process-per-minute", "1"];
    let trusting = [&flags[..], &["--trusted-proxies", "127.0.0.0/8"]].concat();
    for (flags, other_guest) in [
        (&flags[..], StatusCode::TOO_MANY_REQUESTS),
        (&trusting, StatusCode::CREATED),
    ] {
        let booth = Booth::without_workers(flags).await;
        let mut photos = Vec::new();
        for _ in 0..3 {
            photos.push(booth.uploaded("image/png", photo()).await);
        }
        // What is refused anyway costs nothing.
        let unknown = wish(&booth, "nonsense", "192.0.2.1").await;
        expect_error(unknown, 404, ErrorCode::UnknownPhoto).await;
        let first = wish(&booth, &photos[0], "192.0.2.1").await;
        assert_eq!(first.status(), StatusCode::CREATED);
        // Nor does the same wish sent again.
        let again = wish(&booth, &photos[0], "192.0.2.1").await;
        assert_eq!(again.status(), StatusCode::OK);

        let second = wish(&booth, &photos[1], "192.0.2.1").await;
        let retry_after = expect_error(second, 429, ErrorCode::RateLimited).await;
        assert!((1..=60).contains(&retry_after.unwrap()));
        let other = wish(&booth, &photos[2], "192.0.2.2").await;
        assert_eq!(other.status(), other_guest);

        let stored: Vec<String> = sqlx::query_scalar("SELECT client FROM rates")
            .fetch_all(&booth.app.db.pool)
            .await
            .unwrap();
        let clients = if other_guest == StatusCode::CREATED {
            2
        } else {
            1
        };
        assert_eq!(stored.len(), clients);
        assert!(stored.iter().all(|client| client.len() == 64));
        let later_ms = booth.app.clock.now_ms() + 61_000;
        sweep(&booth.app, later_ms, false).await.unwrap();
        let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM rates")
            .fetch_one(&booth.app.db.pool)
            .await
            .unwrap();
        assert_eq!(left, 0);
        booth.stop().await;
    }
}

#[tokio::test]
async fn processes_that_share_a_database_share_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let [one, other] = [
        database::open(folder.path()).await,
        database::open(folder.path()).await,
    ];
    let rate = &SharedRate::per_minute(10);
    let client = Client::at("192.0.2.1".parse().unwrap());
    let begun_ms = 1_700_000_000_000;
    let at_once = |now_ms| {
        let requests = (0..12).flat_map(|_| [&one, &other]);
        join_all(requests.map(move |db| rate.admit(&db.pool, client, now_ms)))
    };
    let outcomes = at_once(begun_ms).await;
    let refused: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 24 - 10);
    for error in refused {
        let answer = error.into_response();
        assert_eq!(answer.headers()["retry-after"], "6");
    }
    let granted = async |now_ms| {
        let outcomes = at_once(now_ms).await;
        outcomes.iter().filter(|outcome| outcome.is_ok()).count()
    };
    assert_eq!(granted(begun_ms + 5_999).await, 0);
    assert_eq!(granted(begun_ms + 6_000).await, 1);
    assert_eq!(granted(begun_ms + 24_000).await, 3);
    assert_eq!(granted(begun_ms + 600_000).await, 10);
    let stranger = Client::at("192.0.2.2".parse().unwrap());
    assert!(rate.admit(&one.pool, stranger, begun_ms).await.is_ok());
}

#[tokio::test]
async fn event_streams_are_counted_in_all_and_for_each_client() {
    let flags = ["--event-streams", "2", "--event-streams-per-client", "1"];
    let flags = [&flags[..], &["--trusted-proxies", "127.0.0.1"]].concat();
    let booth = Booth::without_workers(&flags).await;
    let id = booth.queued("image/png", photo()).await;
    let follow = |guest: &str| {
        let address = booth.url(&format!("/api/process/{id}/events"));
        send(booth.client.get(address).header("x-forwarded-for", guest))
    };
    let first = follow("192.0.2.1").await;
    assert_eq!(first.status(), StatusCode::OK);
    let again = follow("192.0.2.1").await;
    let retry_after = expect_error(again, 429, ErrorCode::RateLimited).await;
    assert!(retry_after.is_some());
    let second = follow("192.0.2.2").await;
    assert_eq!(second.status(), StatusCode::OK);
    let third = follow("192.0.2.3").await;
    let retry_after = expect_error(third, 503, ErrorCode::NotReady).await;
    assert!(retry_after.is_some());

    // Whoever goes makes room.
    drop(first);
    let room = async { while follow("192.0.2.3").await.status() != StatusCode::OK {} };
    let patience = Duration::from_secs(60);
    tokio::time::timeout(patience, room).await.unwrap();
    booth.stop().await;
}
