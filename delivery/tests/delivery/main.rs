//! The real binary with real clients of AWS, against a cloud and a booth of the tests' own.

mod booth;
mod events;
mod functions;
mod glibc;
mod hooks;
mod hooks_of_traffic;
mod in_time;
mod runtime;
mod stage;
mod validator;
