//! The portrait as a picture that looks after itself: addresses that stop working are asked for anew.

use crate::api::look_at_job;
use crate::backoff;
use crate::booth::{Booth, Event, Print, Screen};
use crate::browser::clock::sleep;
use crate::problem::Problem;
use crate::session::Session;
use api::{ErrorCode, Job, JobStatus, ResultLink};
use futures::StreamExt;
use futures::channel::mpsc;
use futures::future::{Either, abortable, select};
use leptos::{prelude::*, task::spawn_local};
use std::pin::pin;
use std::time::Duration;

/// Addresses are renewed so long before they end, or a fifth of their time where that is less.
const MARGIN_SECONDS: u64 = 60;
/// Browsers' timers count no further than 24 days; nobody looks at a portrait for longer than this.
const LONGEST_WAIT_SECONDS: u64 = 86_400;

/// The portrait that the booth shows now.
pub fn shown_print(booth: &Booth) -> Option<&Print> {
    match &booth.screen {
        Screen::Portrait(print) => Some(print),
        _ => None,
    }
}

/// What became of the picture: true once it is loaded, false when it could not be.
type Outcomes = mpsc::UnboundedReceiver<bool>;

/// The plain photo until the portrait has come over the network, then the portrait.
#[component]
pub fn PrintFrame(print: Print, photo_url: Option<String>, alt: String) -> impl IntoView {
    let session = Session::current();
    let url = RwSignal::new(print.link.url);
    let is_loaded = RwSignal::new(false);
    let is_late = RwSignal::new(false);
    let (outcome, outcomes) = mpsc::unbounded();
    let (failed, loaded) = (outcome.clone(), outcome);
    let (caring, handle) = abortable(look_after(session, url, is_late, outcomes));
    on_cleanup(move || handle.abort());
    spawn_local(async move {
        // Aborted when another screen is shown.
        let _ = caring.await;
    });
    view! {
        <figure class="print-frame" class:loaded=is_loaded>
            <img class="print-before" src=photo_url alt="" aria-hidden="true" />
            <img
                class="print-after"
                data-testid="portrait-image"
                src=url
                alt=alt
                width=print.link.width
                height=print.link.height
                on:load=move |_| {
                    is_loaded.set(true);
                    // Nobody listens any more only when the screen is going.
                    let _ = loaded.unbounded_send(true);
                }
                on:error=move |_| {
                    let _ = failed.unbounded_send(false);
                }
            />
            <p class="print-note" role="status" data-testid="portrait-note">
                {move || {
                    is_late.get().then_some("Your portrait is ready, but the picture does not load. We keep trying.")
                }}
            </p>
        </figure>
    }
}

/// Renews the addresses before they end, and at once when the picture does not load.
async fn look_after(
    session: Session,
    url: RwSignal<String>,
    is_late: RwSignal<bool>,
    mut outcomes: Outcomes,
) {
    let (mut is_broken, mut failures) = (false, 0);
    while let Some(print) = session.glance(|booth| shown_print(booth).cloned()) {
        if failures > 0 {
            sleep(backoff::wait_after(failures)).await;
        } else if breaks_before(&mut outcomes, renewal_wait(print.link.expires_in)).await {
            is_broken = true;
        }
        match judge(look_at_job(&print.job_id).await) {
            Renewal::Gone => return session.advance(Event::PortraitGone(print.job_id)),
            Renewal::Later => failures += 1,
            Renewal::Fresh(link) => {
                let fresh_url = link.url.clone();
                let job_id = print.job_id;
                session.advance(Event::LinkRenewed(Print { job_id, link }));
                if is_broken {
                    is_broken = !loads_from(fresh_url, url, &mut outcomes).await;
                }
                failures = if is_broken { failures + 1 } else { 0 };
            }
        }
        is_late.set(is_broken);
    }
}

/// Whether the picture turns out not to load within that time.
async fn breaks_before(outcomes: &mut Outcomes, wait: Duration) -> bool {
    let breaking = async { while outcomes.next().await != Some(false) {} };
    matches!(
        select(pin!(breaking), pin!(sleep(wait))).await,
        Either::Left(_)
    )
}

/// Shows the picture from another address; addresses signed in the same second are one address, which failed.
async fn loads_from(fresh_url: String, url: RwSignal<String>, outcomes: &mut Outcomes) -> bool {
    if url.get_untracked() == fresh_url {
        return false;
    }
    url.set(fresh_url);
    outcomes.next().await == Some(true)
}

fn renewal_wait(expires_in_seconds: u64) -> Duration {
    let margin_seconds = MARGIN_SECONDS.min(expires_in_seconds / 5);
    let seconds = expires_in_seconds - margin_seconds;
    Duration::from_secs(seconds.clamp(1, LONGEST_WAIT_SECONDS))
}

/// What the backend's answer means for the portrait's addresses.
#[derive(Debug, PartialEq)]
enum Renewal {
    Fresh(ResultLink),
    /// The portrait has been deleted.
    Gone,
    /// Nobody can tell now.
    Later,
}

fn judge(answer: Result<Job, Problem>) -> Renewal {
    match answer {
        Ok(Job {
            status: JobStatus::Completed,
            result: Some(link),
            ..
        }) => Renewal::Fresh(link),
        Ok(_) => Renewal::Gone,
        Err(problem) if problem == ErrorCode::UnknownPhoto.into() => Renewal::Gone,
        Err(_) => Renewal::Later,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(result: Option<ResultLink>) -> Job {
        Job {
            id: "p1".into(),
            status: JobStatus::Completed,
            theme_id: "greek".into(),
            variant_id: "temple".into(),
            stage: None,
            progress: 1.0,
            queue_position: None,
            eta_seconds: None,
            result,
            error: None,
            release: None,
        }
    }

    #[test]
    fn addresses_are_renewed_before_they_end() {
        assert_eq!(renewal_wait(86_400).as_secs(), 86_340);
        assert_eq!(renewal_wait(900).as_secs(), 840);
        assert_eq!(renewal_wait(10).as_secs(), 8);
        assert_eq!(renewal_wait(0).as_secs(), 1);
        assert_eq!(renewal_wait(u64::MAX).as_secs(), 86_400);
    }

    #[test]
    fn only_a_portrait_that_the_booth_does_not_know_is_gone() {
        let link = ResultLink {
            url: "/portraits/1?fresh".into(),
            download_url: "/portraits/1?save".into(),
            expires_in: 900,
            content_type: "image/jpeg".into(),
            width: 2400,
            height: 3200,
            bytes: 2_000_000,
            faces: 1,
        };
        let fresh = judge(Ok(completed(Some(link.clone()))));
        assert_eq!(fresh, Renewal::Fresh(link));
        assert_eq!(judge(Ok(completed(None))), Renewal::Gone);
        let unknown = judge(Err(ErrorCode::UnknownPhoto.into()));
        assert_eq!(unknown, Renewal::Gone);
        assert_eq!(judge(Err(Problem::Offline)), Renewal::Later);
        assert_eq!(judge(Err(ErrorCode::Internal.into())), Renewal::Later);
    }
}
