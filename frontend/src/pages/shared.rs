//! The portrait as whoever follows a shared link sees it: look, save, and nothing else of the booth.

use crate::api::look_at_share;
use crate::browser::clock::describe_moment;
use crate::browser::page;
use crate::components::icons::DownloadIcon;
use crate::components::problem_card::ProblemCard;
use crate::pages::portrait::{describe_file, name_file};
use crate::problem::Problem;
use api::{ErrorCode, SharedPortrait};
use leptos::{prelude::*, task::spawn_local};

/// What the link leads to, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Finding {
    Looking,
    Found(SharedPortrait),
    /// The link has ended, or never was.
    Ended,
    Failed(Problem),
}

/// The token in the address of a shared portrait's page; nothing for any other page of the booth.
pub fn token_in(path: &str) -> Option<&str> {
    path.strip_prefix("/s/").filter(|token| !token.is_empty())
}

#[component]
pub fn SharedPage(token: String) -> impl IntoView {
    let finding = RwSignal::new(Finding::Looking);
    let token = StoredValue::new(token);
    let look = move || {
        finding.set(Finding::Looking);
        spawn_local(async move {
            finding.set(judge(look_at_share(&token.get_value()).await));
        });
    };
    // The link may have ended since it was followed.
    let check = move || {
        spawn_local(async move {
            finding.set(match judge(look_at_share(&token.get_value()).await) {
                Finding::Found(_) => Finding::Failed(Problem::Offline),
                other => other,
            });
        });
    };
    look();
    page::set_title("Your portrait · AI Photobooth");
    view! {
        <main>
            {move || match finding.get() {
                Finding::Looking => view! { <p class="visually-hidden" role="status">"Opening the portrait"</p> }.into_any(),
                Finding::Found(portrait) => view! { <Found portrait on_failure=check /> }.into_any(),
                Finding::Ended => view! { <Ended /> }.into_any(),
                Finding::Failed(problem) => view! { <Failed problem retry=look /> }.into_any(),
            }}
        </main>
    }
}

fn judge(answer: Result<SharedPortrait, Problem>) -> Finding {
    match answer {
        Ok(portrait) => Finding::Found(portrait),
        Err(problem) => {
            let ends = [ErrorCode::UnknownShare, ErrorCode::NotFound].map(Problem::from);
            if ends.contains(&problem) {
                Finding::Ended
            } else {
                Finding::Failed(problem)
            }
        }
    }
}

#[component]
fn Found(portrait: SharedPortrait, on_failure: impl Fn() + 'static) -> impl IntoView {
    let is_loaded = RwSignal::new(false);
    let file_name = name_file(
        &format!("photobooth-{}", portrait.theme_id),
        &portrait.content_type,
    );
    let facts = describe_file(portrait.width, portrait.height, portrait.bytes);
    let until = describe_moment(&portrait.expires_at);
    view! {
        <div class="screen portrait shared">
            <header class="top-bar">
                <h1 tabindex="-1">"Your portrait"</h1>
            </header>
            <div class="stage">
                <figure class="print-frame" class:loaded=is_loaded>
                    <img
                        class="print-after"
                        data-testid="portrait-image"
                        src=portrait.url
                        alt=format!("A painted portrait: {}", portrait.theme_name)
                        width=portrait.width
                        height=portrait.height
                        on:load=move |_| is_loaded.set(true)
                        on:error=move |_| on_failure()
                    />
                </figure>
            </div>
            <div class="portrait-actions">
                <a class="button primary" data-testid="download" href=portrait.download_url download=file_name>
                    <DownloadIcon />
                    <span>"Save"</span>
                    <span class="file-facts">{facts}</span>
                </a>
                <p class="fine" data-testid="share-end">
                    {format!("This link works until {until}. Save the portrait to keep it.")}
                </p>
            </div>
        </div>
    }
}

#[component]
fn Ended() -> impl IntoView {
    view! {
        <div class="screen shared-notice">
            <ProblemCard problem=ErrorCode::UnknownShare.into()>
                <a class="button primary" href="/">
                    "To the booth"
                </a>
            </ProblemCard>
        </div>
    }
}

#[component]
fn Failed(problem: Problem, retry: impl Fn() + 'static) -> impl IntoView {
    view! {
        <div class="screen shared-notice">
            <section class="problem-card" data-testid="error">
                <div role="alert">
                    <h1 class="problem-message" tabindex="-1">
                        {problem.message().to_owned()}
                    </h1>
                    <p class="problem-hint">
                        "The portrait is still there. Check this device's connection, then try again."
                    </p>
                </div>
                <div class="actions">
                    <button class="button primary" data-testid="error-action" on:click=move |_| retry()>
                        "Try again"
                    </button>
                </div>
            </section>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_address_of_a_link_holds_a_token() {
        assert_eq!(token_in("/s/abc-_1"), Some("abc-_1"));
        for path in ["/", "/s", "/s/", "/share/abc", "/portrait/s/abc"] {
            assert_eq!(token_in(path), None, "{path}");
        }
    }

    #[test]
    fn only_a_link_that_the_booth_does_not_know_has_ended() {
        for code in [ErrorCode::UnknownShare, ErrorCode::NotFound] {
            assert_eq!(judge(Err(code.into())), Finding::Ended);
        }
        for problem in [
            Problem::Offline,
            ErrorCode::NotReady.into(),
            ErrorCode::Internal.into(),
        ] {
            assert_eq!(judge(Err(problem.clone())), Finding::Failed(problem));
        }
    }
}
