//! Drives the real server over HTTP: real database, real storage protocol, real models.

mod booth;
mod frontend;
mod health;
mod journey;
mod queue;
mod storage;
mod submit;
mod themes;
mod tickets;
