//! Looks that hooks and validator have in common: each a question with one answer, at one moment.

mod health;
mod metrics;
mod tasks;
mod traffic;

use crate::aws::Aws;
use crate::place::{Environment, Service};
pub use health::health_is_good;

/// Where guests are.
pub const PRODUCTION: i32 = 443;
/// Where a release is before that.
pub const TEST: i32 = 8443;

/// One service in one environment, as AWS sees it.
#[derive(Clone, Copy, Debug)]
pub struct Deployed<'a> {
    pub aws: &'a Aws,
    pub environment: Environment,
    pub service: Service,
}
