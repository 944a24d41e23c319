//! The delivery pipeline on one machine: CodeBuild's builds by the same buildspecs, the load balancer's traffic between
//! blue and green, and a whole release in CodeDeploy's order.
//!
//! Nothing here knows AWS's SDK: what asks AWS are the real programs, and what answers them is the crate `photobooth-cloud`.

pub mod buildspec;
pub mod proxy;
pub mod release;
