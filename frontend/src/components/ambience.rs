//! The light of a world, out of focus behind a screen.

use leptos::prelude::*;

/// A picture as soft light behind everything; nothing without one.
#[component]
pub fn Ambience(#[prop(into)] url: Signal<Option<String>>) -> impl IntoView {
    view! {
        <div class="ambience" aria-hidden="true">
            {move || url.get().map(|url| view! { <img src=url alt="" /> })}
        </div>
    }
}
