//! The portrait: look at it, take it home, make another.

use crate::booth::{Booth, Event, Print};
use crate::components::ambience::Ambience;
use crate::components::deletion::{DeleteQuestion, Deletion};
use crate::components::icons::{DownloadIcon, PhoneIcon};
use crate::components::leave_button::LeaveButton;
use crate::components::print::{PrintFrame, shown_print};
use crate::components::take_home::{TakeHome, TakingHome};
use crate::components::top_bar::TopBar;
use crate::session::Session;
use leptos::prelude::*;

#[component]
pub fn PortraitPage() -> impl IntoView {
    let session = Session::current();
    let shown = session.glance(|booth| Some((shown_print(booth)?.clone(), describe(booth))));
    shown.map(|(print, words)| view! { <Portrait print words /> })
}

struct Words {
    photo_url: Option<String>,
    mood_url: Option<String>,
    theme_name: String,
    file_stem: String,
}

fn describe(booth: &Booth) -> Words {
    let choice = booth.choice.as_ref();
    let theme_id = choice.map_or("portrait", |choice| choice.theme_id.as_str());
    Words {
        photo_url: booth.photo.as_ref().map(|photo| photo.preview_url.clone()),
        mood_url: choice.map(|choice| choice.thumbnail_url.clone()),
        theme_name: choice.map_or_else(String::new, |choice| choice.theme_name.clone()),
        file_stem: format!("photobooth-{theme_id}"),
    }
}

#[component]
fn Portrait(print: Print, words: Words) -> impl IntoView {
    let deletion = RwSignal::new(Deletion::NotAsked);
    let is_asked = Memo::new(move |_| deletion.with(|it| *it != Deletion::NotAsked));
    let alt = format!("Your portrait: {}", words.theme_name);
    let shown = print.clone();
    let home = TakingHome::new();
    view! {
        <div class="screen portrait">
            <Ambience url=Signal::stored(words.mood_url) />
            <TopBar title="Your portrait" />
            <div class="stage">
                <PrintFrame print=shown photo_url=words.photo_url alt />
            </div>
            {move || {
                if is_asked.get() {
                    let job_id = print.job_id.clone();
                    view! { <DeleteQuestion job_id state=deletion /> }.into_any()
                } else if home.is_open.get() {
                    let job_id = print.job_id.clone();
                    view! { <TakeHome job_id state=home /> }.into_any()
                } else {
                    view! { <Actions print=print.clone() file_stem=words.file_stem.clone() deletion home /> }.into_any()
                }
            }}
        </div>
    }
}

/// Take it home, make another, delete it, or go.
#[component]
fn Actions(
    print: Print,
    file_stem: String,
    deletion: RwSignal<Deletion>,
    home: TakingHome,
) -> impl IntoView {
    let session = Session::current();
    let Print { link, job_id } = print;
    let file_name = name_file(&file_stem, &link.content_type);
    // Always the latest: addresses are renewed while the screen is shown.
    let download_url = Memo::new(move |_| {
        session.read(|booth| Some(shown_print(booth)?.link.download_url.clone()))
    });
    view! {
        <div class="portrait-actions">
            <a class="button primary" data-testid="download" href=download_url download=file_name>
                <DownloadIcon />
                <span>"Download"</span>
                <span class="file-facts">{describe_file(link.width, link.height, link.bytes)}</span>
            </a>
            <button
                class="button quiet wide"
                data-testid="share"
                on:click=move |_| home.open(session, &job_id)
            >
                <PhoneIcon />
                "Take it with you"
            </button>
            <button
                class="button quiet"
                data-testid="another-theme"
                on:click=move |_| session.advance(Event::AnotherTheme)
            >
                "Another theme"
            </button>
            <button
                class="button quiet"
                data-testid="new-photo"
                on:click=move |_| session.advance(Event::Retake)
            >
                "New photo"
            </button>
            <button
                class="button quiet"
                data-testid="delete-now"
                on:click=move |_| deletion.set(Deletion::Asked)
            >
                "Delete now"
            </button>
            <LeaveButton look="button quiet" label="Done" />
        </div>
    }
}

/// What a saved portrait is called.
pub fn name_file(stem: &str, content_type: &str) -> String {
    let ending = if content_type == "image/png" {
        "png"
    } else {
        "jpg"
    };
    format!("{stem}.{ending}")
}

/// Size and weight of a portrait's file.
pub fn describe_file(width: u32, height: u32, bytes: u64) -> String {
    let megabytes = bytes as f64 / 1_000_000.0;
    format!("{width} × {height}, {megabytes:.1} MB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_named_and_described_as_what_it_is() {
        assert_eq!(
            name_file("photobooth-greek", "image/png"),
            "photobooth-greek.png"
        );
        assert_eq!(name_file("a", "image/jpeg"), "a.jpg");
        assert_eq!(describe_file(2400, 3200, 2_449_000), "2400 × 3200, 2.4 MB");
    }
}
