//! The frame around all screens: shows the one that the guest is at, and moves the focus there.

use crate::booth::Place;
use crate::browser::page;
use crate::components::{drop_veil::DropVeil, file_notice::FileNotice, still_there::StillThere};
use crate::pages::{
    camera::CameraPage, gallery::GalleryPage, portrait::PortraitPage, review::ReviewPage,
    trouble::TroublePage, welcome::WelcomePage, working::WorkingPage,
};
use crate::session::Session;
use leptos::prelude::*;

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let session = Session::begin();
    provide_context(session);
    let place = session.place();
    announce_each(place);
    view! {
        <main>
            {move || match place.get() {
                Place::Welcome => view! { <WelcomePage /> }.into_any(),
                Place::Camera => view! { <CameraPage /> }.into_any(),
                Place::Review => view! { <ReviewPage /> }.into_any(),
                Place::Gallery => view! { <GalleryPage /> }.into_any(),
                Place::Working => view! { <WorkingPage /> }.into_any(),
                Place::Portrait => view! { <PortraitPage /> }.into_any(),
                Place::Trouble => view! { <TroublePage /> }.into_any(),
            }}
        </main>
        <FileNotice />
        <StillThere />
        <DropVeil />
    }
}

/// Names each new screen and moves the focus to its heading; the first one is left to the browser.
fn announce_each(place: Memo<Place>) {
    Effect::new(move |before: Option<Place>| {
        let now = place.get();
        page::set_title(name_tab(now));
        if before.is_some_and(|before| before != now) {
            page::focus_heading();
        }
        now
    });
}

fn name_tab(place: Place) -> &'static str {
    match place {
        Place::Welcome => "AI Photobooth",
        Place::Camera => "Take a photo · AI Photobooth",
        Place::Review => "Your photo · AI Photobooth",
        Place::Gallery => "Choose a world · AI Photobooth",
        Place::Working => "Making your portrait · AI Photobooth",
        Place::Portrait => "Your portrait · AI Photobooth",
        Place::Trouble => "Something is in the way · AI Photobooth",
    }
}
