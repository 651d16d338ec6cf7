//! The phases of the job with how long each took.

use leptos::prelude::*;

use crate::app::job::state::ShownJob;
use crate::{
    api::time,
    app::{
        job::log::view::links::LogLink,
        text::{Message, use_text, words},
        time::use_now,
    },
    browser::clock,
};
use jobsphere_rules::timeline::{Facts, Phase, Seen, Stretch};

const SHORT_MS: i64 = 1000;

fn name(phase: Phase) -> Message {
    match phase {
        Phase::Files => words::TIMELINE_FILES,
        Phase::Queue => words::TIMELINE_QUEUE,
        Phase::Environment => words::TIMELINE_ENVIRONMENT,
        Phase::Run => words::TIMELINE_RUN,
        Phase::Outputs => words::TIMELINE_OUTPUTS,
    }
}

#[component]
pub(crate) fn Timeline(view: ShownJob) -> impl IntoView {
    let text = use_text();
    let seen = RwSignal::new(Seen::default());
    Effect::new(move || {
        let state = view.state.read();
        if let Some(state) = state.as_ref() {
            seen.update(|seen| seen.look(state.status(), &state.job.status_details, clock::now_ms()));
        }
    });
    let stretches = Memo::new(move |_| {
        let state = view.state.read();
        let Some(state) = state.as_ref() else {
            return Vec::new();
        };
        let job = &state.job;
        let facts = Facts {
            status: state.status(),
            status_details: job.status_details.clone(),
            created_ms: job.created_at.as_ref().map(time::to_millis).unwrap_or_default(),
            executed_ms: state.executed_ms,
            started_ms: job.started_at.as_ref().map(time::to_millis),
            finished_ms: job.finished_at.as_ref().map(time::to_millis),
            marks: view.log.trouble.read().marks.clone(),
            seen: seen.get(),
        };
        facts.stretches()
    });
    let is_joined = move || stretches.read().iter().any(|stretch| stretch.first != stretch.last);
    view! {
        <section aria-labelledby="timeline-heading">
            <h2 id="timeline-heading">{text.say(words::TIMELINE_HEADING)}</h2>
            <ol class="timeline">
                {move || {
                    stretches.get().into_iter().map(|stretch| view! { <OneStretch view stretch /> }).collect_view()
                }}
            </ol>
            <Show when=is_joined>
                <p class="hint">{text.say(words::TIMELINE_JOINED)}</p>
            </Show>
        </section>
    }
}

#[component]
fn OneStretch(view: ShownJob, stretch: Stretch) -> impl IntoView {
    let text = use_text();
    let now = use_now();
    let label = move || match (stretch.first, stretch.last) {
        (first, last) if first == last => text.get(name(first)),
        (first, last) => format!("{} – {}", text.get(name(first)), text.get(name(last))),
    };
    let is_live = stretch.end_ms.is_none();
    let now_ms = move || stretch.end_ms.unwrap_or_else(|| now.get());
    let length = move || match stretch.length_ms(now_ms()) {
        millis if millis < SHORT_MS => text.get(words::TIMELINE_SHORT),
        millis => text.duration(millis),
    };
    let kind = match stretch.last {
        Phase::Run => "stretch stretch-run",
        _ => "stretch",
    };
    view! {
        <li
            class=kind
            class=("stretch-live", is_live)
            aria-current=is_live.then_some("step")
            style:flex-grow=move || format!("{:.0}", stretch.weight(now_ms()))
        >
            {match stretch.offset {
                Some(offset) => view! { <LogLink log=view.log offset>{label}</LogLink> }.into_any(),
                None => view! { <span>{label}</span> }.into_any(),
            }}
            <span class="visually-hidden">": "</span>
            <span class="quiet number">{length}</span>
        </li>
    }
}
