//! The veil that says "drop it here" while a file hangs over the page.

use crate::booth::Booth;
use crate::browser::drop::watch_drops;
use crate::components::icons::ImageIcon;
use crate::session::Session;
use leptos::prelude::*;

/// Takes files dropped anywhere, on those screens where a photo is wanted.
#[component]
pub fn DropVeil() -> impl IntoView {
    let session = Session::current();
    let hovers = RwSignal::new(false);
    watch_drops(
        move |over| hovers.set(over && session.glance(Booth::takes_photos)),
        move |file| {
            if session.glance(Booth::takes_photos) {
                session.take_file(file);
            }
        },
    );
    view! {
        <div class="drop-veil" class:shown=hovers aria-hidden="true">
            <div class="drop-target">
                <ImageIcon />
                <p>"Drop your photo"</p>
            </div>
        </div>
    }
}
