//! awsJson1.1: ECS, CodeDeploy, CodePipeline, Secrets Manager. The header `x-amz-target` names the operation.

use crate::pass::{Answer, Refusal};
use axum::response::Response;
use serde_json::{Value, json};

pub(crate) fn read(body: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::new("SerializationException", error.to_string()))
}

pub(crate) fn write(answer: Answer) -> Response {
    let (status, body) = match answer {
        Ok(output) => (200, output),
        Err(refusal) => {
            let Refusal { code, message, .. } = &refusal;
            let kind = format!("com.amazonaws.rehearsal#{code}");
            (
                refusal.status,
                json!({ "__type": kind, "message": message }),
            )
        }
    };
    super::answer(status, "application/x-amz-json-1.1", body.to_string())
}
