//! 1. Coming in: a ticket with an address to upload to, the upload straight into storage, and the wish.

pub mod owner_secret;
pub mod submit;
pub mod ticket;

pub use submit::submit;
pub use ticket::issue_ticket;
