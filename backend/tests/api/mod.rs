//! Drives the real server over HTTP: real database, real storage protocol, real models.

mod booth;
mod control;
mod database;
mod frontend;
mod health;
mod journey;
mod queue;
mod retention;
mod storage;
mod submit;
mod themes;
mod tickets;
