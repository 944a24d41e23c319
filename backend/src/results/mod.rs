//! 4. The portrait is handed out: status, live events, links; and the guest's photo is deleted.

pub mod control;
pub mod events;
pub mod originals;
pub mod removal;
pub mod status;
pub mod sweeper;

pub use control::{cancel_job, delete_visit};
pub use events::follow_job;
pub use status::show_job;
