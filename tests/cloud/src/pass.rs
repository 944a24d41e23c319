//! One call of one operation: what a service is asked, and what it answers.

use serde_json::Value;

/// What a service answers: the operation's output, or why not.
pub(crate) type Answer = Result<Value, Refusal>;

/// An error as AWS gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Refusal {
    /// The caller's mistake.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status: 400,
            code,
            message: message.into(),
        }
    }

    pub(crate) fn missing(field: &str) -> Self {
        Self::new("ValidationException", format!("{field} is required"))
    }

    pub(crate) fn is_unknown_operation(&self) -> bool {
        self.code == UNKNOWN_OPERATION
    }
}

const UNKNOWN_OPERATION: &str = "UnknownOperationException";

/// What services answer to what they do not know.
pub(crate) fn unknown(operation: &str) -> Answer {
    let message = format!("there is no operation {operation} here");
    Err(Refusal::new(UNKNOWN_OPERATION, message))
}

/// A text that the input must have.
pub(crate) fn text<'a>(input: &'a Value, field: &str) -> Result<&'a str, Refusal> {
    input[field].as_str().ok_or_else(|| Refusal::missing(field))
}

/// The texts of a list; none where it is left out.
pub(crate) fn texts<'a>(input: &'a Value, field: &str) -> Vec<&'a str> {
    let list = input[field].as_array().map_or(&[][..], Vec::as_slice);
    list.iter().filter_map(Value::as_str).collect()
}
