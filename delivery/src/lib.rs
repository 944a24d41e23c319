//! Judges releases. A deployment asks its hooks whether to go on, the pipeline asks the validator whether the booth is
//! well, and the events function notes how it all went.
//!
//! Everything is a [`examination::Check`]: a name, an outcome and what was seen. Checks read AWS through [`aws`], the booth
//! through [`booth`], and are over when their [`deadline::Deadline`] says so.

pub mod aws;
pub mod booth;
pub mod checks;
pub mod deadline;
pub mod events;
pub mod examination;
pub mod finding;
pub mod hooks;
pub mod lambda;
pub mod load;
pub mod page;
pub mod place;
pub mod report;
pub mod sample;
pub mod settings;
pub mod trace;
pub mod validation;
