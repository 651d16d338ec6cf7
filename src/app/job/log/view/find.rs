//! Looking for something in the whole log.

use std::time::Duration;

use leptos::{ev::KeyboardEvent, html, leptos_dom::helpers::TimeoutHandle, prelude::*};

use crate::{
    app::{
        job::log::state::log::Log,
        text::{Message, use_text, words},
    },
    browser::document,
};
use jobsphere_log::model::Matches;

/// The field's id.
pub(super) const FIELD: &str = "log-find";

const COUNT: &str = "log-find-count";

/// After the last letter, before the whole log is searched.
const TYPING: Duration = Duration::from_millis(120);

/// Lines around a match that can be shown with it.
const CONTEXTS: [u32; 4] = [0, 2, 5, 20];

impl Log {
    /// Moves the focus to the field.
    pub(super) fn focus_find(self) {
        document::focus(FIELD);
        document::select_text(FIELD);
    }
}

/// Whether the whole log was looked through for what is in the field.
fn has_looked(matches: &Matches) -> bool {
    matches.searched >= matches.of
}

/// The field, its switches, and what was found.
#[component]
pub(crate) fn Find(log: Log) -> impl IntoView {
    let text = use_text();
    let reading = log.reading;
    let field = NodeRef::<html::Input>::new();
    let typed = RwSignal::new(reading.find.get_untracked());
    // Where something else changes what is looked for, the field follows.
    Effect::new(move || typed.set(reading.find.get()));
    let pause = StoredValue::new(None::<TimeoutHandle>);
    let end_pause = move || {
        if let Some(pause) = pause.try_update_value(Option::take).flatten() {
            pause.clear();
        }
    };
    let settle = move || {
        end_pause();
        let now = typed.get_untracked();
        if reading.find.get_untracked() != now {
            reading.find.set(now);
        }
    };
    on_cleanup(end_pause);
    let on_input = move |event| {
        typed.set(event_target_value(&event));
        end_pause();
        pause.set_value(set_timeout_with_handle(settle, TYPING).ok());
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            settle();
            log.next_match(event.shift_key());
        }
        "Escape" => {
            event.prevent_default();
            event.stop_propagation();
            typed.set(String::new());
            settle();
            log.focus();
        }
        _ => {}
    };
    let is_looking = Memo::new(move |_| reading.is_looking());
    let error = Memo::new(move |_| log.matches.read().error.clone().filter(|_| is_looking.get()));
    let found = move || {
        let matches = log.matches.get();
        if !is_looking.get() || matches.error.is_some() {
            return String::new();
        }
        let count = matches.lines;
        match (has_looked(&matches), log.rank.get()) {
            (true, Some(rank)) if count > 0 => text.get(words::LogMatchOf { rank, count }),
            (true, _) if count == 0 => text.get(words::LogMatchesNone { lines: matches.of }),
            (true, _) => text.get(words::LogMatches { count }),
            (false, _) => {
                let share = text.percent(matches.searched as f64 / matches.of.max(1) as f64);
                text.get(words::LogMatchesSoFar { count, share })
            }
        }
    };
    let toggle = move |is_on: RwSignal<bool>, sign: &'static str, label: Message| {
        view! {
            <button
                type="button"
                class="log-sign"
                aria-label=text.say(label)
                title=text.say(label)
                aria-pressed=move || is_on.get().to_string()
                on:click=move |_| is_on.update(|is_on| *is_on = !*is_on)
            >
                {sign}
            </button>
        }
    };
    let step = move |goes_back: bool, sign: &'static str, label: Message| {
        view! {
            <button
                type="button"
                class="log-sign"
                aria-label=text.say(label)
                title=text.say(label)
                on:click=move |_| log.next_match(goes_back)
            >
                {sign}
            </button>
        }
    };
    view! {
        <div class="log-find" role="search" aria-label=text.say(words::LOG_FIND_LABEL)>
            <input
                id=FIELD
                type="search"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                placeholder=text.say(words::LOG_FIND_LABEL)
                aria-label=text.say(words::LOG_FIND_LABEL)
                aria-describedby=COUNT
                aria-invalid=move || error.read().is_some().to_string()
                node_ref=field
                prop:value=move || typed.get()
                on:input=on_input
                on:keydown=on_key
            />
            {toggle(reading.is_case_sensitive, "Aa", words::LOG_FIND_CASE)}
            {toggle(reading.is_regex, ".*", words::LOG_FIND_REGEX)}
            <Show when=move || is_looking.get()>
                {step(true, "↑", words::LOG_FIND_PREVIOUS)}
                {step(false, "↓", words::LOG_FIND_NEXT)}
            </Show>
            <span id=COUNT class="quiet number" role="status">
                {found}
            </span>
            {move || {
                error.get().map(|error| view! { <p class="notice notice-bad as-written" role="alert">{error}</p> })
            }}
        </div>
    }
}

/// Whether other lines than the matches are shown; not there while nothing is looked for.
///
/// It stands apart from the field: beside it, it would need a row of its own, and the log would move with the first letter.
#[component]
pub(crate) fn OnlyMatches(log: Log) -> impl IntoView {
    let text = use_text();
    let reading = log.reading;
    let is_looking = Memo::new(move |_| reading.is_looking());
    let choose = move |event| reading.only.set(event_target_value(&event).parse().ok());
    let context = move |lines: u32| {
        view! {
            <option value=lines.to_string() selected=move || reading.only.get() == Some(lines)>
                {move || text.get(words::LogOnly { count: lines })}
            </option>
        }
    };
    view! {
        <Show when=move || is_looking.get()>
            <select class="log-only" aria-label=text.say(words::LOG_ONLY_LABEL) on:change=choose>
                <option value="" selected=move || reading.only.get().is_none()>{text.say(words::LOG_ONLY_OFF)}</option>
                {CONTEXTS.map(context)}
            </select>
        </Show>
    }
}
