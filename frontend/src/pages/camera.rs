//! The camera: see yourself, press, smile. Or take a photo from a file, always.

use crate::browser::camera::Lens;
use crate::browser::page::rescue_focus;
use crate::components::file_picker::{FilePicker, Source};
use crate::components::icons::SwitchIcon;
use crate::components::leave_button::LeaveButton;
use crate::components::problem_card::ProblemCard;
use crate::components::viewfinder::{Finder, Viewfinder};
use crate::problem::{Problem, Remedy};
use crate::session::Session;
use leptos::prelude::*;

#[component]
pub fn CameraPage() -> impl IntoView {
    let finder = Viewfinder::new(Session::current());
    finder.open(Lens::Front);
    let blocked = Memo::new(move |_| match finder.state.get() {
        Finder::Blocked(problem) => Some(problem),
        _ => None,
    });
    // The buttons change with it, the pressed one among them.
    Effect::new(move |_| {
        blocked.track();
        rescue_focus();
    });
    view! {
        <div class="screen camera">
            <h1 class="visually-hidden" tabindex="-1">"Take a photo"</h1>
            <div class="finder" class:blocked=move || blocked.with(Option::is_some)>
                <video
                    class="finder-video"
                    class:mirror=finder.is_mirror
                    class:live=move || finder.state.with(|state| *state == Finder::Live)
                    data-testid="camera-video"
                    aria-label="You, as the camera sees you"
                    autoplay
                    playsinline
                    prop:muted=true
                    node_ref=finder.video
                ></video>
                <p class="finder-hint" role="status">{move || describe(&finder.state.get(), finder.count.get())}</p>
                <Countdown finder />
                <LeaveButton />
                {move || blocked.get().map(|problem| view! { <Blocked finder problem /> })}
            </div>
            <Show when=move || blocked.with(Option::is_none)>
                <Controls finder />
            </Show>
        </div>
    }
}

fn describe(state: &Finder, count: Option<u32>) -> &'static str {
    match (state, count) {
        (Finder::Opening, _) => "Allow the camera when your browser asks",
        (Finder::Live, None) => "Face the light, and come close",
        (Finder::Live, Some(_)) => "Look into the lens",
        (Finder::Blocked(_), _) => "",
    }
}

/// The seconds before the shutter, large enough to be seen from two metres.
#[component]
fn Countdown(finder: Viewfinder) -> impl IntoView {
    view! {
        <div class="countdown" aria-live="assertive" data-testid="countdown">
            // A new element each second, so that its animation starts anew.
            {move || finder.count.get().map(|seconds| view! { <span class="count">{seconds}</span> })}
        </div>
    }
}

#[component]
fn Controls(finder: Viewfinder) -> impl IntoView {
    let is_live = move || finder.state.with(|state| *state == Finder::Live);
    let counts = move || finder.count.get().is_some();
    view! {
        <div class="camera-controls">
            <FilePicker source=Source::Files look="side-button" label="Upload" />
            <button
                class="shutter"
                class:counting=counts
                data-testid="capture"
                aria-label=move || if counts() { "Stop the countdown" } else { "Take the photo" }
                disabled=move || !is_live()
                on:click=move |_| finder.press_shutter()
            >
                <span class="shutter-dot"></span>
            </button>
            <Show when=move || finder.next_lens.with(Option::is_some) fallback=|| view! { <span></span> }>
                // It stays, and keeps the focus, while the other camera opens.
                <button
                    class="side-button"
                    data-testid="switch-camera"
                    aria-disabled=move || (!is_live()).then_some("true")
                    on:click=move |_| finder.switch()
                >
                    <SwitchIcon />
                    <span>"Switch"</span>
                </button>
            </Show>
        </div>
    }
}

/// Why there is no live picture, with the way on that fits. A file always does.
#[component]
fn Blocked(finder: Viewfinder, problem: Problem) -> impl IntoView {
    let buttons = match problem.remedy() {
        Remedy::PhoneCamera => view! {
            <FilePicker
                source=Source::PhoneCamera
                look="button primary"
                label="Open the camera"
                testid="error-action"
                field_testid="phone-camera-input"
            />
            <FilePicker source=Source::Files look="button quiet" label="Choose a photo" />
        }
        .into_any(),
        Remedy::ChooseFile => view! {
            <FilePicker
                source=Source::Files
                look="button primary"
                label="Choose a photo"
                testid="error-action"
            />
        }
        .into_any(),
        _ => view! {
            <FilePicker source=Source::Files look="button primary" label="Choose a photo" />
            <button
                class="button quiet"
                data-testid="error-action"
                on:click=move |_| finder.open(Lens::Front)
            >
                "Try the camera again"
            </button>
        }
        .into_any(),
    };
    view! { <ProblemCard problem as_heading=false>{buttons}</ProblemCard> }
}
