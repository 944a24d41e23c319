//! REST with JSON: X-Ray. The path names the operation, a header the error.

use crate::pass::Answer;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use serde_json::json;

const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

pub(crate) fn write(answer: Answer) -> Response {
    match answer {
        Ok(output) => super::answer(200, "application/json", output.to_string()),
        Err(refusal) => {
            let status = if refusal.is_unknown_operation() {
                404
            } else {
                refusal.status
            };
            let body = json!({ "Message": refusal.message });
            let mut response = super::answer(status, "application/json", body.to_string());
            let code = HeaderValue::from_static(refusal.code);
            response.headers_mut().insert(ERROR_TYPE, code);
            response
        }
    }
}
