//! "Take it with you": a link to the portrait, as a QR code for the guest's own phone.

use crate::browser::address::{self, Reach, reach_of};
use crate::browser::clock::describe_moment;
use crate::browser::page::focus_soon;
use crate::browser::{clipboard, clock::sleep};
use crate::problem::Problem;
use crate::qr::outline;
use crate::session::Session;
use api::Share;
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// How long "Copied" is read.
const COPIED_LASTS: Duration = Duration::from_secs(3);

/// The link, as far as it is. None is made before the guest asks.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Link {
    NotAsked,
    /// No phone could open this page's address.
    OnlyHere,
    UnderWay,
    Made(Share),
    Failed(Problem),
}

/// What the portrait's page keeps of it: closed and opened again, the link is the same.
#[derive(Clone, Copy)]
pub struct TakingHome {
    pub is_open: RwSignal<bool>,
    link: RwSignal<Link>,
}

impl TakingHome {
    pub fn new() -> Self {
        Self {
            is_open: RwSignal::new(false),
            link: RwSignal::new(Link::NotAsked),
        }
    }

    /// Opens it, and asks for the link the first time.
    pub fn open(self, session: Session, job_id: &str) {
        self.is_open.set(true);
        if reach_of(&address::host()) == Reach::ThisDevice {
            self.link.set(Link::OnlyHere);
        } else if self.link.with_untracked(|it| *it == Link::NotAsked) {
            self.ask(session, job_id.to_owned());
        }
    }

    fn ask(self, session: Session, job_id: String) {
        self.link.set(Link::UnderWay);
        spawn_local(async move {
            let link = match session.share(&job_id).await {
                Ok(share) => Link::Made(share),
                Err(problem) => Link::Failed(problem),
            };
            // The guest may have left meanwhile.
            self.link.try_set(link);
        });
    }
}

/// In the place of the page's own buttons.
#[component]
pub fn TakeHome(job_id: String, state: TakingHome) -> impl IntoView {
    let session = Session::current();
    focus_soon("#take-home");
    let body = move || match state.link.get() {
        Link::NotAsked | Link::UnderWay => {
            view! { <p role="status">"Making the link"</p> }.into_any()
        }
        Link::OnlyHere => view! {
            <p data-testid="share-only-here">{describe_only_here(&address::host())}</p>
        }
        .into_any(),
        Link::Made(share) => view! { <LinkCard share /> }.into_any(),
        Link::Failed(problem) => {
            let job_id = job_id.clone();
            view! {
                <p role="alert">{format!("There is no link yet. {}", problem.message())}</p>
                <button
                    class="button primary"
                    data-testid="share-again"
                    on:click=move |_| state.ask(session, job_id.clone())
                >
                    "Try again"
                </button>
            }
            .into_any()
        }
    };
    view! {
        <section class="take-home" data-testid="share-panel">
            <h2 id="take-home" tabindex="-1">"Take it with you"</h2>
            {body}
            <button
                class="button quiet"
                data-testid="share-close"
                on:click=move |_| {
                    state.is_open.set(false);
                    focus_soon("[data-testid='share']");
                }
            >
                "Back"
            </button>
        </section>
    }
}

/// The code, what to do with it, and the link in letters.
#[component]
fn LinkCard(share: Share) -> impl IntoView {
    let url = format!("{}{}", address::origin(), share.path);
    let until = describe_moment(&share.expires_at);
    let wifi = (reach_of(&address::host()) == Reach::Network)
        .then_some(" It has to be in this booth's network.");
    let code = outline(&url).map(|code| {
        view! {
            <svg
                class="qr"
                data-testid="share-qr"
                viewBox=format!("0 0 {0} {0}", code.size)
                role="img"
                aria-label="The link as a QR code"
            >
                <path d=code.path />
            </svg>
        }
    });
    view! {
        {code}
        <div class="take-home-words">
            <p>"Point your phone's camera at the code."{wifi}</p>
            <p class="fine">{format!("The link works until {until}, for everybody who has it.")}</p>
        </div>
        <p class="share-link" data-testid="share-link">
            {url.clone()}
        </p>
        {clipboard::is_there().then(|| view! { <CopyButton url /> })}
    }
}

#[component]
fn CopyButton(url: String) -> impl IntoView {
    let is_copied = RwSignal::new(false);
    let copy = move |_| {
        let url = url.clone();
        spawn_local(async move {
            if clipboard::copy(&url).await {
                is_copied.try_set(true);
                sleep(COPIED_LASTS).await;
                is_copied.try_set(false);
            }
        });
    };
    view! {
        <button class="button quiet" data-testid="share-copy" on:click=copy>
            <span role="status">{move || if is_copied.get() { "Copied" } else { "Copy the link" }}</span>
        </button>
    }
}

fn describe_only_here(host: &str) -> String {
    format!(
        "This page is open at {host}, an address that only this device knows, so your phone could not follow a link \
         to it; download the portrait here instead."
    )
}
