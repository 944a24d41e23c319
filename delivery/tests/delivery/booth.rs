//! A booth that answers as it is told: what hooks see through its listeners.

use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// How the booth is, and what it noticed.
#[derive(Debug)]
pub struct Booth {
    pub release: &'static str,
    /// It does not say which release it is.
    pub is_old: bool,
    /// Who makes the next portraits; green when all of these are made.
    pub made_by_others: u32,
    /// So many of the next portraits fail.
    pub portraits_to_fail: u32,
    /// The theme and variant whose approved copy it hands out as its portrait.
    pub portrait: &'static str,
    pub storage: &'static str,
    /// Every so many requests it fails one.
    pub fails_every: Option<u32>,
    /// The page names a file that is not there.
    pub lacks_a_file: bool,
    pub requests: u32,
    pub portraits: u32,
    /// Orders that were deleted.
    pub deleted: u32,
    /// Requests that came with the header of tests, and its value.
    pub opened_by: Option<String>,
}

impl Default for Booth {
    fn default() -> Self {
        Self {
            release: "green",
            is_old: false,
            made_by_others: 0,
            portraits_to_fail: 0,
            portrait: "greek-sunset-terrace",
            storage: "up",
            fails_every: None,
            lacks_a_file: false,
            requests: 0,
            portraits: 0,
            deleted: 0,
            opened_by: None,
        }
    }
}

type Shared = State<Arc<Mutex<Booth>>>;

/// Opens it on a free port, and gives its address.
pub async fn open(booth: Arc<Mutex<Booth>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let own = address.clone();
    let ticket = move |Json(_): Json<Value>| async move {
        Json(json!({
            "photoId": "1", "uploadUrl": format!("{own}/storage/1"), "method": "PUT",
            "headers": { "content-type": "image/png" }, "expiresIn": 60,
        }))
    };
    let own = address.clone();
    let routes = Router::new()
        .route("/", get(page))
        .route("/api/health", get(health))
        .route("/api/themes", get(async || Json(json!([]))))
        .route("/api/upload/presigned", post(ticket))
        .route("/api/process", post(order))
        .route(
            "/api/process/{id}",
            get(move |state: Shared, id: Path<String>| job(state, id, own)).delete(delete),
        )
        .route("/storage/{key}", put(upload).get(portrait))
        .route("/{file}", get(file))
        .layer(from_fn_with_state(Arc::clone(&booth), notice))
        .with_state(booth);
    tokio::spawn(axum::serve(listener, routes).into_future());
    address
}

async fn notice(
    State(booth): Shared,
    headers: HeaderMap,
    request: Request,
    next: Next,
) -> Response {
    // As the firewall's common rules do.
    if !headers.contains_key(header::USER_AGENT) {
        return StatusCode::FORBIDDEN.into_response();
    }
    {
        let mut booth = booth.lock().unwrap();
        booth.requests += 1;
        if let Some(secret) = headers.get("x-photobooth-test") {
            booth.opened_by = Some(secret.to_str().unwrap().to_owned());
        }
        if booth
            .fails_every
            .is_some_and(|every| booth.requests.is_multiple_of(every))
        {
            return (StatusCode::INTERNAL_SERVER_ERROR, "out of order").into_response();
        }
    }
    next.run(request).await
}

async fn health(State(booth): Shared) -> Json<Value> {
    let booth = booth.lock().unwrap();
    let mut health = json!({
        "status": if booth.storage == "up" { "healthy" } else { "unhealthy" },
        "release": booth.release,
        "database": { "state": "up" },
        "storage": { "state": booth.storage, "detail": "does not answer in time" },
        "models": { "state": "up" },
        "queue": { "queued": 3, "processing": 1, "limit": 100 },
    });
    if booth.is_old {
        health.as_object_mut().unwrap().remove("release");
    }
    Json(health)
}

async fn upload(body: Bytes) -> StatusCode {
    assert!(body.starts_with(b"\x89PNG"));
    StatusCode::OK
}

async fn order(Json(wish): Json<Value>) -> (StatusCode, Json<Value>) {
    assert_eq!(wish["themeId"], "greek");
    let order = json!({ "id": "1", "status": "queued", "ownerSecret": "mine" });
    (StatusCode::CREATED, Json(order))
}

async fn job(State(booth): Shared, Path(id): Path<String>, address: String) -> Json<Value> {
    let mut booth = booth.lock().unwrap();
    booth.portraits += 1;
    if booth.portraits_to_fail > 0 {
        booth.portraits_to_fail -= 1;
        return Json(json!({
            "id": id, "status": "failed", "themeId": "greek", "variantId": "any", "progress": 0.5,
            "error": { "code": "INTERNAL", "message": "it broke", "hint": "again" },
        }));
    }
    let is_green = booth.portraits > booth.made_by_others;
    let url = format!("{address}/storage/{id}");
    Json(json!({
        "id": id, "status": "completed", "themeId": "greek", "variantId": "any", "progress": 1.0,
        "release": if is_green { booth.release } else { "blue" },
        "result": {
            "url": url, "downloadUrl": url, "expiresIn": 60, "contentType": "image/png",
            "width": 120, "height": 160, "bytes": 1, "faces": 1,
        },
    }))
}

async fn delete(State(booth): Shared, headers: HeaderMap) -> Json<Value> {
    assert_eq!(headers[header::AUTHORIZATION], "Bearer mine");
    booth.lock().unwrap().deleted += 1;
    Json(json!({ "id": "1", "deleted": true }))
}

async fn portrait(State(booth): Shared) -> Vec<u8> {
    let variant = booth.lock().unwrap().portrait;
    let golden = format!(
        "{}/../portrait/tests/golden/{variant}.png",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read(golden).unwrap()
}

async fn page(State(booth): Shared) -> Response {
    let lost = if booth.lock().unwrap().lacks_a_file {
        r#"<link href="/lost.css">"#
    } else {
        ""
    };
    let page = format!(
        r#"<!doctype html><link rel="stylesheet" href="/a.css"/>{lost}<script src="/b.js"></script>
           <link rel="preload" href="/c.wasm">"#
    );
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

async fn file(Path(file): Path<String>) -> Response {
    if file.starts_with("lost") {
        return StatusCode::NOT_FOUND.into_response();
    }
    (
        [(header::CONTENT_TYPE, "application/octet-stream")],
        "content",
    )
        .into_response()
}
