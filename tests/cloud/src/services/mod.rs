//! The services, one a file: each knows its operations and the errors it really gives.

pub(crate) mod balancers;
pub(crate) mod cloudwatch;
pub(crate) mod codedeploy;
pub(crate) mod codepipeline;
pub(crate) mod ecs;
pub(crate) mod secrets;
pub(crate) mod xray;

use crate::pass::{Answer, unknown};
use crate::world::World;
use serde_json::Value;

/// A service answers an operation from the world, and may change it.
pub(crate) type Service = fn(&mut World, &str, &Value) -> Answer;

/// Whom the first half of `x-amz-target` means.
pub(crate) fn by_target(target: &str) -> Service {
    match target {
        "AmazonEC2ContainerServiceV20141113" => ecs::answer,
        "CodeDeploy_20141006" => codedeploy::answer,
        "CodePipeline_20150709" => codepipeline::answer,
        "secretsmanager" => secrets::answer,
        _ => |_, operation, _| unknown(operation),
    }
}
