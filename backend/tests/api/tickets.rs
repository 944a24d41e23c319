//! `POST /api/upload/presigned`: who gets a ticket, and for what.

use super::booth::{Booth, expect_error};
use api::{ErrorCode, MAX_UPLOAD_BYTES, UploadTicket};
use reqwest::StatusCode;
use serde_json::{Value, json};

const PATH: &str = "/api/upload/presigned";

fn request(name: &str, media_type: &str, bytes: u64) -> Value {
    json!({ "fileName": name, "fileType": media_type, "fileSize": bytes })
}

#[tokio::test]
async fn a_ticket_names_the_host_that_the_guest_used() {
    let booth = Booth::without_workers(&[]).await;
    let body = request("me.jpg", "image/jpeg", MAX_UPLOAD_BYTES);
    let on_the_lan = booth.client.post(booth.url(PATH)).json(&body);
    let answer = on_the_lan.header("host", "192.168.7.20:3000").send().await;
    let ticket: UploadTicket = answer.unwrap().json().await.unwrap();
    let place = format!(
        "http://192.168.7.20:3000/photobooth/uploads/{}?",
        ticket.photo_id
    );
    assert!(
        ticket.upload_url.starts_with(&place),
        "{}",
        ticket.upload_url
    );
    assert_eq!(ticket.method, "PUT");
    assert_eq!(ticket.headers["content-type"], "image/jpeg");
    assert!(ticket.expires_in <= 900);
    booth.stop().await;
}

#[tokio::test]
async fn announcements_that_cannot_be_photos_are_refused() {
    let booth = Booth::without_workers(&[]).await;
    for (body, status, code) in [
        (
            request("me.gif", "image/gif", 9),
            415,
            ErrorCode::UnsupportedMediaType,
        ),
        (
            request("me.svg", "image/svg+xml", 9),
            415,
            ErrorCode::UnsupportedMediaType,
        ),
        (
            request("me.jpg", "text/html", 9),
            415,
            ErrorCode::UnsupportedMediaType,
        ),
        (
            request("me.jpg", "image/jpeg", 11 << 20),
            413,
            ErrorCode::FileTooLarge,
        ),
        (
            request("me.jpg", "image/jpeg", MAX_UPLOAD_BYTES + 1),
            413,
            ErrorCode::FileTooLarge,
        ),
        (
            request("me.jpg", "image/jpeg", 0),
            422,
            ErrorCode::InvalidRequest,
        ),
        (
            request("me.png", "image/jpeg", 9),
            422,
            ErrorCode::InvalidRequest,
        ),
        (
            json!({ "fileName": "me.jpg", "fileType": "image/jpeg" }),
            422,
            ErrorCode::InvalidRequest,
        ),
        (
            json!({ "fileName": "me.jpg", "fileType": "image/jpeg", "fileSize": -1 }),
            422,
            ErrorCode::InvalidRequest,
        ),
        (json!([1, 2, 3]), 422, ErrorCode::InvalidRequest),
        (
            json!({ "fileName": "x".repeat(20_000) }),
            413,
            ErrorCode::InvalidRequest,
        ),
    ] {
        expect_error(booth.post(PATH, &body).await, status, code).await;
    }
    booth.stop().await;
}

#[tokio::test]
async fn bodies_that_are_not_json_are_refused() {
    let booth = Booth::without_workers(&[]).await;
    let post = || booth.client.post(booth.url(PATH));
    let broken = post().header("content-type", "application/json").body("{");
    let answer = broken.send().await.unwrap();
    expect_error(answer, 400, ErrorCode::InvalidRequest).await;
    let plain = post().header("content-type", "text/plain").body("{}");
    let answer = plain.send().await.unwrap();
    expect_error(answer, 415, ErrorCode::InvalidRequest).await;
    booth.stop().await;
}

#[tokio::test]
async fn other_methods_and_addresses_get_json_too() {
    let booth = Booth::without_workers(&[]).await;
    expect_error(booth.get(PATH).await, 405, ErrorCode::MethodNotAllowed).await;
    expect_error(
        booth.get("/api/process").await,
        405,
        ErrorCode::MethodNotAllowed,
    )
    .await;
    let deletion = booth.client.delete(booth.url("/photobooth/uploads/x"));
    let answer = deletion.send().await.unwrap();
    expect_error(answer, 405, ErrorCode::MethodNotAllowed).await;
    expect_error(booth.get("/api/").await, 404, ErrorCode::NotFound).await;
    expect_error(booth.get("/api/photos").await, 404, ErrorCode::NotFound).await;
    let deletion = booth.client.delete(booth.url("/api/themes")).send().await;
    let answer = deletion.unwrap();
    assert!(answer.headers()["allow"].to_str().unwrap().contains("GET"));
    expect_error(answer, 405, ErrorCode::MethodNotAllowed).await;
    let head = booth.client.head(booth.url("/api/themes")).send().await;
    assert_eq!(head.unwrap().status(), StatusCode::OK);
    booth.stop().await;
}
