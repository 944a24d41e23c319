//! The OWASP API Security Top 10 (2023), line by line. What other files test already is named here, not repeated.
//!
//! - API1: `control.rs` and `share.rs` (another guest's secret), `storage.rs` (strangers, listings)
//! - API2: `control.rs` (missing, empty, foreign and cut secrets), `storage.rs` (signatures moved to other keys)
//! - API4: `limits.rs` and `connections.rs`; `tickets.rs` (sizes), `submit.rs` (queue); `portrait` (decode limits)
//! - API6: `limits.rs` (portraits a minute, for all processes together)
//! - API8: `frontend.rs` (headers of every answer), `cors.rs`
//! - API10: `journey.rs` (files that are not what they say)

use super::booth::{Booth, expect_error};
use api::{ErrorCode, UploadTicket};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const STRANGER: &str = "0b5f3a52-6a27-4c7e-9a57-7f0a6f0c1d2e";

/// Every address of `router.rs`, as it stands there: one that is in use, and the methods that it takes.
fn routes() -> BTreeMap<&'static str, (&'static str, &'static [Method])> {
    const READ: &[Method] = &[Method::GET];
    const SEND: &[Method] = &[Method::POST];
    const OBJECT: &[Method] = &[Method::GET, Method::PUT];
    BTreeMap::from([
        ("/api/health", ("/api/health", READ)),
        ("/api/health/live", ("/api/health/live", READ)),
        ("/api/health/ready", ("/api/health/ready", READ)),
        ("/api/themes", ("/api/themes", READ)),
        ("/api/themes/{id}", ("/api/themes/greek", READ)),
        ("/api/upload/presigned", ("/api/upload/presigned", SEND)),
        ("/api/process", ("/api/process", SEND)),
        (
            "/api/process/{id}",
            ("/api/process/x", &[Method::GET, Method::DELETE]),
        ),
        ("/api/process/{id}/cancel", ("/api/process/x/cancel", SEND)),
        ("/api/process/{id}/events", ("/api/process/x/events", READ)),
        ("/api/process/{id}/share", ("/api/process/x/share", SEND)),
        ("/api/share/{token}", ("/api/share/x", READ)),
        (
            "/api/share/{token}/portrait",
            ("/api/share/x/portrait", READ),
        ),
        (
            "/api/share/{token}/download",
            ("/api/share/x/download", READ),
        ),
        ("/api/openapi.json", ("/api/openapi.json", READ)),
        ("/api/docs", ("/api/docs", READ)),
        ("/api/docs/", ("/api/docs/", READ)),
        ("/api/docs/{file}", ("/api/docs/index.html", READ)),
        (
            "/media/themes/{theme}/{file}",
            ("/media/themes/greek/x.jpg", READ),
        ),
        ("/{name}", ("/photobooth", OBJECT)),
        ("/{name}/", ("/photobooth/", OBJECT)),
        ("/{name}/{{*key}}", ("/photobooth/uploads/x", OBJECT)),
    ])
}

async fn send(booth: &Booth, method: &Method, path: &str) -> Response {
    let request = booth.client.request(method.clone(), booth.url(path));
    request.send().await.unwrap()
}

