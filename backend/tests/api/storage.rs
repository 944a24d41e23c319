//! The embedded storage over real HTTP: what a signature allows, and that nothing else is.

use super::booth::{Booth, expect_error};
use api::{ErrorCode, UploadTicket};
use futures_util::stream;
use reqwest::{Body, Method, StatusCode};
use std::fs;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PHOTO: &[u8] = b"ten bytes!";

#[tokio::test]
async fn a_signed_upload_arrives() {
    let booth = Booth::without_workers(&[]).await;
    let id = booth.uploaded("image/png", PHOTO.to_vec()).await;
    let key = format!("uploads/{id}");
    let head = booth.app.storage.head(&key).await.unwrap().unwrap();
    assert_eq!(head.bytes, 10);
    assert_eq!(head.content_type.as_deref(), Some("image/png"));
    let stored = booth.app.storage.get(&key).await.unwrap().unwrap();
    assert_eq!(&stored[..], PHOTO);
    booth.stop().await;
}

#[tokio::test]
async fn another_length_or_type_is_refused() {
    let booth = Booth::without_workers(&[]).await;
    let ticket = booth.ticket("image/png", PHOTO.len()).await;
    for body in [&b"nine byte"[..], b"eleven byte", &vec![0; 11 << 20]] {
        let answer = booth.upload(&ticket).body(body.to_vec()).send().await;
        // A server that refuses by the header alone may close before everything was sent.
        if let Ok(answer) = answer {
            assert_eq!(
                answer.status(),
                StatusCode::FORBIDDEN,
                "{} bytes",
                body.len()
            );
        }
    }
    for other in ["image/jpeg", "text/html"] {
        let put = booth.client.put(&ticket.upload_url);
        let put = put.header("content-type", other).body(PHOTO);
        assert_eq!(put.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    }
    let untyped = booth.client.put(&ticket.upload_url).body(PHOTO);
    assert!(untyped.send().await.unwrap().status().is_client_error());

    let pieces = stream::iter([Ok::<_, std::io::Error>(PHOTO)]);
    let chunked = booth.upload(&ticket).body(Body::wrap_stream(pieces));
    assert!(chunked.send().await.unwrap().status().is_client_error());
    assert_nothing_stored(&booth, &ticket).await;
    booth.stop().await;
}

#[tokio::test]
async fn a_signature_is_for_one_key_and_one_method() {
    let booth = Booth::without_workers(&[]).await;
    let ticket = booth.ticket("image/png", PHOTO.len()).await;
    let other = booth.ticket("image/png", PHOTO.len()).await;
    for (from, to) in [
        (ticket.photo_id.as_str(), other.photo_id.as_str()),
        ("/uploads/", "/results/"),
        ("X-Amz-Expires=600", "X-Amz-Expires=604800"),
    ] {
        assert!(ticket.upload_url.contains(from));
        let mut moved = ticket.clone();
        moved.upload_url = ticket.upload_url.replacen(from, to, 1);
        let answer = booth.upload(&moved).body(PHOTO).send().await.unwrap();
        assert!(
            answer.status().is_client_error(),
            "{to}: {}",
            answer.status()
        );
    }
    for method in [Method::GET, Method::DELETE, Method::HEAD, Method::POST] {
        let request = booth.client.request(method.clone(), &ticket.upload_url);
        let answer = request.body(PHOTO).send().await.unwrap();
        assert!(answer.status().is_client_error(), "{method}");
    }
    let (_, signed) = ticket.upload_url.split_once("/photobooth/").unwrap();
    for start in [
        "/photobooth/../",
        "/photobooth/%2e%2e/",
        "/photobooth/uploads/../../",
    ] {
        let status = booth
            .status_of_raw("PUT", &format!("{start}{signed}"))
            .await;
        assert!((400..500).contains(&status), "{start}: {status}");
    }
    assert_nothing_stored(&booth, &ticket).await;
    assert_nothing_stored(&booth, &other).await;
    booth.stop().await;
}

#[tokio::test]
async fn strangers_see_and_change_nothing() {
    let booth = Booth::without_workers(&[]).await;
    let id = booth.uploaded("image/png", PHOTO.to_vec()).await;
    let object = format!("/photobooth/uploads/{id}");
    for path in [
        object.as_str(),
        "/photobooth",
        "/photobooth/",
        "/photobooth/?list-type=2",
        "/photobooth/uploads/",
    ] {
        for method in [Method::GET, Method::PUT, Method::DELETE, Method::POST] {
            let request = booth.client.request(method.clone(), booth.url(path));
            let answer = request.body(PHOTO).send().await.unwrap();
            assert!(
                answer.status().is_client_error(),
                "{method} {path}: {}",
                answer.status()
            );
            let text = answer.text().await.unwrap();
            assert!(!text.contains(&format!("<Key>uploads/{id}")), "{text}");
        }
    }
    for path in [
        "/photobooth/../storage-credentials.json",
        "/photobooth/%2e%2e/storage-credentials.json",
        "/../data/storage-credentials.json",
        "/%2e%2e/storage-credentials.json",
    ] {
        let status = booth.status_of_raw("GET", path).await;
        assert!((400..500).contains(&status), "{path}: {status}");
    }
    assert!(booth.has_original(&id).await);
    booth.stop().await;
}

#[tokio::test]
async fn headers_outside_the_signature_do_nothing() {
    let booth = Booth::without_workers(&[]).await;
    let secret = booth.uploaded("image/png", PHOTO.to_vec()).await;
    let ticket = booth.ticket("image/png", PHOTO.len()).await;
    let source = format!("/photobooth/uploads/{secret}");
    let copy = booth.upload(&ticket).header("x-amz-copy-source", source);
    let answer = copy.body(PHOTO).send().await.unwrap();
    assert!(!answer.status().is_success());
    assert_nothing_stored(&booth, &ticket).await;

    let ticket = booth.ticket("image/png", PHOTO.len()).await;
    let put = booth
        .upload(&ticket)
        .header("content-disposition", "attachment; filename=evil.exe")
        .header("x-amz-meta-note", "kept?");
    assert!(put.body(PHOTO).send().await.unwrap().status().is_success());
    let host = booth.address.to_string().parse().unwrap();
    let key = format!("uploads/{}", ticket.photo_id);
    let storage = &booth.app.storage;
    let address = storage.presign_download(&key, None, Duration::from_secs(60), &host);
    let stored = booth
        .client
        .get(address.await.unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(stored.status(), StatusCode::OK);
    for name in ["content-disposition", "x-amz-meta-note"] {
        assert!(!stored.headers().contains_key(name), "{name}");
    }
    booth.stop().await;
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let data = tempfile::tempdir().unwrap();
    let booth = Booth::start(data.path(), &["--workers", "0"]).await;
    let ticket = booth.ticket("image/png", 100_000).await;
    let path = ticket
        .upload_url
        .split_once(&booth.address.to_string())
        .unwrap()
        .1;
    let mut line = TcpStream::connect(booth.address).await.unwrap();
    let head = format!(
        "PUT {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: image/png\r\ncontent-length: 100000\r\n\r\n",
        booth.address
    );
    line.write_all(head.as_bytes()).await.unwrap();
    line.write_all(&[7; 60_000]).await.unwrap();
    line.shutdown().await.unwrap();
    // The server's last word: it has given up by then.
    let mut rest = Vec::new();
    line.read_to_end(&mut rest).await.unwrap();
    assert!(!rest.starts_with(b"HTTP/1.1 200"));

    assert_nothing_stored(&booth, &ticket).await;
    let answer = booth.ask_for_portrait(&ticket.photo_id, "greek").await;
    expect_error(answer, 422, ErrorCode::PhotoNotUploaded).await;
    booth.stop().await;
    let left: Vec<_> = fs::read_dir(data.path().join("objects"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["photobooth"]);
}

#[tokio::test]
async fn deletion_leaves_no_trace() {
    let data = tempfile::tempdir().unwrap();
    let booth = Booth::start(data.path(), &["--workers", "0"]).await;
    let id = booth.uploaded("image/png", PHOTO.to_vec()).await;
    let objects = data.path().join("objects");
    assert!(fs::read_dir(&objects).unwrap().count() > 1);
    let key = format!("uploads/{id}");
    booth.app.storage.delete(&key).await.unwrap();
    booth.app.storage.delete(&key).await.unwrap();
    assert!(!booth.has_original(&id).await);
    assert_eq!(fs::read_dir(&objects).unwrap().count(), 1);
    booth.stop().await;
}

#[tokio::test]
async fn credentials_survive_a_restart_and_are_private() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("data");
    let booth = Booth::start(&data, &["--workers", "0"]).await;
    let id = booth.uploaded("image/png", PHOTO.to_vec()).await;
    booth.stop().await;
    let file = data.join("storage-credentials.json");
    let before = fs::read(&file).unwrap();
    #[cfg(unix)]
    for private in [&file, &data] {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(private).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
    let booth = Booth::start(&data, &["--workers", "0"]).await;
    assert_eq!(fs::read(&file).unwrap(), before);
    assert!(booth.has_original(&id).await);
    booth.stop().await;
}

async fn assert_nothing_stored(booth: &Booth, ticket: &UploadTicket) {
    assert!(!booth.has_original(&ticket.photo_id).await);
}
