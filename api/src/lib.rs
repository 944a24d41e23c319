//! The JSON that the booth's page and its backend speak, and the codes of everything that can go wrong.
//!
//! Only `serde` (and schemas for the API's description under the feature `openapi`), so that the same types compile for the server and for the browser (wasm32).
//! Field names are camelCase on the wire, values of enumerations `snake_case`.

mod error;
mod health;
mod process;
mod share;
mod theme;
mod upload;

pub use error::{ErrorBody, ErrorCode};
pub use health::{Component, ComponentState, Health, HealthStatus, Liveness, QueueState};
pub use process::{
    Deletion, Job, JobStatus, OutputFormat, ProcessRequest, ResultLink, Stage, SubmittedJob,
};
pub use share::{Share, SharedPortrait};
pub use theme::{Theme, Variant};
pub use upload::{UploadFlaw, UploadRequest, UploadTicket};

/// The largest photo a guest may upload, in bytes: 10 MB.
pub const MAX_UPLOAD_BYTES: u64 = 10 * 1024 * 1024;

/// The media types a photo may have; checked again by its bytes when it is decoded.
pub const PHOTO_TYPES: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];
