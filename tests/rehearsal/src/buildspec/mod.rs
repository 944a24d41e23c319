//! CodeBuild on this machine: buildspecs read strictly, and run with its semantics.

mod build;
mod files;
mod shell;
mod spec;

pub use build::{Build, Event, Outcome, PhaseOutcome, Project};
pub use files::find;
pub use spec::{Artifacts, Buildspec, Phase, PhaseName, Report};
