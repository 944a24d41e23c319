//! The OWASP API Security Top 10 (2023), line by line. What other files test already is named here, not repeated.
//!
//! - API1: `control.rs` and `share.rs` (another guest's secret), `storage.rs` (strangers, listings)
//! - API2: `control.rs` (missing, empty, foreign and cut secrets), `storage.rs` (signatures moved to other keys)
//! - API4: `limits.rs` and `connections.rs`; `tickets.rs` (sizes), `submit.rs` (queue); `portrait` (decode limits)
//! - API6: `limits.rs` (portraits a minute, for all processes together)
//! - API8: `frontend.rs` (headers of every answer), `cors.rs`
//! - API10: `journey.rs` (files that are not what they say)

mod authorization;
mod consumption;
mod inventory;
mod misconfiguration;
mod properties;
mod requests;

use super::booth::Booth;
use reqwest::{Method, Response};

const STRANGER: &str = "0b5f3a52-6a27-4c7e-9a57-7f0a6f0c1d2e";

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
