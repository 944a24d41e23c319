//! Drives the real server over HTTP: real database, real storage protocol, real models.

pub mod booth;
pub mod collectors;
mod connections;
mod control;
mod cors;
mod database;
mod description;
mod frontend;
mod guards;
mod health;
mod journey;
mod limits;
mod log;
mod protection;
mod queue;
mod releases;
mod retention;
pub mod share;
mod storage;
mod submit;
pub mod telemetry;
mod themes;
mod tickets;
