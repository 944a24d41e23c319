//! How far something is, as a bar.

use crate::wording::percent;
use leptos::prelude::*;

/// 0 to 1, or a bar that only says "busy" while there is nothing to measure.
#[component]
pub fn ProgressBar(#[prop(into)] fraction: Signal<Option<f64>>) -> impl IntoView {
    let value = move || fraction.get().map(percent);
    let scale = move || format!("{:.4}", fraction.get().unwrap_or(0.0).clamp(0.0, 1.0));
    view! {
        <div
            class="progress-bar"
            class:busy=move || fraction.get().is_none()
            role="progressbar"
            aria-label="Your portrait"
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=value
            data-testid="progress"
        >
            <div class="progress-fill" style:transform=move || format!("scaleX({})", scale())></div>
        </div>
    }
}
