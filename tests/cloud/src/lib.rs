//! The part of AWS that a delivery speaks with, on a port of this machine: what it knows can be changed and read while
//! it runs, and every operation can be made to fail.
//!
//! A service is a function of an operation's name and its input as JSON; `protocols/` knows how each is written on the
//! wire. Keys and signatures are not looked at: `s3s` does that for the one service whose signatures matter here.

mod arns;
mod course;
mod faults;
mod healthy;
mod metrics;
mod pass;
mod protocols;
mod server;
mod services;
mod world;

pub use course::now;
pub use faults::Fault;
pub use healthy::LIFECYCLE;
pub use metrics::{Metrics, Statistics};
pub use server::Cloud;
pub use world::{
    Action, Deployment, Health, Hook, JobResult, LifecycleEvent, Listener, Phase, Reported, Rule,
    Service, TargetGroup, Task, TaskSet, World,
};

/// The account and the region that everything here is in.
pub const ACCOUNT: &str = "123456789012";
/// See [`ACCOUNT`].
pub const REGION: &str = "eu-central-1";
