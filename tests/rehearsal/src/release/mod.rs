//! One whole release, played: what runs, in CodeDeploy's order, while guests keep coming and alarms are watched.
//!
//! `deployment.rs` says what comes after what and what is undone, and knows nothing of processes; `stage.rs` has what
//! runs; `actor.rs` does each step on the stage; `pipeline.rs` goes through the pipeline's stages.

pub mod actor;
pub mod alarms;
pub mod builds;
pub mod deployment;
pub mod faults;
pub mod functions;
pub mod guests;
pub mod mirror;
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
