//! The worlds to choose from, each shown by a portrait made in it.

use crate::booth::{Choice, Event};
use crate::browser::page::rescue_focus;
use crate::components::ambience::Ambience;
use crate::components::problem_card::ProblemCard;
use crate::components::retry::Retry;
use crate::components::theme_card::ThemeCard;
use crate::components::top_bar::TopBar;
use crate::problem::Problem;
use crate::session::{Session, Shelf};
use api::{Theme, Variant};
use leptos::prelude::*;

#[component]
pub fn GalleryPage() -> impl IntoView {
    let session = Session::current();
    let mood = Signal::derive(move || {
        session.read(|booth| booth.choice.as_ref().map(|it| it.thumbnail_url.clone()))
    });
    // "Try again" goes away while it is tried.
    Effect::new(move |_| {
        session.shelf();
        rescue_focus();
    });
    view! {
        <div class="screen gallery">
            <Ambience url=mood />
            <TopBar title="Choose your world" back=(Event::BackToReview, "Back to your photo") />
            {move || match session.shelf() {
                Shelf::Loading => view! { <p class="waiting" role="status">"Opening the gallery"</p> }.into_any(),
                Shelf::Failed(problem) => view! { <NoThemes problem /> }.into_any(),
                Shelf::Filled(themes) => view! { <Worlds themes /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn NoThemes(problem: Problem) -> impl IntoView {
    let session = Session::current();
    let remedy = problem.remedy();
    let button = if remedy.is_automatic() {
        view! { <Retry remedy retry=move || session.load_themes() /> }.into_any()
    } else {
        view! {
            <button
                class="button primary"
                data-testid="error-action"
                on:click=move |_| session.load_themes()
            >
                "Try again"
            </button>
        }
        .into_any()
    };
    view! { <ProblemCard problem as_heading=false>{button}</ProblemCard> }
}

#[component]
fn Worlds(themes: Vec<Theme>) -> impl IntoView {
    let session = Session::current();
    let chosen_id =
        Memo::new(move |_| session.read(|booth| Some(booth.choice.as_ref()?.theme_id.clone())));
    let themes = StoredValue::new(themes);
    let chosen = Memo::new(move |_| {
        let id = chosen_id.get()?;
        themes.with_value(|all| all.iter().find(|theme| theme.id == id).cloned())
    });
    let cards = themes
        .get_value()
        .into_iter()
        .map(|theme| {
            let id = theme.id.clone();
            let choice = choose(&theme, None);
            view! {
                <ThemeCard
                    theme
                    chosen=Signal::derive(move || chosen_id.get().as_deref() == Some(&id))
                    on_choose=move || session.advance(Event::ThemeChosen(choice.clone()))
                />
            }
        })
        .collect_view();
    view! {
        <div class="theme-grid" role="radiogroup" aria-label="Worlds">
            {cards}
        </div>
        <div class="gallery-foot">
            <div class="about" aria-live="polite">
                {move || chosen.get().map(|theme| view! { <About theme /> })}
            </div>
            <button
                class="button primary"
                data-testid="make-portrait"
                disabled=move || chosen.with(Option::is_none)
                on:click=move |_| session.make_portrait()
            >
                {move || if chosen.with(Option::is_some) { "Make my portrait" } else { "Pick one above" }}
            </button>
        </div>
    }
}

/// The chosen theme in a sentence, and its variants where there is more than one.
#[component]
fn About(theme: Theme) -> impl IntoView {
    let theme = StoredValue::new(theme);
    let variants = theme.with_value(|it| it.variants.clone());
    let chips = (variants.len() > 1).then(|| {
        view! {
            <div class="variants" role="radiogroup" aria-label="Variants">
                {variants
                    .into_iter()
                    .enumerate()
                    .map(|(index, variant)| view! { <VariantChip theme variant is_default=index == 0 /> })
                    .collect_view()}
            </div>
        }
    });
    view! {
        <p class="theme-description">{theme.with_value(|it| it.description.clone())}</p>
        {chips}
    }
}

#[component]
fn VariantChip(theme: StoredValue<Theme>, variant: Variant, is_default: bool) -> impl IntoView {
    let session = Session::current();
    let id = variant.id.clone();
    let is_chosen = Memo::new(move |_| {
        session.read(|booth| {
            let chosen = booth.choice.as_ref().and_then(|it| it.variant_id.as_ref());
            chosen.map_or(is_default, |chosen| *chosen == id)
        })
    });
    let choice = theme.with_value(|theme| choose(theme, Some(&variant)));
    view! {
        <label class="chip" title=variant.description>
            <input
                type="radio"
                name="variant"
                class="visually-hidden"
                data-testid=format!("variant-{}", variant.id)
                prop:checked=is_chosen
                on:change=move |_| session.advance(Event::ThemeChosen(choice.clone()))
            />
            <span>{variant.name}</span>
        </label>
    }
}

fn choose(theme: &Theme, variant: Option<&Variant>) -> Choice {
    Choice {
        theme_id: theme.id.clone(),
        theme_name: theme.name.clone(),
        thumbnail_url: variant.map_or_else(
            || theme.thumbnail_url.clone(),
            |variant| variant.thumbnail_url.clone(),
        ),
        variant_id: variant.map(|variant| variant.id.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_alone_leaves_the_variant_to_the_backend() {
        let variant = Variant {
            id: "dawn".into(),
            name: "Dawn".into(),
            description: String::new(),
            thumbnail_url: "/dawn.jpg".into(),
        };
        let theme = Theme {
            id: "greek".into(),
            name: "Greek".into(),
            tagline: String::new(),
            description: String::new(),
            thumbnail_url: "/greek.jpg".into(),
            variants: vec![variant.clone()],
        };
        assert_eq!(choose(&theme, None).variant_id, None);
        let at_dawn = choose(&theme, Some(&variant));
        assert_eq!(at_dawn.variant_id.as_deref(), Some("dawn"));
        assert_eq!(at_dawn.thumbnail_url, "/dawn.jpg");
    }
}
