//! The description that programs read, and the page that shows it.

use super::booth::{Booth, expect_error};
use api::ErrorCode;
use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
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
async fn whoever_may_be_told_to_come_back_finds_it_described() {
    let flags = ["--reads-per-second", "1", "--presigned-per-second", "1"];
    let booth = Booth::without_workers(&flags).await;
    let description: Value = booth.get("/api/openapi.json").await.json().await.unwrap();
    for (path, calls) in description["paths"].as_object().unwrap() {
        for (method, call) in calls.as_object().unwrap() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let url = booth.url(&path.replace("{id}", "x"));
            let ask = || booth.client.request(method.clone(), &url).send();
            let answers = join_all((0..20).map(|_| ask())).await;
            let mut answers = answers.into_iter().map(Result::unwrap);
            let refused = answers.find(|it| it.status() == StatusCode::TOO_MANY_REQUESTS);
            let described = &call["responses"]["429"];
            assert_eq!(described.is_object(), refused.is_some(), "{method} {path}");
            let Some(refused) = refused else { continue };
            let names = described["headers"].as_object().unwrap().keys();
            assert!(names.eq(["retry-after"]), "{method} {path}");
            let seconds = refused.headers()["retry-after"].to_str().unwrap();
            assert!(seconds.parse::<u64>().unwrap() >= 1);
            if let Some(unavailable) = call["responses"].get("503") {
                let headers = unavailable["headers"].as_object().unwrap();
                assert!(headers.contains_key("retry-after"), "{method} {path}");
            }
        }
    }
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
