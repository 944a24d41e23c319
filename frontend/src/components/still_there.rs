//! The question whether anybody is still there, and the end of the visit when nobody answers.

use crate::booth::Event;
use crate::browser::page::{rescue_focus, watch_guest};
use crate::presence::{NOTICE_SECONDS, Outlook};
use crate::session::Session;
use leptos::prelude::*;
use std::time::Duration;

/// How often it is looked whether somebody is there: the countdown shows seconds.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// Nothing while guests are busy; any touch or key is an answer, the button is for those who look for one.
#[component]
pub fn StillThere() -> impl IntoView {
    let session = Session::current();
    let asked = RwSignal::new(None);
    let look = move || match session.outlook() {
        Outlook::Here => asked.set(None),
        Outlook::Asked { seconds_left } => asked.set(Some(seconds_left)),
        Outlook::Gone => {
            asked.set(None);
            session.advance(Event::Left);
        }
    };
    if let Ok(looking) = set_interval_with_handle(look, LOOK_INTERVAL) {
        on_cleanup(move || looking.clear());
    }
    watch_guest(move || session.note_presence());
    view! {
        <Show when=move || asked.with(Option::is_some)>
            <aside class="still-there" data-testid="still-there">
                <p role="alert">
                    "Still there?"
                    <span class="visually-hidden">
                        {format!(" Without a sign of you this visit ends in {NOTICE_SECONDS} seconds.")}
                    </span>
                </p>
                <p class="still-there-count" aria-hidden="true">
                    "Closing in " <span class="seconds">{asked}</span> " s"
                </p>
                <button
                    class="button quiet"
                    data-testid="still-here"
                    on:click=move |_| {
                        asked.set(None);
                        rescue_focus();
                    }
                >
                    "I am here"
                </button>
            </aside>
        </Show>
    }
}
