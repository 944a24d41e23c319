//! The strip at the top of a screen: a way back, the screen's name, a way out.

use crate::booth::Event;
use crate::components::icons::BackIcon;
use crate::components::leave_button::LeaveButton;
use crate::session::Session;
use leptos::prelude::*;

/// The heading of a screen, which takes the focus when the screen appears.
#[component]
pub fn TopBar(
    title: &'static str,
    /// What the back button does and is called. Neither it nor the way out without: that screen has its own.
    #[prop(optional)]
    back: Option<(Event, &'static str)>,
) -> impl IntoView {
    let session = Session::current();
    let leaves = back.is_some();
    view! {
        <header class="top-bar">
            {back
                .map(|(event, label)| {
                    view! {
                        <button
                            class="round-button"
                            aria-label=label
                            title=label
                            on:click=move |_| session.advance(event.clone())
                        >
                            <BackIcon />
                        </button>
                    }
                })} <h1 tabindex="-1">{title}</h1> {leaves.then(|| view! { <LeaveButton /> })}
        </header>
    }
}
