//! Who may do what: API1 (objects), API2 (authentication), API5 (functions).

use super::{internals, send};
use crate::api::booth::{Booth, expect_error};
use api::ErrorCode;
use reqwest::{Method, StatusCode};
use std::collections::BTreeSet;

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
