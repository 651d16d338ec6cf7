//! The compared jobs, by letter: the first is what the others are compared with.

use leptos::prelude::*;

use crate::app::compare::state::comparison::{BESIDE, Column, Comparison};
use crate::{
    api::time,
    app::{
        address::job_address,
        name::Name,
        notice::ErrorNotice,
        status::StatusMark,
        text::{use_text, words},
        time::Instant,
    },
};
use jobsphere_client::follow::JobState;

#[component]
pub(crate) fn Columns(comparison: Comparison) -> impl IntoView {
    let text = use_text();
    let columns = comparison.columns.get_value();
    let items: Vec<_> = columns
        .into_iter()
        .enumerate()
        .map(|(place, column)| view! { <OneColumn comparison column place /> })
        .collect();
    let count = items.len();
    let listed = view! { <ol class="compared" aria-label=text.say(words::COMPARE_JOBS)>{items}</ol> };
    if count <= BESIDE {
        return listed.into_any();
    }
    view! {
        <details class="picker">
            <summary>{move || text.get(words::CompareJobsCount { count })}</summary>
            {listed}
        </details>
    }
    .into_any()
}

#[component]
fn OneColumn(comparison: Comparison, column: Column, place: usize) -> impl IntoView {
    let text = use_text();
    let ids = comparison.ids();
    let id = column.id.clone();
    let mut first = ids.clone();
    let own = first.remove(place);
    let without = comparison.address(&first);
    first.insert(0, own);
    let as_first = comparison.address(&first);
    let letter = column.letter.clone();
    let first_label = {
        let letter = letter.clone();
        move || {
            text.get(words::CompareMakeBaseLabel {
                letter: letter.as_str(),
            })
        }
    };
    let without_label = {
        let letter = letter.clone();
        move || {
            text.get(words::CompareRemoveLabel {
                letter: letter.as_str(),
            })
        }
    };
    let state = column.state;
    let name = move || match state.read().as_ref() {
        Some(state) if state.job.name.is_empty() => text.get(words::JOB_UNNAMED),
        Some(state) => state.job.name.clone(),
        None => id.clone(),
    };
    let address = {
        let id = column.id.clone();
        let own_project = comparison.project.get_value();
        move || match state.read().as_ref() {
            Some(state) => job_address(&state.job.project_id, &id),
            None => job_address(&own_project, &id),
        }
    };
    let status = Signal::derive(move || state.read().as_ref().map(JobState::shown_status).unwrap_or_default());
    let created = move || state.read().as_ref()?.job.created_at.as_ref().map(time::to_millis);
    let is_cleared = move || state.read().as_ref().is_some_and(|state| state.job.data_cleared);
    view! {
        <li>
            <strong class="letter">{letter}</strong>
            <a href=address><Name of=Signal::derive(name) /></a>
            <Show when=move || state.read().is_some()>
                <StatusMark status />
            </Show>
            {move || created().map(|millis| view! { <span class="quiet"><Instant millis /></span> })}
            {(place == 0).then(|| view! { <span class="quiet">{text.say(words::COMPARE_IS_BASE)}</span> })}
            {(place != 0)
                .then(|| view! { <a href=as_first aria-label=first_label>{text.say(words::COMPARE_MAKE_BASE)}</a> })}
            <a href=without aria-label=without_label>{text.say(words::COMPARE_REMOVE)}</a>
            <Show when=is_cleared><span class="quiet">{text.say(words::DATA_CLEARED)}</span></Show>
            {move || column.failed.get().map(|error| view! { <ErrorNotice error /> })}
        </li>
    }
}
