//! Why a chosen or dropped file was not taken, above the screen at which it was.

use crate::browser::page::rescue_focus;
use crate::components::file_picker::{FilePicker, Source};
use crate::session::Session;
use leptos::prelude::*;

/// Nothing until a file is refused; goes away with the screen, with the next photo or when closed.
#[component]
pub fn FileNotice() -> impl IntoView {
    let session = Session::current();
    let notice = move || {
        session.file_problem().map(|problem| {
            view! {
                <aside class="file-notice" data-testid="error">
                    <div role="alert">
                        <p class="problem-message">{problem.message().to_owned()}</p>
                        <p class="problem-hint">{problem.hint().to_owned()}</p>
                    </div>
                    <p class="problem-code" data-testid="error-code">
                        {problem.code()}
                    </p>
                    <div class="actions">
                        <FilePicker
                            source=Source::Files
                            look="button primary"
                            label="Choose another file"
                            testid="error-action"
                            field_testid="file-input-again"
                        />
                        <button
                            class="button quiet"
                            on:click=move |_| {
                                session.dismiss_file_problem();
                                rescue_focus();
                            }
                        >
                            "Close"
                        </button>
                    </div>
                </aside>
            }
        })
    };
    view! { {notice} }
}
