//! 4. The portrait is handed out: status, live events, links to share; and the guest's photo is deleted.

pub mod control;
pub mod events;
pub mod originals;
pub mod removal;
pub mod shared;
pub mod sharing;
pub mod status;
pub mod sweeper;

pub use control::{cancel_job, delete_visit};
pub use events::follow_job;
pub use shared::{save_portrait, show_portrait, show_share};
pub use sharing::share_portrait;
pub use status::show_job;
