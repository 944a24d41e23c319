//! API8, security misconfiguration: headers, errors, and lines that are no HTTP.

use super::STRANGER;
use crate::api::booth::Booth;
use reqwest::StatusCode;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

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
