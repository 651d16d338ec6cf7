//! The switches above the log.

use leptos::prelude::*;

use super::{
    find::{Find, OnlyMatches},
    menu::Menu,
    save::SaveMenu,
    sources::Sources,
};
use crate::app::{
    job::log::state::log::Log,
    text::{Message, Text, use_text, words},
};
use jobsphere_log::{model::Goal, view::times::Times};

/// All of them.
#[component]
pub(crate) fn Toolbar(log: Log) -> impl IntoView {
    let text = use_text();
    view! {
        <div class="log-bar">
            <Find log />
            <Sources log />
            <div class="log-group">
                <Errors log />
                <TimesChoice log />
                {switch(text, log.reading.wraps, words::LOG_WRAP)}
                {switch(text, log.reading.is_tall, words::LOG_TALL)}
                <Menu label=Signal::derive(text.say(words::LOG_TAKE))>
                    <SaveMenu log />
                </Menu>
                <Menu label=Signal::derive(text.say(words::LOG_MORE))>
                    {switch(text, log.reading.has_history, words::LOG_HISTORY)}
                    {switch(text, log.reading.is_aloud, words::LOG_ALOUD)}
                    <button type="button" on:click=move |_| log.reading.shows_keys.set(true)>
                        {text.say(words::LOG_KEYS)}
                    </button>
                </Menu>
                <OnlyMatches log />
            </div>
        </div>
    }
}

fn switch(text: Text, is_on: RwSignal<bool>, label: Message) -> impl IntoView {
    view! {
        <button
            type="button"
            aria-pressed=move || is_on.get().to_string()
            on:click=move |_| is_on.update(|is_on| *is_on = !*is_on)
        >
            {text.say(label)}
        </button>
    }
}

#[component]
fn TimesChoice(log: Log) -> impl IntoView {
    let text = use_text();
    let times = log.reading.times;
    let option = move |one: Times| {
        let words = match one {
            Times::Off => words::LOG_TIMES_OFF,
            Times::Clock => words::LOG_TIMES_CLOCK,
            Times::SinceStart => words::LOG_TIMES_START,
            Times::Gap => words::LOG_TIMES_GAP,
        };
        view! {
            <option value=one.name() selected=move || times.get() == one>{text.say(words)}</option>
        }
    };
    let choose = move |event| times.set(Times::named(&event_target_value(&event)).unwrap_or_default());
    view! {
        <select aria-label=text.say(words::LOG_TIMES_LABEL) on:change=choose>{Times::ALL.map(option)}</select>
    }
}

/// The way from error to error; not there while there is none.
#[component]
fn Errors(log: Log) -> impl IntoView {
    let text = use_text();
    let errors = Memo::new(move |_| log.count.read().sources.iter().map(|one| one.errors).sum::<u64>());
    view! {
        <Show when=move || { errors.get() > 0 }>
            <button type="button" class="log-errors" on:click=move |_| log.jump(Goal::ErrorAfter)>
                {move || text.get(words::LogNextError { count: errors.get() })} " ↓"
            </button>
            <button
                type="button"
                aria-label=text.say(words::LOG_PREVIOUS_ERROR)
                title=text.say(words::LOG_PREVIOUS_ERROR)
                on:click=move |_| log.jump(Goal::ErrorBefore)
            >
                "↑"
            </button>
        </Show>
    }
}
