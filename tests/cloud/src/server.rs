//! The port: finds out which service is meant and in which protocol, lets faults happen, and asks it.

use crate::faults::{Fault, Faults};
use crate::pass::{Answer, Refusal};
use crate::protocols::{cbor, json, query, rest};
use crate::services::{self, balancers, cloudwatch, xray};
use crate::world::World;
use crate::{REGION, pass};
use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::response::Response;
use serde_json::Value;
use std::future::{IntoFuture, pending};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A running cloud; it ends when it is dropped.
#[derive(Debug)]
pub struct Cloud {
    address: SocketAddr,
    sky: Arc<Sky>,
    serving: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Sky {
    world: Mutex<World>,
    faults: Mutex<Faults>,
    calls: Mutex<Vec<String>>,
}

impl Cloud {
    /// Serves a world on a free port of this machine.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(world: World) -> Result<Self> {
        let sky = Arc::new(Sky {
            world: Mutex::new(world),
            ..Sky::default()
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let routes = Router::new().fallback(answer).with_state(Arc::clone(&sky));
        let serving = tokio::spawn(async move {
            // It ends with this task.
            let _ = axum::serve(listener, routes).into_future().await;
        });
        Ok(Self {
            address,
            sky,
            serving,
        })
    }

    /// Where it is: `http://host:port`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The environment in which every client of AWS speaks with this cloud and with nobody else.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", self.endpoint()),
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_ACCESS_KEY_ID", "test-key".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test-secret".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ]
    }

    /// Changes the world; the next call sees it changed.
    pub fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut lock(&self.sky.world))
    }

    /// Looks at the world, and at what was reported to it.
    pub fn read<T>(&self, read: impl FnOnce(&World) -> T) -> T {
        read(&lock(&self.sky.world))
    }

    /// Makes an operation fail, as in `inject("DescribeServices", Fault::Throttle(2))`; `*` is every operation.
    pub fn inject(&self, operation: &str, fault: Fault) {
        lock(&self.sky.faults).set(operation, Some(fault));
    }

    /// Ends an operation's fault. A call that hangs goes on hanging.
    pub fn heal(&self, operation: &str) {
        lock(&self.sky.faults).set(operation, None);
    }

    /// The operations that were called so far, in order, with those that failed.
    #[must_use]
    pub fn calls(&self) -> Vec<String> {
        lock(&self.sky.calls).clone()
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(
    State(sky): State<Arc<Sky>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(operation) = uri.path().strip_prefix(cloudwatch::PATH) {
        let is_compressed = headers.contains_key(header::CONTENT_ENCODING);
        let input = cbor::read(&body, is_compressed);
        cbor::write(sky.ask(cloudwatch::answer, operation, input).await)
    } else if let Some(target) = header("x-amz-target") {
        let (service, operation) = target.rsplit_once('.').unwrap_or(("", target));
        let service = services::by_target(service);
        json::write(sky.ask(service, operation, json::read(&body)).await)
    } else if uri.path() == "/" {
        match query::read(&body) {
            Ok((operation, input)) => {
                let answer = sky.ask(balancers::answer, &operation, Ok(input)).await;
                query::write(&operation, answer)
            }
            Err(refusal) => query::write("", Err(refusal)),
        }
    } else {
        let operation = uri.path().trim_start_matches('/').to_owned();
        let operation = xray::operation(&operation);
        rest::write(sky.ask(xray::answer, operation, json::read(&body)).await)
    }
}

impl Sky {
    async fn ask(
        &self,
        service: services::Service,
        operation: &str,
        input: Result<Value, Refusal>,
    ) -> Answer {
        lock(&self.calls).push(operation.to_owned());
        let fault = lock(&self.faults).meet(operation);
        let fail = |status, code, message: &str| {
            Err(Refusal {
                status,
                ..pass::Refusal::new(code, message)
            })
        };
        match fault {
            None => service(&mut lock(&self.world), operation, &input?),
            Some(Fault::Throttle(_)) => fail(400, "ThrottlingException", "Rate exceeded"),
            Some(Fault::Break(_)) => fail(500, "InternalFailure", "it broke"),
            Some(Fault::Deny) => fail(400, "AccessDeniedException", "you may not do this"),
            Some(Fault::Hang) => pending().await,
        }
    }
}
