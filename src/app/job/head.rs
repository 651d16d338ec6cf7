//! The head of the page: name, state, times, progress, Cancel.

use leptos::{prelude::*, task::spawn_local};

use super::View;
use crate::{
    api::{
        jobs::{Job, JobProgress, JobStatus},
        time,
    },
    app::{
        lifetime::JobLifetime,
        notice::ErrorNotice,
        shell::new_job_address,
        status::StatusMark,
        text::use_text,
        time::{Instant, RunTime, span},
    },
    browser,
    client::CallError,
    job::status::{Forbidden, is_final, may_cancel, may_clone},
};

#[component]
pub(super) fn Head(view: View) -> impl IntoView {
    let text = use_text();
    let job = Memo::new(move |_| {
        view.state
            .read()
            .as_ref()
            .map(|state| state.job.clone())
            .unwrap_or_default()
    });
    let name = move || {
        let name = job.read().name.clone();
        if name.is_empty() { text.get("job-unnamed") } else { name }
    };
    let desc = move || job.read().desc.clone();
    let details = move || {
        let job = job.read();
        // A failed job has said it above; other states have nothing to add to their name.
        matches!(job.status(), JobStatus::Cancelling | JobStatus::Cancelled).then(|| job.status_details.clone())
    };
    let cancel_error = RwSignal::new(None::<CallError>);
    view! {
        <header class="job-head">
            <div class="page-head">
                <h1>{name}</h1>
                <div class="job-actions">
                    <RunAgain view />
                    <CancelButton view error=cancel_error />
                </div>
            </div>
            <p class="job-state">
                <StatusMark status=Signal::derive(move || view.status()) />
                <span class="quiet">{details}</span>
            </p>
            {move || cancel_error.get().map(|error| view! { <ErrorNotice error /> })}
            <p class="as-written">{desc}</p>
            <Progress view />
            {move || view! { <Times job=job.get() /> }}
            <JobLifetime job on_change=Callback::new(move |fresh| view.renew(fresh)) />
        </header>
    }
}

#[component]
fn Times(job: Job) -> impl IntoView {
    let text = use_text();
    let created = job.created_at.as_ref().map(time::to_millis);
    let expires = job.data_expires_at.as_ref().map(time::to_millis);
    let (started, finished) = span(&job);
    let entry = move |label, millis: Option<i64>| {
        millis.map(|millis| view! { <div><dt>{text.say(label)}</dt><dd><Instant millis /></dd></div> })
    };
    view! {
        <dl class="facts">
            {entry("column-created", created)}
            {entry("job-started", started)}
            {entry("job-finished", finished)}
            {started
                .map(|_| view! { <div><dt>{text.say("column-duration")}</dt><dd><RunTime started finished /></dd></div> })}
            {entry("job-data-expires", expires)}
            <div><dt>{text.say("job-id")}</dt><dd><code>{job.id}</code></dd></div>
        </dl>
    }
}

#[component]
fn Progress(view: View) -> impl IntoView {
    let text = use_text();
    let progress = Memo::new(move |_| view.state.read().as_ref()?.progress.clone());
    let share = move |progress: &JobProgress| progress.progress.clamp(0, 100);
    let is_known = Memo::new(move |_| progress.read().is_some());
    let current = move || progress.get().unwrap_or_default();
    view! {
        <Show when=move || is_known.get()>
            <div class="progress">
                <progress max="100" value=move || share(&current()).to_string() aria-label=text.say("progress-label")></progress>
                <span>{move || text.percent(share(&current()) as f64 / 100.0)}</span>
                <span class="as-written">{move || current().message}</span>
                {move || {
                    let said = current().create_time?;
                    Some(view! { <span class="quiet"><Instant millis=time::to_millis(&said) /></span> })
                }}
            </div>
        </Show>
        <Show when=move || !is_known.get() && view.status() == JobStatus::Executing>
            <div class="progress"><progress aria-label=text.say("progress-unknown")></progress></div>
        </Show>
    }
}

#[component]
fn CancelButton(view: View, error: RwSignal<Option<CallError>>) -> impl IntoView {
    let text = use_text();
    let is_asking = RwSignal::new(false);
    let verdict = Memo::new(move |_| may_cancel(view.status()));
    let reason = move || {
        verdict.get().err().map(|forbidden| match forbidden {
            Forbidden::Ended => text.get("forbidden-ended"),
            Forbidden::Cancelling => text.get("forbidden-cancelling"),
            Forbidden::Runs => text.get("forbidden-runs"),
            Forbidden::DataCleared => text.get("forbidden-data-cleared"),
        })
    };
    let cancel = move |_| {
        let Some(job_id) = view.state.read_untracked().as_ref().map(|state| state.job.id.clone()) else {
            return;
        };
        if verdict.get_untracked().is_err() || is_asking.get_untracked() {
            return;
        }
        is_asking.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = browser::client().cancel(&job_id).await;
            is_asking.set(false);
            // It may have ended by itself meanwhile; then its state says all there is to say.
            if let Err(failure) = answer
                && !is_final(
                    view.state
                        .read_untracked()
                        .as_ref()
                        .map(|state| state.status())
                        .unwrap_or_default(),
                )
            {
                error.set(Some(failure));
            }
        });
    };
    view! {
        <div class="cancel">
            <button
                type="button"
                aria-disabled=move || (verdict.get().is_err() || is_asking.get()).to_string()
                aria-describedby="cancel-reason"
                on:click=cancel
            >
                {text.say("cancel")}
            </button>
            <span id="cancel-reason" class="hint">{reason}</span>
        </div>
    }
}

/// Leads to a form filled from the job; disabled once its files are gone.
#[component]
fn RunAgain(view: View) -> impl IntoView {
    let text = use_text();
    let verdict = Memo::new(move |_| {
        let state = view.state.read();
        let job = &state.as_ref()?.job;
        Some(may_clone(job).map(|()| format!("{}?from={}", new_job_address(&job.project_id), job.id)))
    });
    move || match verdict.get() {
        Some(Ok(address)) => view! { <a class="button" href=address>{text.say("run-again")}</a> }.into_any(),
        _ => view! {
            <button type="button" aria-disabled="true" title=text.say("forbidden-data-cleared")>
                {text.say("run-again")}
            </button>
        }
        .into_any(),
    }
}
