//! Line drawings for buttons: 24 units square, in the colour of the text beside them.

use leptos::prelude::*;

#[component]
fn Icon(children: Children) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            {children()}
        </svg>
    }
}

/// A camera.
#[component]
pub fn CameraIcon() -> impl IntoView {
    view! {
        <Icon>
            <path d="M4 8h3.2l1.6-2.5h6.4L16.8 8H20a1.5 1.5 0 0 1 1.5 1.5v8A1.5 1.5 0 0 1 20 19H4a1.5 1.5 0 0 1-1.5-1.5v-8A1.5 1.5 0 0 1 4 8Z" />
            <circle cx="12" cy="13.2" r="3.4" />
        </Icon>
    }
}

/// A picture: a photo from a file.
#[component]
pub fn ImageIcon() -> impl IntoView {
    view! {
        <Icon>
            <rect x="3.5" y="4.5" width="17" height="15" rx="2" />
            <circle cx="9" cy="9.8" r="1.6" />
            <path d="m4 17 4.6-4.2 3.2 2.8 3.8-4.1 4.6 4.6" />
        </Icon>
    }
}

/// Two arrows in a circle: the other camera.
#[component]
pub fn SwitchIcon() -> impl IntoView {
    view! {
        <Icon>
            <path d="M19.5 10A8 8 0 0 0 5.2 7.4L3.5 9.5" />
            <path d="M3.5 4.8v4.7h4.7" />
            <path d="M4.5 14a8 8 0 0 0 14.3 2.6l1.7-2.1" />
            <path d="M20.5 19.2v-4.7h-4.7" />
        </Icon>
    }
}

/// An arrow to the left: back.
#[component]
pub fn BackIcon() -> impl IntoView {
    view! {
        <Icon>
            <path d="M14.5 5.5 8 12l6.5 6.5" />
        </Icon>
    }
}

/// An arrow onto a line: save the file.
#[component]
pub fn DownloadIcon() -> impl IntoView {
    view! {
        <Icon>
            <path d="M12 4v11" />
            <path d="m7 10.5 5 5 5-5" />
            <path d="M5 19.5h14" />
        </Icon>
    }
}

/// A phone: take it along.
#[component]
pub fn PhoneIcon() -> impl IntoView {
    view! {
        <Icon>
            <rect x="7" y="2.8" width="10" height="18.4" rx="2.2" />
            <path d="M10.8 18.2h2.4" />
        </Icon>
    }
}

/// A padlock: nobody else sees it.
#[component]
pub fn LockIcon() -> impl IntoView {
    view! {
        <Icon>
            <rect x="5" y="10.5" width="14" height="9" rx="2" />
            <path d="M8 10.5V8a4 4 0 0 1 8 0v2.5" />
        </Icon>
    }
}

/// A tick: this one is chosen.
#[component]
pub fn TickIcon() -> impl IntoView {
    view! {
        <Icon>
            <path d="m5.5 12.5 4.2 4.2 8.8-9.2" />
        </Icon>
    }
}
