//! Something that is tried again by itself, after a wait that the guest can see, or at once when they press.

use crate::api::is_reachable;
use crate::backoff;
use crate::browser::clock::sleep;
use crate::browser::page::watch_online;
use crate::problem::Remedy;
use crate::session::Session;
use futures::future::abortable;
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// The button and the countdown for a remedy that the page can take by itself.
///
/// A booth that does not answer is only asked whether it does: the screen stays as it is until then.
#[component]
pub fn Retry(remedy: Remedy, retry: impl Fn() + Copy + 'static) -> impl IntoView {
    let misses = Session::current().glance(|booth| booth.misses);
    let needs_answer = remedy == Remedy::RetryWhenReached;
    let seconds = match remedy {
        Remedy::RetryAfter { seconds } => seconds,
        _ => backoff::wait_seconds(misses),
    };
    let left = RwSignal::new(seconds);
    let (waiting, handle) = abortable(async move {
        count_down(seconds, left).await;
        let mut failures = misses.max(1);
        while needs_answer && !is_reachable().await {
            failures += 1;
            count_down(backoff::wait_seconds(failures), left).await;
        }
        retry();
    });
    on_cleanup(move || handle.abort());
    spawn_local(async move {
        // Aborted when the guest does not want to wait.
        let _ = waiting.await;
    });
    if needs_answer {
        watch_online(retry);
    }
    view! {
        <p class="retry-line">
            {move || match left.get() {
                0 => view! { "Trying now" }.into_any(),
                seconds => view! {
                    "Trying again in " <span class="seconds" data-testid="retry-seconds">{seconds}</span> " s"
                }
                .into_any(),
            }}
        </p>
        <button class="button primary" data-testid="error-action" on:click=move |_| retry()>
            "Try again now"
        </button>
    }
}

async fn count_down(seconds: u32, left: RwSignal<u32>) {
    for second in (0..seconds).rev() {
        left.set(second + 1);
        sleep(Duration::from_secs(1)).await;
    }
    left.set(0);
}
