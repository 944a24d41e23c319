//! The first screen: what this is, what happens to the photo, and one button.

use crate::booth::Event;
use crate::components::icons::{CameraIcon, LockIcon};
use crate::session::{Session, Shelf};
use leptos::prelude::*;

/// Example portraits shown as prints; more would only cover each other.
const PRINTS: usize = 4;

/// Nothing opens and nothing is sent before the guest presses the button under the promise.
#[component]
pub fn WelcomePage() -> impl IntoView {
    let session = Session::current();
    let says_deleted = session.glance(|booth| booth.says_deleted);
    view! {
        <div class="screen welcome">
            <Prints />
            <div class="welcome-words">
                {says_deleted
                    .then(|| {
                        view! {
                            <p class="farewell" role="alert" data-testid="deleted">
                                "Photo and portrait are deleted. Nobody can see them any more."
                            </p>
                        }
                    })}
                <p class="brand">"AI Photobooth"</p>
                <h1 tabindex="-1">"Step into another " <em>"world"</em></h1>
                <p class="lead">"One photo, a world of your choice, and a painted portrait to take home."</p>
                <p class="promise">
                    <LockIcon />
                    <span>
                        "Your photo goes to this booth's own server and to nobody else. It is deleted when the portrait is done, after 24 hours at the latest; the portrait after 7 days."
                    </span>
                </p>
                <button
                    class="button primary grand"
                    data-testid="welcome-start"
                    on:click=move |_| session.advance(Event::Started)
                >
                    <CameraIcon />
                    <span>"Open the camera"</span>
                </button>
            </div>
        </div>
    }
}

/// The themes' example portraits, fanned out like prints on a table.
#[component]
fn Prints() -> impl IntoView {
    let session = Session::current();
    let prints = move || match session.shelf() {
        Shelf::Filled(themes) => themes
            .into_iter()
            .take(PRINTS)
            .map(|theme| view! { <Print url=theme.thumbnail_url /> })
            .collect_view()
            .into_any(),
        _ => (0..PRINTS)
            .map(|_| view! { <div class="print blank"></div> })
            .collect_view()
            .into_any(),
    };
    view! {
        <div class="prints" aria-hidden="true">
            {prints}
        </div>
    }
}

#[component]
fn Print(url: String) -> impl IntoView {
    view! { <img class="print" src=url alt="" width="600" height="800" /> }
}
