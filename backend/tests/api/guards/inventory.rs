//! API9, improper inventory management: the table of every route, and the router held to it.

use super::send;
use crate::api::booth::{Booth, expect_error};
use api::ErrorCode;
use reqwest::Method;
use std::collections::{BTreeMap, BTreeSet};

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

#[tokio::test]
async fn api9_inventory_every_route_is_known_and_takes_its_methods_only() {
    let source = include_str!("../../../src/router.rs");
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
