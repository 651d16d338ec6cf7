//! A job in a frame of somebody else's page: its state, and the way to the whole page.

use leptos::prelude::*;

use crate::app::{
    job::shared::state::watch::Shared,
    name::Name,
    page_title::PageTitle,
    status::StatusMark,
    text::{use_text, words},
    time::{RunTime, span},
};
use jobsphere_names::isolated;

/// The job of the link in the address, small.
#[component]
pub(crate) fn EmbedPage() -> impl IntoView {
    let text = use_text();
    let shared = Shared::follow();
    let job = Memo::new(move |_| shared.job.get().unwrap_or_default());
    let is_known = Memo::new(move |_| shared.job.read().is_some());
    let name = Memo::new(move |_| {
        let job = job.read();
        if job.name.is_empty() {
            text.get(words::JOB_UNNAMED)
        } else {
            job.name.clone()
        }
    });
    let link = shared
        .holder
        .with_value(|holder| holder.as_ref().map(|holder| holder.credentials().page_path()));
    let time = move || {
        let state = shared.view.state.get()?;
        let (started, finished) = span(&state.job);
        Some(view! { <RunTime started finished /> })
    };
    let progress = move || {
        job.read()
            .progress
            .as_ref()
            .map(|progress| progress.progress.clamp(0, 100))
    };
    view! {
        <PageTitle title=Signal::derive(move || isolated(&name.read()).into_owned()) />
        <Show when=move || shared.view.failed.read().is_some()>
            <p>{text.say(words::SHARED_GONE)}</p>
        </Show>
        <Show when=move || is_known.get()>
            <article class="embed">
                <h1><a class="as-written" href=link.clone() target="_blank" rel="noreferrer"><Name of=name /></a></h1>
                <p class="job-state">
                    <StatusMark status=Signal::derive(move || shared.view.shown_status()) />
                    <span class="quiet">{time}</span>
                </p>
                {move || {
                    progress()
                        .map(|share| {
                            view! {
                                <progress
                                    max="100"
                                    value=share.to_string()
                                    aria-label=text.say(words::PROGRESS_LABEL)
                                ></progress>
                            }
                        })
                }}
            </article>
        </Show>
    }
}
