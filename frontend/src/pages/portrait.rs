//! The portrait: look at it, take it home, make another.

use crate::booth::{Event, Screen};
use crate::components::ambience::Ambience;
use crate::components::icons::DownloadIcon;
use crate::components::top_bar::TopBar;
use crate::session::Session;
use api::ResultLink;
use leptos::prelude::*;

#[component]
pub fn PortraitPage() -> impl IntoView {
    let session = Session::current();
    let shown = session.glance(|booth| match &booth.screen {
        Screen::Portrait(result) => Some((result.clone(), describe(booth))),
        _ => None,
    });
    shown.map(|(result, words)| view! { <Portrait result words /> })
}

struct Words {
    photo_url: Option<String>,
    mood_url: Option<String>,
    theme_name: String,
    file_stem: String,
}

fn describe(booth: &crate::booth::Booth) -> Words {
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
fn Portrait(result: ResultLink, words: Words) -> impl IntoView {
    let session = Session::current();
    let is_loaded = RwSignal::new(false);
    let file_name = name_file(&words.file_stem, &result.content_type);
    view! {
        <div class="screen portrait">
            <Ambience url=Signal::stored(words.mood_url) />
            <TopBar title="Your portrait" />
            <div class="stage">
                <figure class="print-frame" class:loaded=is_loaded>
                    // The plain photo, until the portrait has come over the network.
                    <img class="print-before" src=words.photo_url alt="" aria-hidden="true" />
                    <img
                        class="print-after"
                        data-testid="portrait-image"
                        src=result.url
                        alt=format!("Your portrait: {}", words.theme_name)
                        width=result.width
                        height=result.height
                        on:load=move |_| is_loaded.set(true)
                    />
                </figure>
            </div>
            <div class="portrait-actions">
                <a
                    class="button primary"
                    data-testid="download"
                    href=result.download_url
                    download=file_name
                >
                    <DownloadIcon />
                    <span>"Download"</span>
                    <span class="file-facts">{describe_file(result.width, result.height, result.bytes)}</span>
                </a>
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
            </div>
        </div>
    }
}

fn name_file(stem: &str, content_type: &str) -> String {
    let ending = if content_type == "image/png" {
        "png"
    } else {
        "jpg"
    };
    format!("{stem}.{ending}")
}

fn describe_file(width: u32, height: u32, bytes: u64) -> String {
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
