//! Several jobs that are made one after another: which it is, and how far an interrupted Run had come.

use leptos::prelude::*;

use crate::app::{
    new_job::state::submission::run::{Run, Turn},
    text::{Text, use_text, words},
};

/// Which of several jobs is submitted.
pub(super) fn turn_words(text: Text, turn: &Turn) -> String {
    text.get(words::RunTurn {
        number: turn.number,
        count: turn.count,
        label: turn.label.as_str(),
    })
}

/// That a Run was interrupted, and how far it had come.
#[component]
pub(crate) fn Interrupted(
    /// The Run.
    run: Run,
    /// Whether it goes on.
    is_running: Memo<bool>,
) -> impl IntoView {
    let text = use_text();
    let words = move || match run.sending.begun_count() {
        0 => text.get(words::DRAFT_INTERRUPTED),
        count => text.get(words::GroupInterrupted { count }),
    };
    view! {
        <Show when=move || run.sending.is_any() && !is_running.get()>
            <p class="notice">{words}</p>
        </Show>
    }
}
