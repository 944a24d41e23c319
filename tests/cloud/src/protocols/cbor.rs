//! RPC v2 in CBOR: CloudWatch. The path names the operation, a large request is compressed, and a time is tagged.

use crate::pass::{Answer, Refusal};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use ciborium::Value as Cbor;
use flate2::read::GzDecoder;
use serde_json::{Map, Value, json};
use std::io::Read;

/// CBOR's tag of seconds since 1970.
const SECONDS: u64 = 1;

/// A time in an output, which has a type of its own in this protocol alone.
pub(crate) fn time(seconds: f64) -> Value {
    json!({ "$seconds": seconds })
}

pub(crate) fn read(body: &[u8], is_compressed: bool) -> Result<Value, Refusal> {
    let fail = |error: String| Refusal::new("SerializationException", error);
    let mut plain = Vec::new();
    if is_compressed {
        let inflated = GzDecoder::new(body).read_to_end(&mut plain);
        inflated.map_err(|error| fail(error.to_string()))?;
    } else {
        plain.extend_from_slice(body);
    }
    let input: Cbor =
        ciborium::from_reader(plain.as_slice()).map_err(|error| fail(error.to_string()))?;
    Ok(to_json(input))
}

pub(crate) fn write(answer: Answer) -> Response {
    let (status, body) = match answer {
        Ok(output) => (200, output),
        Err(refusal) => {
            let status = if refusal.is_unknown_operation() {
                404
            } else {
                refusal.status
            };
            let kind = format!("com.amazonaws.cloudwatch#{}", refusal.code);
            (
                status,
                json!({ "__type": kind, "message": refusal.message }),
            )
        }
    };
    let mut bytes = Vec::new();
    // A vector takes whatever is written to it.
    let _ = ciborium::into_writer(&to_cbor(body), &mut bytes);
    let mut response = super::answer(status, "application/cbor", bytes);
    let name = HeaderName::from_static("smithy-protocol");
    let protocol = HeaderValue::from_static("rpc-v2-cbor");
    response.headers_mut().insert(name, protocol);
    response
}

fn to_json(value: Cbor) -> Value {
    match value {
        Cbor::Bool(truth) => truth.into(),
        Cbor::Integer(whole) => i64::try_from(whole).map_or(Value::Null, Value::from),
        Cbor::Float(number) => number.into(),
        Cbor::Text(text) => text.into(),
        Cbor::Tag(_, inner) => to_json(*inner),
        Cbor::Array(members) => members.into_iter().map(to_json).collect(),
        Cbor::Map(fields) => {
            let fields = fields.into_iter().filter_map(|(name, value)| {
                let name = name.into_text().ok()?;
                Some((name, to_json(value)))
            });
            Value::Object(fields.collect::<Map<_, _>>())
        }
        _ => Value::Null,
    }
}

fn to_cbor(value: Value) -> Cbor {
    match value {
        Value::Null => Cbor::Null,
        Value::Bool(truth) => Cbor::Bool(truth),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Cbor::Integer(whole.into()),
            None => Cbor::Float(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => Cbor::Text(text),
        Value::Array(members) => Cbor::Array(members.into_iter().map(to_cbor).collect()),
        Value::Object(fields) => {
            if let Some(seconds) = fields.get("$seconds").and_then(Value::as_f64) {
                return Cbor::Tag(SECONDS, Box::new(Cbor::Float(seconds)));
            }
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            Cbor::Map(
                fields
                    .map(|(name, value)| (Cbor::Text(name), to_cbor(value)))
                    .collect(),
            )
        }
    }
}
