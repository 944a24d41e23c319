//! Which other sites' pages may use the API, and what browsers are told about connections.

use super::booth::{Booth, expect_error};
use api::ErrorCode;
use reqwest::{Method, Response, StatusCode};

const FRIEND: &str = "https://friend.example";

async fn ask(booth: &Booth, method: Method, path: &str, origin: &str) -> Response {
    let request = booth.client.request(method, booth.url(path));
    let request = request.header("origin", origin);
    let request = request.header("access-control-request-method", "PUT");
    let request = request.header("access-control-request-headers", "content-type");
    request.send().await.unwrap()
}

fn cors_headers(answer: &Response) -> Vec<&str> {
    let names = answer.headers().keys().map(|name| name.as_str());
    names
        .filter(|name| name.starts_with("access-control-"))
        .collect()
}

#[tokio::test]
async fn only_listed_sites_may_use_the_api() {
    let flags = ["--allowed-origins", FRIEND, "--reads-per-second", "1"];
    let booth = Booth::without_workers(&flags).await;
    for path in ["/api/process", "/api/themes", "/photobooth/uploads/x"] {
        let answer = ask(&booth, Method::OPTIONS, path, FRIEND).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let headers = answer.headers();
        assert_eq!(headers["access-control-allow-origin"], FRIEND);
        assert_eq!(
            headers["access-control-allow-methods"],
            "GET,POST,PUT,DELETE"
        );
        assert_eq!(
            headers["access-control-allow-headers"],
            "content-type,authorization,idempotency-key,traceparent"
        );
        assert!(!headers.contains_key("access-control-allow-credentials"));
        assert!(headers["vary"].to_str().unwrap().contains("origin"));
    }
    // Errors can be read as well.
    for path in ["/api/themes", "/api/none", "/api/themes", "/api/themes"] {
        let answer = ask(&booth, Method::GET, path, FRIEND).await;
        let headers = answer.headers();
        assert_eq!(headers["access-control-allow-origin"], FRIEND);
        assert_eq!(
            headers["access-control-expose-headers"],
            "retry-after,location,x-request-id"
        );
    }
    for origin in [
        "https://stranger.example",
        "https://friend.example.org",
        "https://friend.example:8443",
        "http://friend.example",
        "null",
    ] {
        for method in [Method::OPTIONS, Method::GET] {
            let answer = ask(&booth, method, "/api/themes", origin).await;
            let names = cors_headers(&answer);
            assert!(!names.contains(&"access-control-allow-origin"), "{origin}");
        }
    }
    booth.stop().await;
}

#[tokio::test]
async fn by_default_no_other_site_may() {
    let booth = Booth::without_workers(&[]).await;
    let answer = ask(&booth, Method::GET, "/api/themes", FRIEND).await;
    assert_eq!(cors_headers(&answer), Vec::<&str>::new());
    let answer = ask(&booth, Method::OPTIONS, "/api/themes", FRIEND).await;
    assert_eq!(cors_headers(&answer), Vec::<&str>::new());
    expect_error(answer, 405, ErrorCode::MethodNotAllowed).await;
    booth.stop().await;
}

#[tokio::test]
async fn browsers_stay_with_https_where_it_is_spoken() {
    let booth = Booth::without_workers(&["--public-scheme", "https"]).await;
    for path in ["/api/themes", "/api/none", "/photobooth/uploads/x"] {
        let answer = booth.get(path).await;
        let header = &answer.headers()["strict-transport-security"];
        assert_eq!(header, "max-age=31536000", "{path}");
    }
    booth.stop().await;
    let booth = Booth::without_workers(&[]).await;
    let answer = booth.get("/api/themes").await;
    assert!(!answer.headers().contains_key("strict-transport-security"));
    booth.stop().await;
}
