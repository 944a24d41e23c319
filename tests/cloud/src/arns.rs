//! Names as AWS makes them of ours.

use crate::{ACCOUNT, REGION};

/// An ARN in the account and region of everything here.
pub(crate) fn arn(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}")
}

/// The name at the end of an ARN, or a name that stands for itself.
pub(crate) fn name_of(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// The part of an ARN that AWS gives at random, made of the name.
fn random_part(name: &str) -> String {
    let sum = name.bytes().fold(7_u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    format!("{sum:016x}")
}

pub(crate) fn target_group_name(name: &str) -> String {
    format!("targetgroup/{name}/{}", random_part(name))
}

pub(crate) fn load_balancer_name(name: &str) -> String {
    format!("app/{name}/{}", random_part(name))
}

/// Of anything that belongs to the balancer.
pub(crate) fn balancing(resource: &str) -> String {
    arn("elasticloadbalancing", resource)
}

pub(crate) fn target_group(name: &str) -> String {
    balancing(&target_group_name(name))
}
