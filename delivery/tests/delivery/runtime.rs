//! Lambda's Runtime API, for one event: hands it out and takes what the function answers.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use photobooth_cloud::now;
use serde_json::Value;
use std::future::pending;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// What a function answered: `response` or `error`, and the body.
pub type Answer = (String, Value);

pub struct Runtime {
    /// As `AWS_LAMBDA_RUNTIME_API` gives it.
    pub address: String,
    pub answers: Receiver<Answer>,
}

#[derive(Clone)]
struct Waiting {
    event: Arc<Mutex<Option<Value>>>,
    seconds: f64,
    answers: Sender<Answer>,
}

/// Opens it with an event that must be answered within these seconds.
pub async fn open(event: Value, seconds: f64) -> Runtime {
    let (sender, answers) = channel(4);
    let waiting = Waiting {
        event: Arc::new(Mutex::new(Some(event))),
        seconds,
        answers: sender,
    };
    let routes = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/{kind}", post(answer))
        .with_state(waiting);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(axum::serve(listener, routes).into_future());
    Runtime { address, answers }
}

/// Lambda freezes a function that has no event: this answer never comes.
async fn next(State(waiting): State<Waiting>) -> Response {
    let event = waiting.event.lock().unwrap().take();
    let Some(event) = event else {
        return pending().await;
    };
    let ends = ((now() + waiting.seconds) * 1_000.0) as u64;
    let headers = [
        ("lambda-runtime-aws-request-id", "one".to_owned()),
        ("lambda-runtime-deadline-ms", ends.to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-central-1:1:function:it".to_owned(),
        ),
    ];
    (headers, event.to_string()).into_response()
}

async fn answer(
    State(waiting): State<Waiting>,
    Path((id, kind)): Path<(String, String)>,
    body: Bytes,
) -> StatusCode {
    assert_eq!(id, "one");
    let body = serde_json::from_slice(&body).unwrap();
    waiting.answers.send((kind, body)).await.unwrap();
    StatusCode::ACCEPTED
}
