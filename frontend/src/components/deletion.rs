//! Deleting the portrait and its photo from the booth, before the guest's eyes.

use crate::browser::page::focus_soon;
use crate::problem::Problem;
use crate::session::Session;
use leptos::{prelude::*, task::spawn_local};

/// Where the guest is with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deletion {
    NotAsked,
    /// The guest is asked whether they mean it.
    Asked,
    UnderWay,
    Failed(Problem),
}

/// The question and its buttons. `state` is the page's, which shows this in the place of its own buttons.
#[component]
pub fn DeleteQuestion(job_id: String, state: RwSignal<Deletion>) -> impl IntoView {
    let session = Session::current();
    let count = session.glance(|booth| booth.finished.len());
    let is_under_way = move || state.with(|it| *it == Deletion::UnderWay);
    focus_soon("#delete-question");
    let delete = move || {
        let job_id = job_id.clone();
        state.set(Deletion::UnderWay);
        spawn_local(async move {
            if let Err(problem) = session.delete_everything(job_id).await {
                // The guest may have left meanwhile.
                state.try_set(Deletion::Failed(problem));
            }
        });
    };
    view! {
        <section class="delete-question" data-testid="delete-question">
            <p id="delete-question" tabindex="-1">
                <span class="problem-message">"Delete now?"</span>
                <span class="problem-hint">{describe(count)}</span>
            </p>
            <p class="problem-hint" role="alert" data-testid="delete-problem">
                {move || state.with(describe_failure)}
            </p>
            <div class="actions">
                <button
                    class="button primary"
                    data-testid="delete-confirm"
                    aria-disabled=move || is_under_way().then_some("true")
                    on:click=move |_| {
                        if !is_under_way() {
                            delete();
                        }
                    }
                >
                    {move || state.with(name_confirmation)}
                </button>
                <button
                    class="button quiet"
                    data-testid="delete-cancel"
                    on:click=move |_| {
                        state.set(Deletion::NotAsked);
                        focus_soon("[data-testid='delete-now']");
                    }
                >
                    "Keep it"
                </button>
            </div>
        </section>
    }
}

fn describe(portraits: usize) -> String {
    match portraits {
        0 | 1 => "Your photo and portrait are deleted for good.".into(),
        _ => format!(
            "All {portraits} portraits of this visit and their photos are deleted for good."
        ),
    }
}

fn name_confirmation(state: &Deletion) -> &'static str {
    match state {
        Deletion::NotAsked | Deletion::Asked => "Delete now",
        Deletion::UnderWay => "Deleting",
        Deletion::Failed(_) => "Try again",
    }
}

/// The other problems' hints speak of making a portrait; this one is about getting rid of it.
fn describe_failure(state: &Deletion) -> String {
    match state {
        Deletion::Failed(problem) => format!(
            "Not everything is deleted yet. {} Try again, or ask the people who run the booth; \
             after 7 days it is deleted in any case.",
            problem.message()
        ),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_says_how_much_goes() {
        assert!(describe(1).starts_with("Your photo and portrait"));
        assert!(describe(3).contains("All 3 portraits"));
    }

    #[test]
    fn a_failed_deletion_says_why_and_what_to_do() {
        assert_eq!(describe_failure(&Deletion::UnderWay), "");
        let failed = Deletion::Failed(Problem::Offline);
        let words = describe_failure(&failed);
        assert!(words.contains(Problem::Offline.message()) && words.contains("Try again"));
        assert_eq!(name_confirmation(&failed), "Try again");
    }
}
