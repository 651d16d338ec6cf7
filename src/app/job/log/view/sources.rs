//! Which sources are shown: one button each, with the number of its lines.

use leptos::prelude::*;

use super::look::source_name;
use crate::app::{
    job::log::state::log::Log,
    name::Name,
    text::{use_text, words},
};
use jobsphere_log::{
    model::Source,
    view::sources::{is_shown, switched},
};

/// The buttons; none while there is one source alone.
#[component]
pub(crate) fn Sources(log: Log) -> impl IntoView {
    let text = use_text();
    let known = Memo::new(move |_| {
        let count = log.count.read();
        let mut known: Vec<_> = count.sources.iter().map(|one| one.source.clone()).enumerate().collect();
        // The streams first, tables last; not in the order they happened to come.
        known.sort_by_key(|(_, source)| (source.is_table(), source.clone()));
        known
    });
    let button = move |(place, source): (usize, Source)| {
        let name = source_name(&source);
        let lines = move || log.count.read().sources.get(place).map_or(0, |one| one.lines);
        let mark = match &source {
            Source::Out => "source source-out",
            Source::Err => "source source-err",
            Source::File(_) => "source source-file",
        };
        let pressed = {
            let source = source.clone();
            move || is_shown(&log.reading.sources.read(), &source).to_string()
        };
        let switch = move |_| {
            let chosen = switched(
                &log.reading.sources.read_untracked(),
                &log.count.read_untracked().sources,
                &source,
            );
            log.reading.sources.set(chosen);
        };
        view! {
            <button type="button" class=mark aria-pressed=pressed on:click=switch>
                <Name of=name />
                <span class="quiet number">{move || text.number(lines() as f64)}</span>
            </button>
        }
    };
    view! {
        <Show when=move || { known.read().len() > 1 }>
            <div class="log-group" role="group" aria-label=text.say(words::LOG_SOURCES)>
                {move || known.get().into_iter().map(button).collect_view()}
            </div>
        </Show>
    }
}
