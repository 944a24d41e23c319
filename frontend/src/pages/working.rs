//! The wait: the guest's own photo, what truly happens to it at this moment, and how long it will take.

use crate::booth::{Event, Phase, Screen};
use crate::components::ambience::Ambience;
use crate::components::leave_button::LeaveButton;
use crate::components::progress_bar::ProgressBar;
use crate::session::Session;
use crate::wording::{bar_fraction, describe_eta, describe_phase};
use leptos::prelude::*;

#[component]
pub fn WorkingPage() -> impl IntoView {
    let session = Session::current();
    let (photo_url, mood_url, theme_name) = session.glance(|booth| {
        let choice = booth.choice.clone();
        (
            booth.photo.as_ref().map(|photo| photo.preview_url.clone()),
            choice.as_ref().map(|choice| choice.thumbnail_url.clone()),
            choice.map_or_else(String::new, |choice| choice.theme_name),
        )
    });
    let phase = Memo::new(move |_| {
        session.read(|booth| match &booth.screen {
            Screen::Working(phase) => phase.clone(),
            // For the moment in which this screen makes way for the next.
            _ => Phase::Asking,
        })
    });
    let words = Memo::new(move |_| phase.with(|phase| describe_phase(phase, &theme_name)));
    view! {
        <div class="screen working">
            <Ambience url=Signal::stored(mood_url) />
            <h1 class="visually-hidden" tabindex="-1">"Making your portrait"</h1>
            <div class="stage">
                <figure class="developing">
                    <img src=photo_url alt="Your photo" />
                </figure>
            </div>
            <div class="working-words">
                <p class="stage-name" data-testid="stage" aria-hidden="true">{words}</p>
                <ProgressBar fraction=Signal::derive(move || phase.with(bar_fraction)) />
                <p class="eta">{move || phase.with(describe_eta)}</p>
                <p class="visually-hidden" role="status">{spoken(phase, words)}</p>
                <button class="button quiet" data-testid="cancel" on:click=move |_| session.advance(Event::Cancelled)>
                    "Cancel"
                </button>
            </div>
            <LeaveButton />
        </div>
    }
}

/// What screen readers say: every stage, but not every percent of the upload.
fn spoken(phase: Memo<Phase>, words: Memo<String>) -> Memo<String> {
    Memo::new(move |_| {
        if phase.with(|phase| matches!(phase, Phase::Sending { .. })) {
            "Sending your photo".to_owned()
        } else {
            words.get()
        }
    })
}
