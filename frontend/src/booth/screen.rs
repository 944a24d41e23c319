//! What the guest sees, as plain data.

use crate::problem::Problem;
use api::{ResultLink, Stage};

/// One screen with what is on it, in the order in which it happens.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Screen {
    #[default]
    Welcome,
    Camera,
    Review,
    Gallery,
    Working(Phase),
    Portrait(Print),
    Trouble(Problem),
}

/// A screen without what is on it: changes only when one page gives way to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Welcome,
    Camera,
    Review,
    Gallery,
    Working,
    Portrait,
    Trouble,
}

/// How far the portrait is.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    /// The photo is on its way; 0 to 1.
    Sending { fraction: f64 },
    /// The photo has arrived, the booth has not yet answered.
    Asking,
    /// In the queue; position 1 is next.
    Waiting {
        position: Option<u32>,
        eta_seconds: Option<u32>,
    },
    /// A worker has it; progress is 0 to 1.
    Making {
        stage: Option<Stage>,
        progress: f64,
        eta_seconds: Option<u32>,
    },
}

impl Phase {
    /// In the queue, before the booth has said where.
    pub const QUEUED: Self = Self::Waiting {
        position: None,
        eta_seconds: None,
    };
}

/// The finished portrait, and the job to ask when its addresses have stopped working.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Print {
    pub job_id: String,
    pub link: ResultLink,
}

impl Screen {
    pub fn place(&self) -> Place {
        match self {
            Self::Welcome => Place::Welcome,
            Self::Camera => Place::Camera,
            Self::Review => Place::Review,
            Self::Gallery => Place::Gallery,
            Self::Working(_) => Place::Working,
            Self::Portrait(_) => Place::Portrait,
            Self::Trouble(_) => Place::Trouble,
        }
    }
}
