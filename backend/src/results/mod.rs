//! 4. The portrait is handed out: status, live events, links; and the guest's photo is deleted.

mod events;
pub mod originals;
mod status;

pub use events::follow_job;
pub use status::show_job;
