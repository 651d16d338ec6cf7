//! The switches above the log.

use leptos::prelude::*;

use super::{
    find::{Find, OnlyMatches},
    menu::Menu,
    save::SaveMenu,
    sources::Sources,
};
use crate::{
    app::{
        job::log::state::log::Log,
        text::{Text, use_text},
    },
    client::{book::words::Goal, log_view::times::Times},
};

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
                {switch(text, log.reading.wraps, "log-wrap")}
                {switch(text, log.reading.is_tall, "log-tall")}
                <Menu label=Signal::derive(text.say("log-take"))>
                    <SaveMenu log />
                </Menu>
                <Menu label=Signal::derive(text.say("log-more"))>
                    {switch(text, log.reading.has_history, "log-history")}
                    {switch(text, log.reading.is_aloud, "log-aloud")}
                    <button type="button" on:click=move |_| log.reading.shows_keys.set(true)>
                        {text.say("log-keys")}
                    </button>
                </Menu>
                <OnlyMatches log />
            </div>
        </div>
    }
}

fn switch(text: Text, is_on: RwSignal<bool>, id: &'static str) -> impl IntoView {
    view! {
        <button
            type="button"
            aria-pressed=move || is_on.get().to_string()
            on:click=move |_| is_on.update(|is_on| *is_on = !*is_on)
        >
            {text.say(id)}
        </button>
    }
}

#[component]
fn TimesChoice(log: Log) -> impl IntoView {
    let text = use_text();
    let times = log.reading.times;
    let option = move |one: Times| {
        let words = match one {
            Times::Off => "log-times-off",
            Times::Clock => "log-times-clock",
            Times::SinceStart => "log-times-start",
            Times::Gap => "log-times-gap",
        };
        view! {
            <option value=one.name() selected=move || times.get() == one>{text.say(words)}</option>
        }
    };
    let choose = move |event| times.set(Times::named(&event_target_value(&event)).unwrap_or_default());
    view! {
        <select aria-label=text.say("log-times-label") on:change=choose>{Times::ALL.map(option)}</select>
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
                {move || text.with("log-next-error", [("count", (errors.get() as f64).into())])} " ↓"
            </button>
            <button
                type="button"
                aria-label=text.say("log-previous-error")
                title=text.say("log-previous-error")
                on:click=move |_| log.jump(Goal::ErrorBefore)
            >
                "↑"
            </button>
        </Show>
    }
}
