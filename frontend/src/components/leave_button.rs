//! The way out of the visit, on every screen of it.

use crate::booth::Event;
use crate::session::Session;
use leptos::prelude::*;

/// Ends the visit: photo, camera and portrait are dropped, and the next guest is asked anew.
#[component]
pub fn LeaveButton(
    /// The button's classes.
    #[prop(default = "leave-button")]
    look: &'static str,
    /// What it says: guests half-way are not done.
    #[prop(default = "Leave")]
    label: &'static str,
) -> impl IntoView {
    let session = Session::current();
    view! {
        <button class=look data-testid="done" on:click=move |_| session.advance(Event::Left)>
            {label}
        </button>
    }
}
