//! Pieces that several screens are made of.

pub mod ambience;
pub mod deletion;
pub mod drop_veil;
pub mod file_notice;
pub mod file_picker;
pub mod icons;
pub mod leave_button;
pub mod print;
pub mod problem_card;
pub mod progress_bar;
pub mod retry;
pub mod still_there;
pub mod take_home;
pub mod theme_card;
pub mod top_bar;
pub mod viewfinder;
