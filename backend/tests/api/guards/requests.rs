//! API7 and API10: what is fetched for a guest, and what a guest's file is taken for.

use crate::api::booth::{Booth, expect_error};
use api::ErrorCode;
use reqwest::StatusCode;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn api7_server_side_request_forgery_no_address_of_a_guest_is_fetched() {
    let booth = Booth::without_workers(&[]).await;
    let bait = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    bait.set_nonblocking(true).unwrap();
    let host = bait.local_addr().unwrap().to_string();
    let url = format!("http://{host}/photo.png");

    let body = json!({ "fileName": url, "fileType": "image/png", "fileSize": 5 });
    let post = booth.client.post(booth.url("/api/upload/presigned"));
    // A guest who lies about our address gets one that does not work.
    let answer = post.json(&body).header("host", &host).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let photo = booth.uploaded("image/png", b"photo".to_vec()).await;
    for (photo_id, theme_id, code) in [
        (url.as_str(), "greek", ErrorCode::UnknownPhoto),
        (&photo, url.as_str(), ErrorCode::UnknownTheme),
    ] {
        let body = json!({ "photoId": photo_id, "themeId": theme_id, "callbackUrl": url, "imageUrl": url });
        let answer = booth.post("/api/process", &body).await;
        expect_error(answer, 404, code).await;
    }
    let body = json!({ "photoId": photo, "themeId": "greek", "callbackUrl": url, "imageUrl": url });
    let request = booth.client.post(booth.url("/api/process")).json(&body);
    let request = request.header("referer", &url).header("origin", &url);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::CREATED);
    booth.stop().await;
    let called = bait.accept().unwrap_err();
    assert_eq!(called.kind(), std::io::ErrorKind::WouldBlock);
}

#[tokio::test]
async fn api10_unsafe_consumption_a_file_is_never_served_as_what_it_is_not() {
    let booth = Booth::without_workers(&[]).await;
    let page = b"<html><script>alert(1)</script></html>".to_vec();
    let photo = booth.uploaded("image/png", page).await;
    let host = booth.address.to_string().parse().unwrap();
    let key = format!("uploads/{photo}");
    let minute = Duration::from_secs(60);
    let address = booth
        .app
        .storage
        .presign_download(&key, None, minute, &host);
    let answer = booth.client.get(address.await.unwrap()).send().await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    let policy = answer.headers()["content-security-policy"].to_str();
    assert!(policy.unwrap().contains("script-src 'self'"));
    // Nor by an address that asks for another type, which its signature does not cover.
    let moved = format!("{}&response-content-type=text/html", answer.url());
    let answer = booth.client.get(moved).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    booth.stop().await;
}
