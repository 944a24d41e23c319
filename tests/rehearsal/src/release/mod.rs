//! One whole release, played: what runs, in CodeDeploy's order, while guests keep coming and alarms are watched.
//!
//! `pipeline.rs` goes through the pipeline's stages on the `stage.rs`; `deployment.rs` says what comes after what and what
//! is undone, and knows nothing of processes; `actor.rs` does each step; `verdict.rs` judges what came of it.

pub mod actor;
pub mod alarms;
pub mod bad_green;
pub mod builds;
pub mod crowd;
pub mod deployment;
pub mod door;
pub mod faults;
pub mod functions;
pub mod guests;
pub mod history;
pub mod mirror;
pub mod opening;
pub mod page;
pub mod part;
pub mod pipeline;
pub mod report;
pub mod runtime;
pub mod settings;
pub mod shift;
pub mod stage;
pub mod task;
pub mod timeline;
pub mod traffic;
pub mod verdict;
