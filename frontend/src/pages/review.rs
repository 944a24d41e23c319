//! The photo as it was taken: keep it or take another.

use crate::booth::Event;
use crate::components::ambience::Ambience;
use crate::components::top_bar::TopBar;
use crate::session::Session;
use leptos::prelude::*;

#[component]
pub fn ReviewPage() -> impl IntoView {
    let session = Session::current();
    // A photo dropped onto this screen takes the place of the one shown.
    let url = Signal::derive(move || {
        session.read(|booth| booth.photo.as_ref().map(|it| it.preview_url.clone()))
    });
    view! {
        <div class="screen review">
            <Ambience url />
            <TopBar title="Happy with it?" back=(Event::Retake, "Back to the camera") />
            <div class="stage">
                {move || url.get().map(|url| view! { <img class="photo" src=url alt="The photo you took" /> })}
            </div>
            <div class="actions bottom">
                <button
                    class="button quiet"
                    data-testid="retake"
                    on:click=move |_| session.advance(Event::Retake)
                >
                    "Retake"
                </button>
                <button
                    class="button primary"
                    data-testid="use-photo"
                    on:click=move |_| session.advance(Event::PhotoAccepted)
                >
                    "Use this photo"
                </button>
            </div>
        </div>
    }
}
