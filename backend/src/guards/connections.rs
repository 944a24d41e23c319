//! Serves connections: so many at a time, and none that only sits there. `axum::serve` counts none and waits for ever.

use super::client::{Client, is_trusted};
use crate::app::AppState;
use axum::Router;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::SocketAddr;
use std::pin::pin;
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// What a connection may make us hold of what it sends: a head must fit, bodies pass through.
const MAX_BUFFER_BYTES: usize = 64 * 1024;

/// Serves until the process closes; then finishes what is being answered.
///
/// When all connections are taken, further ones wait in the kernel's queue, where they cost us nothing: a guest is
/// answered a moment later, and a load balancer does not take a busy process for a dead one. Nobody can keep them
/// waiting by sitting there, for idle connections are cut. A client who has its share already is closed at once:
/// waiting, it would keep others waiting behind it.
pub async fn serve(mut listener: TcpListener, routes: Router, app: AppState) {
    let seats = &app.guards.connections;
    let proxies = &app.config.limits.trusted_proxies;
    let open = TaskTracker::new();
    loop {
        let next = async {
            let place = seats.wait().await?;
            // axum's, which takes a rest when the system is out of files.
            Some((place, Listener::accept(&mut listener).await))
        };
        let next = tokio::select! {
            () = app.closing.cancelled() => None,
            next = next => next,
        };
        let Some((place, (stream, peer))) = next else {
            break;
        };
        let client = (!is_trusted(peer.ip(), proxies)).then(|| Client::at(peer.ip()));
        let Ok(seat) = seats.seat(place, client) else {
            tracing::debug!("a client has too many connections");
            continue;
        };
        let (app, routes) = (app.clone(), routes.clone());
        open.spawn(async move {
            attend(stream, peer, routes, &app).await;
            drop(seat);
        });
    }
    drop(listener);
    open.close();
    open.wait().await;
}

/// Answers one connection until it ends, is cut, or the process closes.
async fn attend(stream: TcpStream, peer: SocketAddr, routes: Router, app: &AppState) {
    let limits = &app.config.limits;
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.stall_limit()));
    let service = service_fn(move |mut request: http::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        routes.clone().oneshot(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.header_limit())
        .max_buf_size(MAX_BUFFER_BYTES);
    let mut connection = pin!(http.serve_connection(TokioIo::new(Box::pin(stream)), service));
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = app.closing.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        // Guests walk out of the network all the time.
        tracing::debug!("a connection ended early: {error}");
    }
}
