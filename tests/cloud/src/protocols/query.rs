//! awsQuery: Elastic Load Balancing. A form whose field names are paths comes in, XML goes out.

use crate::pass::{Answer, Refusal};
use axum::response::Response;
use serde_json::{Map, Value};

const NAMESPACE: &str = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";

/// The operation and its input: `Names.member.1=a` becomes `{"Names": ["a"]}`.
pub(crate) fn read(body: &[u8]) -> Result<(String, Value), Refusal> {
    let mut action = None;
    let mut input = Value::Object(Map::new());
    for (name, value) in url::form_urlencoded::parse(body) {
        match name.as_ref() {
            "Action" => action = Some(value.into_owned()),
            "Version" => {}
            path => put(&mut input, path, value.into_owned()),
        }
    }
    let action = action.ok_or_else(|| Refusal::new("MissingAction", "Action is required"))?;
    Ok((action, input))
}

/// Members come in their order, so that a list only ever grows at its end.
fn put(input: &mut Value, path: &str, value: String) {
    let mut place = input;
    for step in path.split('.') {
        if step == "member" {
            if !place.is_array() {
                *place = Value::Array(Vec::new());
            }
            continue;
        }
        place = match place {
            Value::Array(members) => {
                let index = step.parse::<usize>().unwrap_or(1).saturating_sub(1);
                members.resize(members.len().max(index + 1), Value::Null);
                &mut members[index]
            }
            other => {
                if !other.is_object() {
                    *other = Value::Object(Map::new());
                }
                &mut other[step]
            }
        };
    }
    *place = Value::String(value);
}

pub(crate) fn write(operation: &str, answer: Answer) -> Response {
    let (status, body) = match answer {
        Ok(output) => (200, result(operation, &output)),
        Err(refusal) => (refusal.status, error(&refusal)),
    };
    super::answer(status, "text/xml", body)
}

fn result(operation: &str, output: &Value) -> String {
    let mut body = String::new();
    write_value(&mut body, output);
    format!(
        "<{operation}Response xmlns=\"{NAMESPACE}\"><{operation}Result>{body}</{operation}Result>\
         <ResponseMetadata><RequestId>rehearsal</RequestId></ResponseMetadata></{operation}Response>"
    )
}

fn error(refusal: &Refusal) -> String {
    // This protocol has a name of its own for what it does not know.
    let code = if refusal.is_unknown_operation() {
        "InvalidAction"
    } else {
        refusal.code
    };
    let blamed = if refusal.status < 500 {
        "Sender"
    } else {
        "Receiver"
    };
    let message = escape(&refusal.message);
    format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{blamed}</Type><Code>{code}</Code>\
         <Message>{message}</Message></Error><RequestId>rehearsal</RequestId></ErrorResponse>"
    )
}

fn write_value(body: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                write_element(body, name, value);
            }
        }
        Value::Array(members) => {
            for member in members {
                write_element(body, "member", member);
            }
        }
        Value::String(text) => body.push_str(&escape(text)),
        other => body.push_str(&other.to_string()),
    }
}

fn write_element(body: &mut String, name: &str, value: &Value) {
    body.push_str(&format!("<{name}>"));
    write_value(body, value);
    body.push_str(&format!("</{name}>"));
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_become_lists_and_objects() {
        let body = b"Action=Ask&Version=1&Names.member.1=a%20b&Names.member.2=c&Filter.Key=k";
        let (action, input) = read(body).unwrap();
        assert_eq!(action, "Ask");
        assert_eq!(
            input,
            json!({ "Names": ["a b", "c"], "Filter": { "Key": "k" } })
        );
    }

    #[test]
    fn values_become_elements() {
        let output = json!({ "Rules": [{ "Priority": "10", "IsDefault": false, "Left": null }] });
        let body = result("Ask", &output);
        assert!(body.contains(
            "<Rules><member><IsDefault>false</IsDefault><Priority>10</Priority></member></Rules>"
        ));
        let refusal = Refusal::new("NotFound", "no <such> thing");
        assert!(error(&refusal).contains("<Message>no &lt;such&gt; thing</Message>"));
    }
}
