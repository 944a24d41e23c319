//! The description that programs read, and the page that shows it.

use super::booth::{Booth, expect_error};
use api::ErrorCode;
use reqwest::StatusCode;
use serde_json::Value;

#[tokio::test]
async fn the_description_names_every_call_and_every_error_code() {
    let booth = Booth::without_workers(&[]).await;
    let description: Value = booth.get("/api/openapi.json").await.json().await.unwrap();
    let paths: Vec<&String> = description["paths"].as_object().unwrap().keys().collect();
    let expected = [
        "/api/health",
        "/api/health/live",
        "/api/health/ready",
        "/api/process",
        "/api/process/{id}",
        "/api/process/{id}/cancel",
        "/api/process/{id}/events",
        "/api/process/{id}/share",
        "/api/share/{token}",
        "/api/share/{token}/download",
        "/api/share/{token}/portrait",
        "/api/themes",
        "/api/themes/{id}",
        "/api/upload/presigned",
    ];
    assert_eq!(paths, expected);
    let codes = description["components"]["schemas"]["ErrorCode"]["enum"].clone();
    let codes: Vec<ErrorCode> = serde_json::from_value(codes).unwrap();
    assert_eq!(codes, ErrorCode::ALL);
    booth.stop().await;
}

#[tokio::test]
async fn the_page_that_shows_it_comes_with_the_backend() {
    let booth = Booth::without_workers(&[]).await;
    let page = booth.get("/api/docs").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(page.url().path(), "/api/docs/");
    assert_eq!(page.headers()["content-type"], "text/html");
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'self'"), "{policy}");
    assert!(page.text().await.unwrap().contains("swagger-ui"));
    let start = booth.get("/api/docs/swagger-initializer.js").await;
    assert!(start.text().await.unwrap().contains("/api/openapi.json"));
    let none = booth.get("/api/docs/none.js").await;
    expect_error(none, 404, ErrorCode::NotFound).await;
    booth.stop().await;
}
