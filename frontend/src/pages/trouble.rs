//! Something stands between the guest and the portrait: what it is, and the button that helps.

use crate::booth::{Event, Screen};
use crate::browser::clock::sleep;
use crate::browser::page::watch_online;
use crate::components::file_picker::{FilePicker, Source};
use crate::components::problem_card::ProblemCard;
use crate::problem::Remedy;
use crate::session::Session;
use futures::future::abortable;
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

#[component]
pub fn TroublePage() -> impl IntoView {
    let session = Session::current();
    let shown = session.glance(|booth| match &booth.screen {
        Screen::Trouble(problem) => Some((
            problem.clone(),
            booth.photo.as_ref().map(|photo| photo.preview_url.clone()),
        )),
        _ => None,
    });
    shown.map(|(problem, photo_url)| {
        let remedy = problem.remedy();
        view! {
            <div class="screen trouble">
                <div class="stage">
                    <img class="photo" src=photo_url alt="Your photo, still here" />
                </div>
                <ProblemCard problem>
                    <Way remedy />
                </ProblemCard>
            </div>
        }
    })
}

/// The buttons: first the one that most likely helps, then the way round.
#[component]
fn Way(remedy: Remedy) -> impl IntoView {
    let session = Session::current();
    let first = match remedy {
        Remedy::RetryAfter { seconds } => view! { <RetryCountdown seconds /> }.into_any(),
        Remedy::ChooseTheme => {
            view! { <GoTo event=Event::AnotherTheme label="Choose another world" /> }.into_any()
        }
        Remedy::Retry => view! { <RetryNow label="Try again" /> }.into_any(),
        Remedy::RetryOnline => {
            watch_online(move || session.make_portrait());
            view! { <RetryNow label="Try again now" /> }.into_any()
        }
        _ => view! {
            <GoTo event=Event::Retake label="Take another photo" />
            <FilePicker source=Source::Files look="button quiet" label="Choose a file" />
        }
        .into_any(),
    };
    // A bad photo is as bad in every world: there is only one way on.
    let second = match remedy {
        Remedy::RetryAfter { .. } => Some(("Cancel", Event::Cancelled)),
        Remedy::Retry | Remedy::RetryOnline | Remedy::ChooseTheme => {
            Some(("New photo", Event::Retake))
        }
        _ => None,
    };
    let second = second.map(|(label, event)| {
        view! {
            <button
                class="button quiet"
                data-testid="error-way-round"
                on:click=move |_| session.advance(event.clone())
            >
                {label}
            </button>
        }
    });
    view! { {first} {second} }
}

#[component]
fn GoTo(event: Event, label: &'static str) -> impl IntoView {
    let session = Session::current();
    view! {
        <button
            class="button primary"
            data-testid="error-action"
            on:click=move |_| session.advance(event.clone())
        >
            {label}
        </button>
    }
}

#[component]
fn RetryNow(label: &'static str) -> impl IntoView {
    let session = Session::current();
    view! {
        <button class="button primary" data-testid="error-action" on:click=move |_| session.make_portrait()>
            {label}
        </button>
    }
}

/// Counts down before the guest's eyes, then asks again by itself.
#[component]
fn RetryCountdown(seconds: u32) -> impl IntoView {
    let session = Session::current();
    let left = RwSignal::new(seconds);
    let (counting, handle) = abortable(async move {
        for second in (0..seconds).rev() {
            sleep(Duration::from_secs(1)).await;
            left.set(second);
        }
        session.make_portrait();
    });
    on_cleanup(move || handle.abort());
    spawn_local(async move {
        // Aborted when the guest does not want to wait.
        let _ = counting.await;
    });
    view! {
        <button class="button primary" data-testid="error-action" on:click=move |_| session.make_portrait()>
            <span>"Trying again in " <span class="seconds" data-testid="retry-seconds">{left}</span> " s"</span>
        </button>
    }
}
