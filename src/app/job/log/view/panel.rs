//! The log on the page of its job.

use leptos::prelude::*;

use super::{
    hotkeys::KeySheet,
    rows::LogRows,
    status::{Broken, Filtered, Note, Status},
    toolbar::Toolbar,
};
use crate::{
    app::{
        job::{
            log::state::{aloud::say_what_comes, log::Log},
            state::ShownJob,
        },
        text::{use_text, words},
    },
    browser::document,
};

const PANEL: &str = "log";

/// The log with all that belongs to it.
#[component]
pub(crate) fn LogPanel(view: ShownJob) -> impl IntoView {
    let text = use_text();
    let log = view.log;
    let reading = log.reading;
    log.live_in_address();
    log.go_where_told();
    log.listen_to_keys();
    log.stay_while_selecting();
    say_what_comes(log);
    let is_ahead = Memo::new(move |_| log.is_ahead());
    Effect::new(move || {
        if reading.is_tall.get() {
            document::bring_into_view(PANEL);
        }
    });
    view! {
        <section id=PANEL class="log-panel" class:is-tall=move || reading.is_tall.get() aria-labelledby="log-heading">
            <div class="section-head">
                <h2 id="log-heading">{text.say(words::LOG_HEADING)}</h2>
                <Status log is_ahead />
            </div>
            <p class="print-only quiet">{text.say(words::PRINT_LOG)}</p>
            <Broken log />
            <Toolbar log />
            <Filtered log />
            <Note log />
            <div class="log-frame">
                <LogRows log is_ahead />
                <Follow log />
            </div>
            <KeySheet log />
        </section>
    }
}

/// The way back to the end, for who has left it.
#[component]
fn Follow(log: Log) -> impl IntoView {
    let text = use_text();
    let is_following = log.reading.is_following;
    // How many rows there were when the end was left.
    let left_at = Memo::new(move |was: Option<&Option<u64>>| {
        if is_following.get() {
            return None;
        }
        was.copied().flatten().or(Some(log.count.read_untracked().rows))
    });
    let below = Memo::new(move |_| left_at.get().map(|rows| log.count.read().rows.saturating_sub(rows)));
    let words = move || match below.get() {
        Some(0) | None => text.get(words::LOG_FOLLOW),
        Some(count) => text.get(words::LogBelow { count }),
    };
    view! {
        <Show when=move || !is_following.get()>
            <button type="button" class="log-follow" on:click=move |_| log.follow_end()>{words}</button>
        </Show>
    }
}
