//! Lambda's Runtime API, as far as one function needs it for one event: the program asks for it, and answers.

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use photobooth_cloud::now;
use serde_json::Value;
use std::future::{IntoFuture, pending};
use std::net::Ipv4Addr;
use std::path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_util::sync::CancellationToken;

/// One call of a function.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// `bootstrap`.
    pub program: &'a path::Path,
    /// All that the program finds in its environment, besides what Lambda puts there.
    pub environment: Vec<(String, String)>,
    pub event: Value,
    /// After which Lambda ends the program.
    pub limit: Duration,
}

/// What a function answered: its result, or its error.
#[derive(Clone, Debug)]
pub struct Answer {
    pub is_error: bool,
    pub body: Value,
}

#[derive(Clone)]
struct Waiting {
    event: Arc<Mutex<Option<Value>>>,
    limit: Duration,
    answers: Sender<Answer>,
}

/// Starts the program and hands it the event; it ends when it has answered.
///
/// # Errors
/// It cannot be started, ends by itself, or does not answer in time.
pub async fn invoke(call: Call<'_>) -> Result<Answer> {
    let stopping = CancellationToken::new();
    let _stopping = stopping.clone().drop_guard();
    let (address, mut answers) = open(&call, stopping).await?;
    let mut command = Command::new(call.program);
    let mut process = command
        .env_clear()
        .envs(call.environment)
        .env("AWS_LAMBDA_RUNTIME_API", address)
        .env("AWS_LAMBDA_FUNCTION_NAME", "function")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        // What it logs is in the way of the timeline; what it found is in its answer.
        .env("DELIVERY_LOG", "error")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot start {}", call.program.display()))?;
    let answer = tokio::select! {
        answer = answers.recv() => answer.context("the Runtime API is gone")?,
        ended = process.wait() => bail!("the function ended without an answer: {}", ended?),
        () = tokio::time::sleep(call.limit) => bail!("Lambda ended the function after {:?}", call.limit),
    };
    process.kill().await?;
    Ok(answer)
}

async fn open(call: &Call<'_>, stopping: CancellationToken) -> Result<(String, Receiver<Answer>)> {
    let (sender, answers) = channel(1);
    let waiting = Waiting {
        event: Arc::new(Mutex::new(Some(call.event.clone()))),
        limit: call.limit,
        answers: sender,
    };
    let routes = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/{kind}", post(take))
        .with_state(waiting);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?.to_string();
    let serving = axum::serve(listener, routes).into_future();
    tokio::spawn(stopping.run_until_cancelled_owned(serving));
    Ok((address, answers))
}

/// Lambda freezes a function that has no event: a second answer never comes.
async fn next(State(waiting): State<Waiting>) -> Response {
    let event = waiting.event.lock();
    let event = event.unwrap_or_else(PoisonError::into_inner).take();
    let Some(event) = event else {
        return pending().await;
    };
    let ends_ms = (now() + waiting.limit.as_secs_f64()) * 1_000.0;
    let arn = "arn:aws:lambda:eu-central-1:123456789012:function:function";
    let headers = [
        ("lambda-runtime-aws-request-id", "one".to_owned()),
        ("lambda-runtime-deadline-ms", format!("{ends_ms:.0}")),
        ("lambda-runtime-invoked-function-arn", arn.to_owned()),
    ];
    (headers, event.to_string()).into_response()
}

async fn take(
    State(waiting): State<Waiting>,
    Path((_, kind)): Path<(String, String)>,
    body: Bytes,
) -> StatusCode {
    let text = || Value::String(String::from_utf8_lossy(&body).into_owned());
    let answer = Answer {
        is_error: kind == "error",
        body: serde_json::from_slice(&body).unwrap_or_else(|_| text()),
    };
    // Whoever waited may have given up.
    let _ = waiting.answers.send(answer).await;
    StatusCode::ACCEPTED
}
