//! Drives the real server over HTTP: real database, real storage protocol, real models.

// Clippy allows it in tests by itself, but not in what tests call.
#![allow(clippy::unwrap_used)]

mod booth;
mod frontend;
mod health;
mod journey;
mod queue;
mod storage;
mod submit;
mod themes;
mod tickets;
