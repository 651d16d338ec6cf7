//! The head of the page: name, state, times, progress, Cancel.

use leptos::prelude::*;

use super::{
    cancel::{CancelButton, CancelPanel, Cancelling},
    lifetime::JobLifetime,
    notify::NotifyButton,
    progress::Progress,
    timeline::Timeline,
};
use crate::app::job::state::ShownJob;
use crate::{
    api::{
        jobs::{Job, JobStatus},
        time,
    },
    app::{
        address::{SOURCE_QUERY, new_job_address, share_address},
        name::{Name, Passage},
        service_words::in_language,
        status::StatusMark,
        text::{Message, Text, use_text, words},
        time::{Instant, RunTime, span},
    },
};
use jobsphere_rules::{cancelling, status::may_clone, timeline::is_in_queue, waiting};

/// What the state has to say beside its name.
pub(crate) fn words(job: &Job, text: Text) -> Option<String> {
    let details = job.status_details.as_str();
    match job.status() {
        status if is_in_queue(status, details) => Some(match waiting::place(details) {
            Some(1) => text.get(words::WAITING_NEXT),
            Some(place) => text.get(words::WaitingPlace {
                place,
                before: place - 1,
            }),
            None => text.get(words::WAITING_QUEUE),
        }),
        JobStatus::Preparing if details.is_empty() => Some(text.get(words::WAITING_UNKNOWN)),
        JobStatus::Cancelling | JobStatus::Cancelled => {
            let reason = cancelling::reason(details);
            (!reason.is_empty()).then(|| text.get(words::CancelledBecause { reason }))
        }
        // A failed job has said it above; a good one has nothing to add.
        JobStatus::Error | JobStatus::Success => None,
        _ => Some(in_language(details, text)),
    }
}

#[component]
pub(crate) fn Head(view: ShownJob) -> impl IntoView {
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
        if name.is_empty() {
            text.get(words::JOB_UNNAMED)
        } else {
            name
        }
    };
    let desc = move || job.read().desc.clone();
    let words = move || words(&job.read(), text);
    let cancelling = Cancelling::new(view);
    view! {
        <header class="job-head">
            <div class="page-head">
                <h1><Name of=Signal::derive(name) /></h1>
                <div class="job-actions">
                    <NotifyButton view />
                    <ShareLink view />
                    <RunAgain view />
                    <CancelButton cancelling />
                </div>
            </div>
            <p class="job-state">
                <StatusMark status=Signal::derive(move || view.shown_status()) />
                <span class="quiet as-written"><bdi>{words}</bdi></span>
            </p>
            <CancelPanel cancelling />
            <p class="as-written"><Passage of=Signal::derive(desc) /></p>
            <Progress view />
            <Timeline view />
            {move || {
                let job = job.get();
                let expires = job.data_expires_at.as_ref().filter(|_| !job.data_cleared);
                let (id, expires) = (job.id.clone(), expires.map(time::to_millis));
                view! {
                    <Times job end=words::JOB_DATA_EXPIRES end_ms=expires>
                        <div><dt>{text.say(words::JOB_ID)}</dt><dd><code>{id}</code></dd></div>
                    </Times>
                }
            }}
            <JobLifetime job on_change=Callback::new(move |fresh| view.renew(fresh)) />
        </header>
    }
}

/// When the job came to what; what else is known of it stands below.
#[component]
pub(crate) fn Times(
    /// The job.
    job: Job,
    /// What ends then.
    end: Message,
    /// When; milliseconds since 1970.
    end_ms: Option<i64>,
    /// More names and values.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let text = use_text();
    let created = job.created_at.as_ref().map(time::to_millis);
    let (started, finished) = span(&job);
    let entry = move |label, millis: Option<i64>| {
        millis.map(|millis| view! { <div><dt>{text.say(label)}</dt><dd><Instant millis /></dd></div> })
    };
    view! {
        <dl class="facts">
            {entry(words::COLUMN_CREATED, created)}
            {entry(words::JOB_STARTED, started)}
            {entry(words::JOB_FINISHED, finished)}
            {started
                .map(|_| {
                    view! {
                        <div>
                            <dt>{text.say(words::COLUMN_DURATION)}</dt>
                            <dd><RunTime started finished /></dd>
                        </div>
                    }
                })}
            {entry(end, end_ms)}
            {children.map(|children| children())}
        </dl>
    }
}

/// Leads to the page that makes links for those who have no access.
#[component]
fn ShareLink(view: ShownJob) -> impl IntoView {
    let text = use_text();
    let address = Memo::new(move |_| {
        let state = view.state.read();
        let job = &state.as_ref()?.job;
        Some(share_address(&job.project_id, &job.id))
    });
    view! { <a class="button" href=move || address.get()>{text.say(words::SHARE)}</a> }
}

/// Leads to a form filled from the job; disabled once its files are gone.
#[component]
fn RunAgain(view: ShownJob) -> impl IntoView {
    let text = use_text();
    let verdict = Memo::new(move |_| {
        let state = view.state.read();
        let job = &state.as_ref()?.job;
        Some(may_clone(job).map(|()| format!("{}?{SOURCE_QUERY}={}", new_job_address(&job.project_id), job.id)))
    });
    move || match verdict.get() {
        Some(Ok(address)) => view! { <a class="button" href=address>{text.say(words::RUN_AGAIN)}</a> }.into_any(),
        _ => view! {
            <button type="button" aria-disabled="true" title=text.say(words::FORBIDDEN_DATA_CLEARED)>
                {text.say(words::RUN_AGAIN)}
            </button>
        }
        .into_any(),
    }
}
