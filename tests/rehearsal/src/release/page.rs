//! What stands for the frontend's nginx: hands out the page's files and says that it is well.

use anyhow::{Result, ensure};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::future::IntoFuture;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A running server.
#[derive(Debug)]
pub struct Server {
    pub address: SocketAddr,
    stopping: CancellationToken,
    serving: JoinHandle<()>,
}

impl Server {
    /// Serves a folder on a free port.
    ///
    /// # Errors
    /// There is no page in it, or no port is free.
    pub async fn start(folder: &Path) -> Result<Self> {
        let has_page = folder.join("index.html").is_file();
        ensure!(
            has_page,
            "{} has no page; `cargo xtask frontend` builds it",
            folder.display()
        );
        let folder: Arc<Path> = folder.into();
        let routes = Router::new().fallback(answer).with_state(folder);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let stopping = CancellationToken::new();
        let stopped = stopping.clone().cancelled_owned();
        let serving = axum::serve(listener, routes).with_graceful_shutdown(stopped);
        let serving = tokio::spawn(async move {
            // It has no errors of its own.
            let _ = serving.into_future().await;
        });
        Ok(Self {
            address,
            stopping,
            serving,
        })
    }

    /// Finishes what it has, and ends.
    pub async fn end(self) {
        self.stopping.cancel();
        let _ = self.serving.await;
    }
}

async fn answer(State(folder): State<Arc<Path>>, uri: Uri) -> Response {
    if uri.path() == "/healthz" {
        return "ok".into_response();
    }
    let name = match uri.path().trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    let name = PathBuf::from(name);
    let is_below = name
        .components()
        .all(|it| matches!(it, Component::Normal(_)));
    match tokio::fs::read(folder.join(&name)).await {
        Ok(content) if is_below => {
            ([(header::CONTENT_TYPE, media_type(&name))], content).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn media_type(name: &Path) -> &'static str {
    let ending = name.extension().and_then(|it| it.to_str());
    match ending.unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript",
        "css" => "text/css",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
