//! What stands for the load balancer: two listeners, rules with weights between target groups, health checks, draining,
//! and a tally of what guests were answered.
//!
//! Weights, targets and health change while it runs; whoever plays ECS and CodeDeploy calls [`LoadBalancer`].

mod body;
mod checks;
mod forward;
mod routing;
mod settings;
mod tally;
mod targets;

use anyhow::{Context, Result, ensure};
use forward::Forwarder;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use routing::Routes;
pub use settings::{Action, GroupSettings, Listener, Rule, Settings};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
pub use tally::{Cell, Ending, Sample, Tally};
use targets::Groups;
pub use targets::{Health, TargetHealth};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Connections to targets are used again within this time, which is less than targets keep them open.
const POOL_SECONDS: u64 = 30;
/// What a request may still take when the load balancer ends.
const LAST_REQUEST: Duration = Duration::from_secs(2);

/// A running load balancer; it ends when it is dropped.
pub struct LoadBalancer {
    forwarder: Arc<Forwarder>,
    production: SocketAddr,
    test: SocketAddr,
    _stopping: DropGuard,
}

impl LoadBalancer {
    /// Listens on both ports.
    ///
    /// # Errors
    /// A port is taken, or a rule names a group that is not there.
    pub async fn start(settings: Settings) -> Result<Self> {
        let stopping = CancellationToken::new();
        let groups = Groups::new(settings.groups, stopping.clone());
        let rules = settings.production_rules.iter().chain(&settings.test_rules);
        for rule in rules {
            if let Action::Forward(weights) = &rule.action {
                check_weights(&groups, weights)?;
            }
        }
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(Duration::from_secs(POOL_SECONDS))
            .pool_timer(TokioTimer::new())
            .build_http();
        let forwarder = Arc::new(Forwarder {
            production: Mutex::new(Routes::new(settings.production_rules)),
            test: Mutex::new(Routes::new(settings.test_rules)),
            groups,
            tally: Arc::default(),
            client,
            idle_timeout: settings.idle_timeout,
        });
        let listen = |listener, address| listen(&forwarder, listener, address, &stopping);
        Ok(Self {
            production: listen(Listener::Production, settings.production).await?,
            test: listen(Listener::Test, settings.test).await?,
            _stopping: stopping.drop_guard(),
            forwarder,
        })
    }

    /// Where guests come.
    #[must_use]
    pub fn production(&self) -> SocketAddr {
        self.production
    }

    /// Where tests come.
    #[must_use]
    pub fn test(&self) -> SocketAddr {
        self.test
    }

    /// How a rule shares its requests out; `None` where no rule of that name forwards.
    #[must_use]
    pub fn weights(&self, listener: Listener, rule: &str) -> Option<Vec<(String, u32)>> {
        let routes = self.routes(listener);
        routes.weights(rule).map(<[_]>::to_vec)
    }

    /// Shares a rule's requests out otherwise, from the next one on.
    ///
    /// # Errors
    /// There is no such rule or group.
    pub fn set_weights(
        &self,
        listener: Listener,
        rule: &str,
        weights: &[(String, u32)],
    ) -> Result<()> {
        check_weights(&self.forwarder.groups, weights)?;
        let is_there = self.routes(listener).set_weights(rule, weights);
        ensure!(is_there, "there is no rule {rule}");
        Ok(())
    }

    /// Adds a target to a group; it gets requests when it is healthy.
    ///
    /// # Errors
    /// There is no such group.
    pub fn register(&self, group: &str, target: SocketAddr) -> Result<()> {
        self.forwarder.groups.register(group, target)
    }

    /// Gives a target no more requests, and cuts off what it has not finished after the group's delay.
    ///
    /// # Errors
    /// There is no such group or target.
    pub fn deregister(&self, group: &str, target: SocketAddr) -> Result<()> {
        self.forwarder.groups.deregister(group, target)
    }

    /// Every target of a group, draining ones included.
    ///
    /// # Errors
    /// There is no such group.
    pub fn health(&self, group: &str) -> Result<Vec<TargetHealth>> {
        self.forwarder.groups.health(group)
    }

    /// Waits until a group's targets are as wanted.
    ///
    /// # Errors
    /// There is no such group.
    pub async fn wait_until(
        &self,
        group: &str,
        is_wanted: impl Fn(&[TargetHealth]) -> bool,
    ) -> Result<()> {
        self.forwarder.groups.wait_until(group, is_wanted).await
    }

    /// What was answered so far.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.forwarder.tally
    }

    fn routes(&self, listener: Listener) -> MutexGuard<'_, Routes> {
        let routes = self.forwarder.routes(listener).lock();
        routes.unwrap_or_else(PoisonError::into_inner)
    }
}

fn check_weights(groups: &Groups, weights: &[(String, u32)]) -> Result<()> {
    let unknown = weights.iter().find(|(name, _)| !groups.has(name));
    ensure!(unknown.is_none(), "there is no target group {unknown:?}");
    Ok(())
}

async fn listen(
    forwarder: &Arc<Forwarder>,
    listener: Listener,
    address: SocketAddr,
    stopping: &CancellationToken,
) -> Result<SocketAddr> {
    let socket = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))?;
    let address = socket.local_addr()?;
    let (forwarder, stopping) = (forwarder.clone(), stopping.clone());
    tokio::spawn(stopping.clone().run_until_cancelled_owned(async move {
        loop {
            // A connection that is gone before it is taken in is no reason to end.
            if let Ok((stream, client)) = socket.accept().await {
                let serving = serve(
                    forwarder.clone(),
                    listener,
                    client,
                    stream,
                    stopping.clone(),
                );
                tokio::spawn(serving);
            }
        }
    }));
    Ok(address)
}

async fn serve(
    forwarder: Arc<Forwarder>,
    listener: Listener,
    client: SocketAddr,
    stream: TcpStream,
    stopping: CancellationToken,
) {
    let service = service_fn(|request| async {
        Ok::<_, Infallible>(forwarder.answer(listener, client, request).await)
    });
    // Events are small and must not wait for each other.
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    // How a connection ends is the client's affair; what it was answered is in the tally.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = timeout(LAST_REQUEST, connection).await;
        }
    }
}
