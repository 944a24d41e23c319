//! A button that takes a photo from a file, or from the phone's own camera app.

use crate::browser::photo_file::take_picked_file;
use crate::components::icons::{CameraIcon, ImageIcon};
use crate::session::Session;
use leptos::{html, prelude::*};

/// Where the file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A chooser for files that the booth takes. Naming the types makes iPhones turn HEIC into JPEG.
    Files,
    /// The phone's camera app, front camera first.
    PhoneCamera,
}

/// A file field that looks like a button: a real field for the keyboard and screen readers.
///
/// `look` is the button's classes. Tests find the button by `testid`, the field by `field_testid`.
#[component]
pub fn FilePicker(
    source: Source,
    look: &'static str,
    label: &'static str,
    #[prop(optional)] testid: Option<&'static str>,
    #[prop(default = "file-input")] field_testid: &'static str,
) -> impl IntoView {
    let session = Session::current();
    let field = NodeRef::<html::Input>::new();
    let take = move |_| {
        if let Some(file) = field.get().as_ref().and_then(take_picked_file) {
            session.take_file(file);
        }
    };
    let (accept, capture) = match source {
        Source::Files => ("image/jpeg,image/png,image/webp", None),
        Source::PhoneCamera => ("image/*", Some("user")),
    };
    view! {
        <label class=format!("file-picker {look}") data-testid=testid>
            <input
                type="file"
                class="visually-hidden"
                accept=accept
                capture=capture
                data-testid=field_testid
                node_ref=field
                on:click=move |_| session.note_errand_elsewhere()
                on:change=take
            />
            {match source {
                Source::Files => view! { <ImageIcon /> }.into_any(),
                Source::PhoneCamera => view! { <CameraIcon /> }.into_any(),
            }}
            <span>{label}</span>
        </label>
    }
}
