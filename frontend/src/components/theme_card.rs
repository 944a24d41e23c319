//! One world on the shelf: an example portrait, a name, a few words.

use crate::components::icons::TickIcon;
use api::Theme;
use leptos::prelude::*;

/// A radio button that looks like a picture; the group is the gallery's.
#[component]
pub fn ThemeCard(
    theme: Theme,
    #[prop(into)] chosen: Signal<bool>,
    on_choose: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <label class="theme-card" data-testid=format!("theme-card-{}", theme.id)>
            <input
                type="radio"
                name="theme"
                class="visually-hidden"
                value=theme.id.clone()
                prop:checked=chosen
                on:change=move |_| on_choose()
            />
            <img src=theme.thumbnail_url.clone() alt="" width="600" height="800" decoding="async" />
            <span class="theme-tick"><TickIcon /></span>
            <span class="theme-words">
                <span class="theme-name">{theme.name.clone()}</span>
                <span class="theme-tagline">{theme.tagline.clone()}</span>
            </span>
        </label>
    }
}
