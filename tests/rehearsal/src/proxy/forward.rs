//! One request's way: by the rules to a group, by turns to a target, and the answer back.

use super::body::{Cause, Tracked};
use super::routing::{Route, Routes};
use super::settings::Listener;
use super::tally::{Ending, Sample, Tally};
use super::targets::{Groups, Lease};
use bytes::Bytes;
use http::header::{
    CONNECTION, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE,
    TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use http::{Request, Response, StatusCode, Uri, Version};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// What is between two neighbours alone.
const HOP_BY_HOP: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

pub type Body = BoxBody<Bytes, Cause>;

/// What the two listeners share.
pub struct Forwarder {
    pub production: Mutex<Routes>,
    pub test: Mutex<Routes>,
    pub groups: Arc<Groups>,
    pub tally: Arc<Tally>,
    pub client: Client<HttpConnector, Incoming>,
    pub idle_timeout: Duration,
}

impl Forwarder {
    /// Answers one request, whatever happens.
    pub async fn answer(
        &self,
        listener: Listener,
        client: SocketAddr,
        request: Request<Incoming>,
    ) -> Response<Body> {
        let begun = Instant::now();
        let sample = Sample {
            at: self.tally.now(),
            listener,
            group: None,
            status: 0,
            is_of_target: false,
            latency: Duration::ZERO,
            ending: Ending::Complete,
        };
        let route = self
            .routes(listener)
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .choose(&request);
        let group = match route {
            Route::Answer(status, text) => return self.say(sample, begun, status, text),
            Route::Group(name) => name,
        };
        let sample = Sample {
            group: Some(group.clone()),
            ..sample
        };
        let Some(lease) = self.groups.lease(&group) else {
            return self.say(sample, begun, 503, format!("{group} has no target."));
        };
        self.pass_on(lease, client, request, sample, begun).await
    }

    pub fn routes(&self, listener: Listener) -> &Mutex<Routes> {
        match listener {
            Listener::Production => &self.production,
            Listener::Test => &self.test,
        }
    }

    async fn pass_on(
        &self,
        lease: Lease,
        client: SocketAddr,
        mut request: Request<Incoming>,
        mut sample: Sample,
        begun: Instant,
    ) -> Response<Body> {
        if let Err(error) = address(&mut request, lease.address(), client) {
            return self.say(sample, begun, 400, error.to_string());
        }
        let cut = lease.cut();
        let answer = timeout(self.idle_timeout, self.client.request(request));
        let answer = tokio::select! {
            answer = answer => answer,
            () = cut.cancelled() => {
                return self.say(sample, begun, 502, "The target was taken away.".to_owned());
            }
        };
        match answer {
            Err(_) => self.say(sample, begun, 504, "The target is silent.".to_owned()),
            Ok(Err(error)) => self.say(sample, begun, 502, format!("The target: {error}.")),
            Ok(Ok(mut answer)) => {
                remove_hop_by_hop(answer.headers_mut());
                sample.status = answer.status().as_u16();
                sample.is_of_target = true;
                sample.latency = begun.elapsed();
                let tally = self.tally.clone();
                answer.map(|body| BodyExt::boxed(Tracked::new(body, sample, lease, tally)))
            }
        }
    }

    /// An answer of the load balancer's own.
    fn say(&self, mut sample: Sample, begun: Instant, status: u16, text: String) -> Response<Body> {
        let body = Full::new(Bytes::from(text + "\n"));
        let mut answer = Response::new(BodyExt::boxed(body.map_err(|never| match never {})));
        *answer.status_mut() =
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        sample.status = answer.status().as_u16();
        sample.latency = begun.elapsed();
        self.tally.add(sample);
        answer
    }
}

/// Turns a client's request into one to the target that says for whom it is sent.
fn address<B>(
    request: &mut Request<B>,
    target: SocketAddr,
    client: SocketAddr,
) -> anyhow::Result<()> {
    let path = request.uri().path_and_query().map_or("/", |it| it.as_str());
    *request.uri_mut() = format!("http://{target}{path}").parse::<Uri>()?;
    *request.version_mut() = Version::HTTP_11;
    let headers = request.headers_mut();
    remove_hop_by_hop(headers);
    let forwarded = HeaderName::from_static("x-forwarded-for");
    let chain = match headers.get(&forwarded).and_then(|it| it.to_str().ok()) {
        Some(before) => format!("{before}, {}", client.ip()),
        None => client.ip().to_string(),
    };
    headers.insert(forwarded, HeaderValue::from_str(&chain)?);
    // Guests of the rehearsal come without TLS, and are told so.
    headers.insert("x-forwarded-proto", HeaderValue::from_static("http"));
    Ok(())
}

fn remove_hop_by_hop(headers: &mut HeaderMap) {
    for name in &HOP_BY_HOP {
        headers.remove(name);
    }
}
