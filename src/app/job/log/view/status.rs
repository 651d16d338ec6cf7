//! What reading the log does now, and how much of it is shown.

use leptos::prelude::*;

use crate::{
    app::{
        job::log::state::log::Log,
        notice::ErrorNotice,
        text::{use_text, words},
        time::use_now,
    },
    browser::log_worker::messages::{Phase, Request},
};

/// One calm line about it.
#[component]
pub(crate) fn Status(log: Log, is_ahead: Memo<bool>) -> impl IntoView {
    let text = use_text();
    let now = use_now();
    let lines = Memo::new(move |_| log.count.read().lines);
    let size = Memo::new(move |_| log.count.read().offset);
    let words = move || match (&*log.phase.read(), lines.get()) {
        (None, _) => text.get(words::LOG_NOT_BEGUN),
        (Some(Phase::Connecting), 0) => text.get(words::LOG_CONNECTING),
        (Some(Phase::Following), 0) => text.get(words::LOG_WAITING),
        (Some(Phase::HeldBack), _) => text.get(words::LOG_HELD_BACK),
        (Some(Phase::Ended), 0) => text.get(words::LOG_EMPTY),
        (Some(Phase::Ended), count) => text.get(words::LogComplete { count }),
        (Some(Phase::Full), count) => text.get(words::LogFull { count }),
        (Some(Phase::Failed(_)), count) => text.get(words::LogBrokenOff { count }),
        (Some(Phase::Lost { .. }), _) => {
            let at = log.lost.read().as_ref().map_or(0, |lost| lost.retry_at_ms);
            let seconds = (at - now.get() + 999).max(0) / 1000;
            text.get(words::LogLost { seconds })
        }
        (_, count) if is_ahead.get() => text.get(words::LogAhead { count }),
        (_, count) => text.get(words::LogSoFar { count }),
    };
    let is_lost = Memo::new(move |_| matches!(*log.phase.read(), Some(Phase::Lost { .. })));
    view! {
        <span class="quiet log-note">
            <span>{words}</span>
            <Show when=move || { size.get() > 0 }>
                <span class="number">{move || text.size(size.get() as f64)}</span>
            </Show>
        </span>
        <Show when=move || is_lost.get()>
            <button type="button" on:click=move |_| log.ask(Request::Retry)>{text.say(words::LOG_RETRY)}</button>
        </Show>
    }
}

/// Why it cannot be read, with another try.
#[component]
pub(crate) fn Broken(log: Log) -> impl IntoView {
    let text = use_text();
    let error = move || match &*log.phase.read() {
        Some(Phase::Failed(error)) => Some(error.clone()),
        _ => None,
    };
    let again = move |_| log.try_again();
    move || {
        error().map(|error| {
            view! {
                <ErrorNotice error />
                <div><button type="button" on:click=again>{text.say(words::LOG_TRY_AGAIN)}</button></div>
            }
        })
    }
}

/// That not all lines are shown, and the way back to all.
#[component]
pub(crate) fn Filtered(log: Log) -> impl IntoView {
    let text = use_text();
    let is_filtered = Memo::new(move |_| {
        let filter = log.reading.filter();
        !filter.sources.is_empty() || filter.matches_with_context.is_some()
    });
    let words = move || {
        let count = log.count.read();
        let (rows, lines) = (count.rows, count.lines);
        if log.reading.filter().matches_with_context.is_some() && rows == 0 {
            text.get(words::LogFilteredNone { count: lines })
        } else {
            text.get(words::LogFiltered { rows, count: lines })
        }
    };
    view! {
        <Show when=move || is_filtered.get()>
            <p class="log-filtered">
                <span>{words}</span>
                <button type="button" on:click=move |_| log.reading.show_all()>{text.say(words::LOG_SHOW_ALL)}</button>
            </p>
        </Show>
    }
}

/// What was done last, until it is put away.
#[component]
pub(crate) fn Note(log: Log) -> impl IntoView {
    let text = use_text();
    let note = log.reading.note;
    view! {
        <Show when=move || !note.read().is_empty()>
            <p class="log-filtered">
                <span>{note}</span>
                <button type="button" on:click=move |_| note.set(String::new())>
                    {text.say(words::LOG_NOTE_CLOSE)}
                </button>
            </p>
        </Show>
    }
}
