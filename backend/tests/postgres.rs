//! Every test of the server, on PostgreSQL.

// Clippy allows it in tests by itself, but not in what tests call.
#![allow(clippy::unwrap_used)]

mod api;
mod roles;

/// Which database the tests of this program run on.
const ON_POSTGRES: bool = true;
