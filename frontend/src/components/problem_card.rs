//! What went wrong, what to do, and the buttons for it.

use crate::problem::Problem;
use leptos::prelude::*;

/// A problem in words. `children` are the buttons; the screen's heading is elsewhere when `as_heading` is false.
#[component]
pub fn ProblemCard(
    problem: Problem,
    #[prop(default = true)] as_heading: bool,
    children: Children,
) -> impl IntoView {
    let message = problem.message().to_owned();
    view! {
        <section class="problem-card" data-testid="error">
            // Not around the buttons: a countdown among them would be read out every second.
            <div role="alert">
                {if as_heading {
                    view! { <h1 class="problem-message" tabindex="-1">{message}</h1> }.into_any()
                } else {
                    view! { <p class="problem-message">{message}</p> }.into_any()
                }}
                <p class="problem-hint">{problem.hint().to_owned()}</p>
            </div>
            <p class="problem-code" data-testid="error-code">
                {problem.code()}
            </p>
            <div class="actions">{children()}</div>
        </section>
    }
}
