//! Secrets Manager: reads secrets.

use crate::arns::arn;
use crate::course::now;
use crate::pass::{Answer, Refusal, text, unknown};
use crate::world::World;
use serde_json::{Value, json};

pub(crate) fn answer(world: &mut World, operation: &str, input: &Value) -> Answer {
    if operation != "GetSecretValue" {
        return unknown(operation);
    }
    let name = text(input, "SecretId")?;
    let Some(value) = world.secrets.get(name) else {
        let message = "Secrets Manager can't find the specified secret.";
        return Err(Refusal::new("ResourceNotFoundException", message));
    };
    Ok(json!({
        "ARN": arn("secretsmanager", &format!("secret:{name}-AbCdEf")),
        "Name": name,
        "VersionId": "rehearsal",
        "SecretString": value,
        "VersionStages": ["AWSCURRENT"],
        "CreatedDate": now(),
    }))
}
