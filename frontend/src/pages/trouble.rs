//! Something stands between the guest and the portrait: what it is, and the button that helps.

use crate::booth::{Event, Screen};
use crate::components::file_picker::{FilePicker, Source};
use crate::components::leave_button::LeaveButton;
use crate::components::problem_card::ProblemCard;
use crate::components::retry::Retry;
use crate::problem::Remedy;
use crate::session::Session;
use leptos::prelude::*;

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
                <LeaveButton />
            </div>
        }
    })
}

/// The buttons: first the one that most likely helps, then the way round.
#[component]
fn Way(remedy: Remedy) -> impl IntoView {
    let session = Session::current();
    let first = match remedy {
        Remedy::RetryAfter { .. } | Remedy::RetryWhenReached => {
            view! { <Retry remedy retry=move || session.make_portrait() /> }.into_any()
        }
        Remedy::ChooseTheme => {
            view! { <GoTo event=Event::AnotherTheme label="Choose another world" /> }.into_any()
        }
        Remedy::Retry => view! {
            <button
                class="button primary"
                data-testid="error-action"
                on:click=move |_| session.make_portrait()
            >
                "Try again"
            </button>
        }
        .into_any(),
        _ => view! {
            <GoTo event=Event::Retake label="Take another photo" />
            <FilePicker source=Source::Files look="button quiet" label="Choose a file" />
        }
        .into_any(),
    };
    // A bad photo is as bad in every world: there is only one way on.
    let second = match remedy {
        Remedy::RetryAfter { .. } => Some(("Cancel", Event::Cancelled)),
        Remedy::Retry | Remedy::RetryWhenReached | Remedy::ChooseTheme => {
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
