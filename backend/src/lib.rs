//! The booth's backend: takes photos in, queues them, has portraits made and hands those out.
//!
//! The folders are the journey of a photo, in the order in which it happens: [`intake`] (ticket,
//! upload, submit), [`jobs`] (wait, claim, lease), [`rendering`] (the worker that calls `portrait`),
//! [`results`] (status, events, link, deletion). The files beside them are plumbing, which knows
//! nothing about the journey; [`router`] shows every address on one screen.

pub mod app;
pub mod clock;
pub mod config;
pub mod db;
mod description;
mod digest;
pub mod error;
pub mod extract;
pub mod frontend;
pub mod gallery;
pub mod guards;
pub mod headers;
pub mod health;
pub mod intake;
pub mod internal;
pub mod jobs;
mod panic_text;
pub mod photo_id;
pub mod rendering;
pub mod results;
pub mod router;
pub mod self_check;
pub mod storage;
pub mod telemetry;
