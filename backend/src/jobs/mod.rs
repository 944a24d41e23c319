//! 2. Waiting: the queue in the `photos` table. A photo is enqueued, claimed with a lease, and finished, once.

pub mod backlog;
pub mod changes;
pub mod crew;
pub mod estimate;
pub mod outcome;
pub mod queue;
pub mod recovery;
pub mod words;

pub use changes::{Changes, News};
pub use outcome::Finished;
pub use queue::{Claim, Claimed};