/// The columns of a photo's row that are nobody's business, as text.
async fn internals(booth: &Booth, id: &str) -> (String, i64, Option<String>) {
    sqlx::query_as("SELECT status, attempts, owner_secret_sha256 FROM photos WHERE id = $1")
        .bind(id)
        .fetch_one(&booth.app.db.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn api1_object_level_authorization_ids_cannot_be_guessed() {
    let booth = Booth::without_workers(&[]).await;
    let mut ids = BTreeSet::new();
    for _ in 0..50 {
        ids.insert(booth.ticket("image/png", 9).await.photo_id);
    }
    assert_eq!(ids.len(), 50);
    // Random, so the first digits already differ; not counted up, nor made of the time.
    let beginnings: BTreeSet<&str> = ids.iter().map(|id| &id[..8]).collect();
    assert!(beginnings.len() >= 49);
    assert!(ids.iter().all(|id| id.as_bytes()[14] == b'4'));
    booth.stop().await;
}

#[tokio::test]
async fn api2_broken_authentication_nothing_but_the_secret_will_do() {
    let booth = Booth::without_workers(&[]).await;
    let job = booth.submitted("image/png", b"photo".to_vec()).await;
    let secret = &job.owner_secret;
    let (_, _, hash) = internals(&booth, &job.id).await;
    let path = booth.url(&format!("/api/process/{}", job.id));
    for wrong in [
        // What somebody has who reads the database, or the address.
        hash.unwrap(),
        job.id.clone(),
        secret.to_uppercase(),
        format!("{secret}="),
        format!("{secret},{secret}"),
        "null".to_owned(),
    ] {
        let request = booth.client.delete(&path).bearer_auth(&wrong);
        let answer = request.send().await.unwrap();
        expect_error(answer, 403, ErrorCode::WrongSecret).await;
    }
    for (name, value) in [
        ("authorization", format!("Basic {secret}")),
        ("authorization", secret.clone()),
        ("cookie", format!("secret={secret}")),
        ("x-owner-secret", secret.clone()),
    ] {
        let request = booth.client.delete(&path).header(name, value);
        let answer = request.send().await.unwrap();
        expect_error(answer, 401, ErrorCode::MissingSecret).await;
    }
    let in_the_address = format!("{path}?secret={secret}&access_token={secret}");
    let answer = booth.client.delete(in_the_address).send().await.unwrap();
    expect_error(answer, 401, ErrorCode::MissingSecret).await;
    booth.stop().await;
}

#[tokio::test]
async fn api3_property_level_authorization_extra_fields_do_nothing() {
    let booth = Booth::without_workers(&[]).await;
    let extra = json!({
        "id": STRANGER, "photoId": STRANGER, "key": "results/x.png", "status": "completed",
        "expiresIn": 604_800, "createdAtMs": 0, "ownerSecret": "mine", "bucket": "other",
    });
    let mut body = json!({ "fileName": "me", "fileType": "image/png", "fileSize": 5 });
    merge(&mut body, &extra);
    let answer = booth.post("/api/upload/presigned", &body).await;
    let ticket: UploadTicket = answer.json().await.unwrap();
    assert_ne!(ticket.photo_id, STRANGER);
    assert!(ticket.expires_in <= 900);
    assert!(ticket.upload_url.contains("/photobooth/uploads/"));
    let (status, _, _) = internals(&booth, &ticket.photo_id).await;
    assert_eq!(status, "ticketed");
    let upload = booth.upload(&ticket).body(b"photo".as_slice());
    assert!(upload.send().await.unwrap().status().is_success());

    let mut body = json!({
        "status": "completed", "progress": 1, "attempts": -9, "queuedAtMs": 0, "ownerSecret": "mine",
        "owner_secret_sha256": "0".repeat(64), "leaseOwner": "me", "resultType": "text/html",
    });
    merge(
        &mut body,
        &json!({ "photoId": ticket.photo_id, "themeId": "greek" }),
    );
    let answer = booth.post("/api/process", &body).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    let answer: Value = answer.json().await.unwrap();
    assert_ne!(answer["ownerSecret"], "mine");
    let (status, attempts, hash) = internals(&booth, &ticket.photo_id).await;
    assert_eq!((status.as_str(), attempts), ("queued", 0));
    assert_ne!(hash.unwrap(), "0".repeat(64));
    booth.stop().await;
}

fn merge(body: &mut Value, extra: &Value) {
    let body = body.as_object_mut().unwrap();
    for (name, value) in extra.as_object().unwrap() {
        body.insert(name.clone(), value.clone());
    }
}

#[tokio::test]
async fn api3_property_level_authorization_internal_fields_are_never_shown() {
    const KNOWN: [&str; 10] = [
        "id",
        "status",
        "themeId",
        "variantId",
        "stage",
        "progress",
        "queuePosition",
        "etaSeconds",
        "result",
        "error",
    ];
    let booth = Booth::without_workers(&[]).await;
    let job = booth.submitted("image/png", b"photo".to_vec()).await;
    for status in ["queued", "processing", "failed"] {
        sqlx::query(
            "UPDATE photos SET status = $1, error_detail = 'INTERNAL-1', lease_owner = 'INTERNAL-2', attempts = 987654321,
                 idempotency_salt = 'INTERNAL-3', error_code = 'RENDER_FAILED', finished_at_ms = 1 WHERE id = $2",
        )
        .bind(status)
        .bind(&job.id)
        .execute(&booth.app.db.pool)
        .await
        .unwrap();
        let (_, _, hash) = internals(&booth, &job.id).await;
        let path = format!("/api/process/{}", job.id);
        let mut texts = vec![booth.get(&path).await.text().await.unwrap()];
        let seen: Value = serde_json::from_str(&texts[0]).unwrap();
        for name in seen.as_object().unwrap().keys() {
            assert!(KNOWN.contains(&name.as_str()), "{name}");
        }
        if status == "failed" {
            let events = booth.get(&format!("{path}/events")).await;
            texts.push(events.text().await.unwrap());
            let cancel = booth.client.post(booth.url(&format!("{path}/cancel")));
            let cancel = cancel.bearer_auth(&job.owner_secret).send().await.unwrap();
            texts.push(cancel.text().await.unwrap());
        }
        for text in texts {
            for internal in ["INTERNAL-", "987654321", &hash.clone().unwrap(), "photos"] {
                assert!(!text.contains(internal), "{text}");
            }
        }
    }
    booth.stop().await;
}

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

#[tokio::test]
async fn api5_function_level_authorization_nothing_of_the_operators_is_public() {
    let booth = Booth::without_workers(&[]).await;
    for path in [
        "/metrics",
        "/admin",
        "/internal",
        "/debug/pprof",
        "/actuator/env",
        "/server-status",
        "/.env",
        "/.git/config",
        "/api/metrics",
        "/api/admin",
        "/api/internal",
        "/api/config",
        "/api/jobs",
        "/api/photos",
        "/api/workers",
        "/api/process/",
        "/api/upload",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let answer = send(&booth, &method, path).await;
            expect_error(answer, 404, ErrorCode::NotFound).await;
        }
    }
    // Nor by asking in another's name.
    for (name, value) in [
        ("x-http-method-override", "DELETE"),
        ("x-original-url", "/admin"),
        ("x-forwarded-host", "internal"),
    ] {
        let request = booth.client.get(booth.url("/api/themes"));
        let answer = request.header(name, value).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{name}");
    }
    booth.stop().await;
}

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
async fn api8_misconfiguration_headers_are_complete_and_tell_nothing() {
    let booth = Booth::without_workers(&[]).await;
    for path in ["/api/themes", "/api/none", "/photobooth/uploads/x", "/"] {
        let answer = booth.get(path).await;
        let headers = answer.headers();
        for name in ["cross-origin-opener-policy", "cross-origin-resource-policy"] {
            assert_eq!(headers[name], "same-origin", "{path}");
        }
        assert_eq!(headers["x-frame-options"], "DENY");
        for name in ["server", "x-powered-by", "via", "set-cookie"] {
            assert!(!headers.contains_key(name), "{path}: {name}");
        }
    }
    booth.stop().await;
}

#[tokio::test]
async fn api8_misconfiguration_errors_hold_no_internal_text() {
    let data = tempfile::tempdir().unwrap();
    let booth = Booth::start(data.path(), &["--workers", "0"]).await;
    let ticket = booth.ticket("image/png", 5).await;
    let unsigned = ticket.upload_url.replace("X-Amz-Signature=", "X-Amz-S=");
    let forged = ticket
        .upload_url
        .replace("X-Amz-Signature=", "X-Amz-Signature=0");
    let host = booth.address.to_string().parse().unwrap();
    let minute = Duration::from_secs(60);
    let storage = &booth.app.storage;
    let missing = storage.presign_download("results/none", None, minute, &host);
    let mut answers = vec![
        booth.client.get(missing.await.unwrap()).send().await,
        booth.client.put(unsigned).body("photo").send().await,
        booth.client.put(forged).body("photo").send().await,
    ];
    for path in [
        "/api/process/%00",
        "/api/themes/%ff",
        "/photobooth/%2e%2e/x",
    ] {
        answers.push(booth.client.get(booth.url(path)).send().await);
    }
    // A database without its tables is the worst that it can answer.
    for table in ["shares", "photos"] {
        let statement = sqlx::AssertSqlSafe(format!("DROP TABLE {table}"));
        sqlx::query(statement)
            .execute(&booth.app.db.pool)
            .await
            .unwrap();
    }
    let broken = booth.get(&format!("/api/process/{STRANGER}")).await;
    assert_eq!(broken.status(), StatusCode::INTERNAL_SERVER_ERROR);
    answers.push(Ok(broken));
    let folder = data.path().to_str().unwrap();
    for answer in answers.into_iter().map(Result::unwrap) {
        let status = answer.status();
        assert!(status.is_client_error() || status == 500, "{status}");
        let text = answer.text().await.unwrap();
        for internal in [
            folder, ".rs", "sqlx", "SELECT", "photos", "panick", "objects/",
        ] {
            assert!(!text.contains(internal), "{internal}: {text}");
        }
    }
    booth.stop().await;
}

#[tokio::test]
async fn api8_misconfiguration_nonsense_on_the_line_is_refused() {
    let booth = Booth::without_workers(&[]).await;
    for nonsense in [
        "\x16\x03\x01\x02\x00\x01\x00\x01",
        "GET / HTTP/9.9\r\n\r\n",
        "GET /api/themes HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        "POST /api/process HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\nzzz\r\n\r\n",
        "GET /api/themes HTTP/1.1\r\nhost : a\r\n\r\n",
        "CONNECT example.org:443 HTTP/1.1\r\nhost: example.org:443\r\n\r\n",
        "GET http://example.org/ HTTP/1.1\r\nhost: example.org\r\nconnection: close\r\n\r\n",
    ] {
        let mut line = TcpStream::connect(booth.address).await.unwrap();
        line.write_all(nonsense.as_bytes()).await.unwrap();
        line.shutdown().await.unwrap();
        let mut answer = String::new();
        // Ends in an error where the connection was reset.
        let _ = line.read_to_string(&mut answer).await;
        let status = answer.split(' ').nth(1).unwrap_or("closed");
        assert!(
            status.starts_with('4') || status == "closed",
            "{nonsense}: {answer}"
        );
    }
    booth.stop().await;
}

#[tokio::test]
async fn api9_inventory_every_route_is_known_and_takes_its_methods_only() {
    let source = include_str!("../../src/router.rs");
    let written: BTreeSet<&str> = source
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|text| text.starts_with('/'))
        .collect();
    let known: BTreeSet<&str> = routes().into_keys().collect();
    assert_eq!(written, known, "a new route belongs into this table");

    let booth = Booth::without_workers(&[]).await;
    for (path, methods) in routes().into_values() {
        for method in [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
            Method::TRACE,
        ] {
            let answer = send(&booth, &method, path).await;
            if methods.contains(&method) {
                assert_ne!(answer.status(), 405, "{method} {path}");
            } else {
                assert_eq!(answer.status(), 405, "{method} {path}");
                expect_error(answer, 405, ErrorCode::MethodNotAllowed).await;
            }
        }
    }
    booth.stop().await;
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
