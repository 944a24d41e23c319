//! X-Ray: takes segments, and refuses those that it could not show.

use crate::pass::{Answer, texts, unknown};
use crate::world::World;
use serde_json::{Value, json};

/// The operation that a path means.
pub(crate) fn operation(path: &str) -> &str {
    match path {
        "TraceSegments" => "PutTraceSegments",
        other => other,
    }
}

pub(crate) fn answer(world: &mut World, operation: &str, input: &Value) -> Answer {
    if operation != "PutTraceSegments" {
        return unknown(operation);
    }
    let mut refused = Vec::new();
    for document in texts(input, "TraceSegmentDocuments") {
        match serde_json::from_str::<Value>(document).map_err(|error| error.to_string()) {
            Ok(segment) => match flaw(&segment) {
                None => world.reported.segments.push(segment),
                Some(flaw) => refused.push(json!({
                    "Id": segment["id"], "ErrorCode": "InvalidSegment", "Message": flaw,
                })),
            },
            Err(error) => {
                refused.push(json!({ "ErrorCode": "ParseError", "Message": error }));
            }
        }
    }
    Ok(json!({ "UnprocessedTraceSegments": refused }))
}

/// What X-Ray's documentation of segments asks for.
fn flaw(segment: &Value) -> Option<String> {
    let is_hex =
        |text: &str, length| text.len() == length && text.bytes().all(|it| it.is_ascii_hexdigit());
    let trace = segment["trace_id"].as_str().unwrap_or_default();
    let parts: Vec<_> = trace.split('-').collect();
    if !matches!(parts[..], ["1", time, rest] if is_hex(time, 8) && is_hex(rest, 24)) {
        return Some(format!("trace_id {trace:?}"));
    }
    flaw_of_any(segment, &is_hex)
}

fn flaw_of_any(segment: &Value, is_hex: &impl Fn(&str, usize) -> bool) -> Option<String> {
    let (id, name) = (&segment["id"], &segment["name"]);
    if !id.as_str().is_some_and(|id| is_hex(id, 16)) {
        return Some(format!("id {id}"));
    }
    let may_name = |letter: char| letter.is_alphanumeric() || " _.:/%&#=+\\-@".contains(letter);
    if !name
        .as_str()
        .is_some_and(|name| (1..=200).contains(&name.len()) && name.chars().all(may_name))
    {
        return Some(format!("name {name}"));
    }
    let times = (segment["start_time"].as_f64(), segment["end_time"].as_f64());
    if !matches!(times, (Some(began), Some(ended)) if began <= ended) {
        return Some(format!("times of {name}"));
    }
    let children = segment["subsegments"].as_array();
    children
        .into_iter()
        .flatten()
        .find_map(|child| flaw_of_any(child, is_hex))
}
