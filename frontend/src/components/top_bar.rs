//! The strip at the top of a screen: a way back and the screen's name.

use crate::booth::Event;
use crate::components::icons::BackIcon;
use crate::session::Session;
use leptos::prelude::*;

/// The heading of a screen, which takes the focus when the screen appears.
#[component]
pub fn TopBar(
    title: &'static str,
    /// What the back button does and is called; no button without.
    #[prop(optional)]
    back: Option<(Event, &'static str)>,
) -> impl IntoView {
    let session = Session::current();
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
                })} <h1 tabindex="-1">{title}</h1>
        </header>
    }
}
