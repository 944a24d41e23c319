//! The page itself: its splash, its title, where the keyboard's focus is, whether anybody uses it.

use leptos::ev;
use leptos::prelude::{
    on_cleanup, request_animation_frame, window_event_listener, window_event_listener_untyped,
};
use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement};

/// What a guest cannot help doing at a page that they use.
const SIGNS_OF_LIFE: [&str; 4] = ["pointerdown", "pointermove", "keydown", "wheel"];

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Takes away what `index.html` shows while the program loads.
pub fn remove_splash() {
    if let Some(splash) = document().and_then(|page| page.get_element_by_id("splash")) {
        splash.remove();
    }
}

/// Names the browser's tab and the entry in screen readers' lists.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Moves the focus to the new screen's heading, so that screen readers read it and the keyboard starts there.
///
/// In the next frame, when the screen is in the document.
pub fn focus_heading() {
    request_animation_frame(|| {
        if let Some(window) = web_sys::window() {
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
        focus("main h1");
    });
}

/// Moves the focus to the first element of a selector, in the next frame.
pub fn focus_soon(selector: &'static str) {
    request_animation_frame(|| focus(selector));
}

/// Gives the focus a place when the element that had it is gone: the screen's heading. In the next frame.
pub fn rescue_focus() {
    request_animation_frame(|| {
        let focused = document().and_then(|page| page.active_element());
        if focused.is_none_or(|element| element.tag_name() == "BODY") {
            focus("main h1");
        }
    });
}

fn focus(selector: &str) {
    let element = document()
        .and_then(|page| page.query_selector(selector).ok().flatten())
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        // Fails for no element of a page that is shown.
        let _ = element.focus();
    }
}

/// Calls back when the network returns, for as long as the component that asks is shown.
pub fn watch_online(on_return: impl Fn() + 'static) {
    let listening = window_event_listener(ev::online, move |_| on_return());
    on_cleanup(move || listening.remove());
}

/// Calls back at everything that a guest does, for as long as the component that asks is shown.
pub fn watch_guest(on_sign: impl Fn() + Clone + 'static) {
    let listening = SIGNS_OF_LIFE.map(|name| {
        let on_sign = on_sign.clone();
        window_event_listener_untyped(name, move |_| on_sign())
    });
    on_cleanup(move || listening.into_iter().for_each(|it| it.remove()));
}
