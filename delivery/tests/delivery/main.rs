//! The real binary with real clients of AWS, against a cloud and a booth of the tests' own.

// Clippy allows it in tests by itself, but not in what tests call.
#![allow(clippy::unwrap_used)]

mod booth;
mod by_hand;
mod events;
mod functions;
/// By which `cargo xtask release bootstrap` refuses what Lambda could not start.
#[path = "../../../xtask/src/release/glibc.rs"]
mod glibc;
mod hooks;
mod hooks_of_traffic;
mod ill_blue;
mod in_time;
mod runtime;
mod stage;
mod validator;
