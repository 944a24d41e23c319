//! The page: its files, its own addresses, and the headers it comes with.

use super::booth::{Booth, expect_error};
use api::ErrorCode;
use reqwest::StatusCode;
use std::fs;
use tempfile::TempDir;

const INDEX: &str = "<html><script type=\"module\">abc</script></html>";
const SCRIPT: &str = "booth-0123456789abcdef.js";

fn build() -> TempDir {
    let dist = tempfile::tempdir().unwrap();
    fs::write(dist.path().join("index.html"), INDEX).unwrap();
    fs::write(dist.path().join(SCRIPT), "plain").unwrap();
    fs::write(dist.path().join(format!("{SCRIPT}.br")), "brotli").unwrap();
    dist
}

#[tokio::test]
async fn files_are_served_compressed_and_cached() {
    let dist = build();
    let folder = dist.path().to_str().unwrap();
    let booth = Booth::without_workers(&["--frontend-dir", folder]).await;
    let plain = booth.get(&format!("/{SCRIPT}")).await;
    let caching = plain.headers()["cache-control"].to_str().unwrap();
    assert!(caching.contains("immutable"), "{caching}");
    assert_eq!(plain.text().await.unwrap(), "plain");

    let request = booth.client.get(booth.url(&format!("/{SCRIPT}")));
    let answer = request
        .header("accept-encoding", "br")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-encoding"], "br");
    assert_eq!(answer.headers()["content-type"], "text/javascript");
    assert_eq!(answer.text().await.unwrap(), "brotli");
    booth.stop().await;
}

#[tokio::test]
async fn the_page_answers_its_own_addresses_and_no_others() {
    let dist = build();
    let folder = dist.path().to_str().unwrap();
    let booth = Booth::without_workers(&["--frontend-dir", folder]).await;
    for path in ["/", "/s/some-token", "/portrait/0123456789abcdef"] {
        let answer = booth.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(answer.headers()["cache-control"], "no-cache");
        assert_eq!(answer.text().await.unwrap(), INDEX);
    }
    for path in ["/gone-0123456789abcdef.js", "/api/none", "/media/none"] {
        expect_error(booth.get(path).await, 404, ErrorCode::NotFound).await;
    }
    let post = booth.client.post(booth.url("/portrait")).send().await;
    expect_error(post.unwrap(), 404, ErrorCode::NotFound).await;
    booth.stop().await;
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let dist = build();
    let folder = dist.path().to_str().unwrap();
    let booth = Booth::without_workers(&["--frontend-dir", folder]).await;
    for path in ["/", "/api/themes", "/api/none", "/photobooth/uploads/x"] {
        let answer = booth.get(path).await;
        let headers = answer.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"));
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        let permissions = headers["permissions-policy"].to_str().unwrap();
        assert!(permissions.contains("camera=(self)"));
        assert!(headers.contains_key("x-request-id"), "{path}");
    }
    booth.stop().await;
}

#[tokio::test]
async fn without_a_page_there_is_only_the_api() {
    let booth = Booth::without_workers(&[]).await;
    expect_error(booth.get("/").await, 404, ErrorCode::NotFound).await;
    assert_eq!(booth.get("/api/themes").await.status(), StatusCode::OK);
    booth.stop().await;
}
