//! What a look at something brings: what was seen, or an objection, of which there are several kinds.

use serde::Serialize;
use std::fmt;

/// How a look came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Passed,
    /// It could not be told: AWS or the booth did not say.
    Unknown,
    /// It was seen, and is not as it should be.
    Failed,
}

/// Why something does not pass.
#[derive(Debug)]
pub enum Objection {
    Failed(String),
    /// Too few guests have come to tell.
    Quiet(String),
    Unknown(anyhow::Error),
}

/// What a look at something brings: what was seen, or an objection.
pub type Finding = Result<String, Objection>;

/// Something is not as it should be.
pub fn fail(reason: impl Into<String>) -> Objection {
    Objection::Failed(reason.into())
}

/// Objects where something does not hold.
///
/// # Errors
/// It does not.
pub fn demand(holds: bool, reason: impl FnOnce() -> String) -> Result<(), Objection> {
    if holds { Ok(()) } else { Err(fail(reason())) }
}

impl Objection {
    pub fn late() -> Self {
        Self::Unknown(anyhow::anyhow!("did not end in time"))
    }

    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::Failed(_) => Outcome::Failed,
            Self::Quiet(_) | Self::Unknown(_) => Outcome::Unknown,
        }
    }
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Failed(reason) | Self::Quiet(reason) => f.write_str(reason),
            Self::Unknown(error) => write!(f, "{error:#}"),
        }
    }
}

impl From<anyhow::Error> for Objection {
    fn from(error: anyhow::Error) -> Self {
        Self::Unknown(error)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Self::Passed => "passed",
            Self::Unknown => "unknown",
            Self::Failed => "FAILED",
        })
    }
}
