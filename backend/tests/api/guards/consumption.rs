//! API4, unrestricted resource consumption.

use crate::api::booth::{Booth, expect_error};
use api::ErrorCode;
use reqwest::StatusCode;

#[tokio::test]
async fn api4_resource_consumption_heads_and_bodies_are_bounded() {
    let booth = Booth::without_workers(&[]).await;
    let request = booth.client.get(booth.url("/api/themes"));
    let answer = request.header("x-large", "x".repeat(200_000)).send().await;
    // A server that refuses by what it has read may close before everything was sent.
    if let Ok(answer) = answer {
        let status = answer.status();
        assert_eq!(status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    for (body, status) in [
        ("[".repeat(10_000), 422),
        (format!("{{\"depth\":{}", "[".repeat(10_000)), 400),
        ("x".repeat(17 * 1024), 413),
    ] {
        for path in ["/api/process", "/api/upload/presigned"] {
            let post = booth.client.post(booth.url(path)).body(body.clone());
            let post = post.header("content-type", "application/json");
            let answer = post.send().await.unwrap();
            expect_error(answer, status, ErrorCode::InvalidRequest).await;
        }
    }
    booth.stop().await;
}
