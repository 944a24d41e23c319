//! Dropping a picture file anywhere on the page.

use leptos::ev;
use leptos::prelude::{on_cleanup, window_event_listener};
use std::cell::Cell;
use std::rc::Rc;
use web_sys::{DragEvent, File};

/// Listens for as long as the component that calls this is shown.
///
/// `on_hover` hears whether a file hangs over the page, `on_file` gets the first file that falls.
pub fn watch_drops(on_hover: impl Fn(bool) + 'static, on_file: impl Fn(File) + 'static) {
    let on_hover = Rc::new(on_hover);
    // `dragleave` also fires between one element and the next: only when all are left is the file gone.
    let depth = Rc::new(Cell::new(0_i32));
    let (hover, entered) = (on_hover.clone(), depth.clone());
    let entering = window_event_listener(ev::dragenter, move |event| {
        if carries_file(&event) {
            entered.set(entered.get() + 1);
            hover(true);
        }
    });
    let (hover, left) = (on_hover.clone(), depth.clone());
    let leaving = window_event_listener(ev::dragleave, move |event| {
        if carries_file(&event) {
            left.set((left.get() - 1).max(0));
            hover(left.get() > 0);
        }
    });
    // Without this the browser refuses the drop, or opens the file in place of the page.
    let hovering = window_event_listener(ev::dragover, |event| event.prevent_default());
    let dropping = window_event_listener(ev::drop, move |event| {
        event.prevent_default();
        depth.set(0);
        on_hover(false);
        let file = event
            .data_transfer()
            .and_then(|data| data.files())
            .and_then(|files| files.get(0));
        if let Some(file) = file {
            on_file(file);
        }
    });
    on_cleanup(move || {
        entering.remove();
        leaving.remove();
        hovering.remove();
        dropping.remove();
    });
}

fn carries_file(event: &DragEvent) -> bool {
    event
        .data_transfer()
        .is_some_and(|data| data.types().includes(&"Files".into(), 0))
}
