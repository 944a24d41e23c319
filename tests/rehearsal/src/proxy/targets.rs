//! The groups and their targets: who is there, how well, with how many requests, and how one leaves.

use super::checks;
use super::settings::GroupSettings;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How a target is, in the load balancer's eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Registered, and not judged yet.
    Initial,
    Healthy,
    Unhealthy,
    /// Deregistered: it finishes what it has.
    Draining,
}

/// What is known of one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetHealth {
    pub address: SocketAddr,
    pub health: Health,
    /// Requests that it has not finished.
    pub in_flight: usize,
}

/// All groups, by name.
#[derive(Debug)]
pub struct Groups {
    groups: BTreeMap<String, Group>,
    changes: watch::Sender<()>,
    stopping: CancellationToken,
}

#[derive(Debug)]
struct Group {
    settings: GroupSettings,
    targets: Mutex<Vec<Arc<Target>>>,
    turn: AtomicUsize,
}

/// One target while it is registered, and until it is drained.
#[derive(Debug)]
pub struct Target {
    pub address: SocketAddr,
    health: Mutex<Health>,
    in_flight: watch::Sender<usize>,
    /// Ends the health checks.
    leaving: CancellationToken,
    /// Ends the requests that it still has.
    cut: CancellationToken,
}

/// A place among a target's requests; it is given back when it is dropped.
#[derive(Debug)]
pub struct Lease(Arc<Target>);

impl Groups {
    pub fn new(
        settings: BTreeMap<String, GroupSettings>,
        stopping: CancellationToken,
    ) -> Arc<Self> {
        let group = |settings| Group {
            settings,
            targets: Mutex::default(),
            turn: AtomicUsize::default(),
        };
        let groups = settings.into_iter().map(|(name, it)| (name, group(it)));
        Arc::new(Self {
            groups: groups.collect(),
            changes: watch::Sender::new(()),
            stopping,
        })
    }

    pub fn has(&self, name: &str) -> bool {
        self.groups.contains_key(name)
    }

    /// From now on the target is asked how it is. One that is there already stays as it is.
    pub fn register(self: &Arc<Self>, name: &str, address: SocketAddr) -> Result<()> {
        let group = self.find(name)?;
        let mut targets = lock(&group.targets);
        let is_there = |it: &Arc<Target>| it.address == address && it.health() != Health::Draining;
        if targets.iter().any(is_there) {
            return Ok(());
        }
        let target = Arc::new(Target {
            address,
            health: Mutex::new(Health::Initial),
            in_flight: watch::Sender::new(0),
            leaving: self.stopping.child_token(),
            cut: self.stopping.child_token(),
        });
        targets.push(target.clone());
        drop(targets);
        let (groups, settings) = (self.clone(), group.settings.clone());
        let leaving = target.leaving.clone();
        tokio::spawn(leaving.run_until_cancelled_owned(async move {
            checks::follow(&target, &settings, || groups.tell()).await;
        }));
        self.tell();
        Ok(())
    }

    /// Gives the target no more requests; it is gone when it has finished those it has, or the group's delay is over.
    pub fn deregister(self: &Arc<Self>, name: &str, address: SocketAddr) -> Result<()> {
        let group = self.find(name)?;
        let targets = lock(&group.targets);
        let target = targets.iter().find(|it| it.address == address);
        let target = target.with_context(|| format!("{name} has no target {address}"))?;
        if target.health() == Health::Draining {
            return Ok(());
        }
        target.set_health(Health::Draining);
        target.leaving.cancel();
        let (groups, target, name) = (self.clone(), target.clone(), name.to_owned());
        let delay = group.settings.deregistration_delay;
        tokio::spawn(async move {
            let mut in_flight = target.in_flight.subscribe();
            // Whatever it has not finished after that is cut off.
            let _ = timeout(delay, in_flight.wait_for(|count| *count == 0)).await;
            target.cut.cancel();
            if let Some(group) = groups.groups.get(&name) {
                lock(&group.targets).retain(|it| !Arc::ptr_eq(it, &target));
            }
            groups.tell();
        });
        drop(targets);
        self.tell();
        Ok(())
    }

    /// Every target of a group.
    pub fn health(&self, name: &str) -> Result<Vec<TargetHealth>> {
        let targets = lock(&self.find(name)?.targets);
        let health = targets.iter().map(|target| TargetHealth {
            address: target.address,
            health: target.health(),
            in_flight: *target.in_flight.borrow(),
        });
        Ok(health.collect())
    }

    /// Waits until a group's targets are as wanted, looking whenever one changes.
    pub async fn wait_until(
        &self,
        name: &str,
        is_wanted: impl Fn(&[TargetHealth]) -> bool,
    ) -> Result<()> {
        let mut changes = self.changes.subscribe();
        while !is_wanted(&self.health(name)?) {
            changes
                .changed()
                .await
                .context("the load balancer is gone")?;
        }
        Ok(())
    }

    /// The healthy target whose turn it is; where none is healthy, any that is there, as load balancers do it.
    pub fn lease(&self, name: &str) -> Option<Lease> {
        let group = self.groups.get(name)?;
        let targets = lock(&group.targets);
        let of = |health: &[Health]| -> Vec<_> {
            let targets = targets.iter();
            targets.filter(|it| health.contains(&it.health())).collect()
        };
        let mut able = of(&[Health::Healthy]);
        if able.is_empty() {
            able = of(&[Health::Initial, Health::Unhealthy]);
        }
        let turn = group.turn.fetch_add(1, Ordering::Relaxed);
        let target = able.get(turn.checked_rem(able.len())?)?;
        target.in_flight.send_modify(|count| *count += 1);
        Some(Lease(Arc::clone(target)))
    }

    fn tell(&self) {
        self.changes.send_replace(());
    }

    fn find(&self, name: &str) -> Result<&Group> {
        let group = self.groups.get(name);
        group.with_context(|| format!("there is no target group {name}"))
    }
}

impl Target {
    pub fn health(&self) -> Health {
        *lock(&self.health)
    }

    /// One that drains stays so.
    pub fn set_health(&self, health: Health) {
        let mut now = lock(&self.health);
        if *now != Health::Draining {
            *now = health;
        }
    }
}

impl Lease {
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// Cancelled when the target may keep its requests no longer.
    pub fn cut(&self) -> CancellationToken {
        self.0.cut.clone()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.0.in_flight.send_modify(|count| *count -= 1);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
