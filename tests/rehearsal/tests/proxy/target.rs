//! A target whose health and answers the test decides.

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::channel::{Channel, Sender};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

type Body = BoxBody<Bytes, Infallible>;

/// A server that ends, with its connections, when it is dropped.
pub struct Target {
    pub address: SocketAddr,
    /// What `/events` sends, one sender a request.
    pub streams: mpsc::UnboundedReceiver<Sender<Bytes, Infallible>>,
    /// What arrives at `/upload`, piece by piece.
    pub pieces: mpsc::UnboundedReceiver<Bytes>,
    inner: Arc<Inner>,
    _stopping: DropGuard,
}

struct Inner {
    name: String,
    is_well: AtomicBool,
    streams: mpsc::UnboundedSender<Sender<Bytes, Infallible>>,
    pieces: mpsc::UnboundedSender<Bytes>,
}

impl Target {
    pub async fn start(name: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (streams, streams_receiver) = mpsc::unbounded_channel();
        let (pieces, pieces_receiver) = mpsc::unbounded_channel();
        let inner = Arc::new(Inner {
            name: name.to_owned(),
            is_well: AtomicBool::new(true),
            streams,
            pieces,
        });
        let stopping = CancellationToken::new();
        let (answering, stopped) = (inner.clone(), stopping.clone());
        tokio::spawn(stopping.clone().run_until_cancelled_owned(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let inner = answering.clone();
                let service = service_fn(move |request| answer(inner.clone(), request));
                let serving = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                tokio::spawn(stopped.clone().run_until_cancelled_owned(serving));
            }
        }));
        Self {
            address,
            streams: streams_receiver,
            pieces: pieces_receiver,
            inner,
            _stopping: stopping.drop_guard(),
        }
    }

    pub fn set_well(&self, is_well: bool) {
        self.inner.is_well.store(is_well, Ordering::Relaxed);
    }
}

async fn answer(
    inner: Arc<Inner>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let path = request.uri().path().to_owned();
    Ok(match path.as_str() {
        "/health" if inner.is_well.load(Ordering::Relaxed) => say(200, "well"),
        "/health" => say(503, "ill"),
        "/api/events" => {
            let (sender, body) = Channel::new(8);
            inner.streams.send(sender).unwrap();
            Response::new(BodyExt::boxed(body))
        }
        "/api/upload" => {
            let mut body = request.into_body();
            while let Some(frame) = body.frame().await {
                let piece = frame.unwrap().into_data().unwrap();
                inner.pieces.send(piece).unwrap();
            }
            say(200, "taken")
        }
        "/api/broken" => say(500, "broken"),
        "/api/headers" => {
            let headers = request.headers();
            let of = |name: &str| headers.get(name).map_or("-", |it| it.to_str().unwrap());
            let text = [of("host"), of("x-forwarded-for"), of("te")].join(" ");
            say(200, &text)
        }
        _ => say(200, &inner.name),
    })
}

fn say(status: u16, text: &str) -> Response<Body> {
    let mut answer = Response::new(BodyExt::boxed(Full::new(Bytes::from(text.to_owned()))));
    *answer.status_mut() = StatusCode::from_u16(status).unwrap();
    answer
}
