//! The page of one job: before, while and after it runs.

pub(crate) mod log;
pub(crate) mod results;
pub(crate) mod shared;
pub(crate) mod state;
pub(crate) mod view;

pub(crate) use self::shared::{EmbedPage, SharedPage};

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use tonic::Code;

use self::view::{
    charts::Charts, failure::Failure, files::OtherFiles, head::Head, lineage::Lineage, notify, paper::Colophon,
    parameters::Parameters, tab,
};
use crate::{
    api::jobs::JobStatus,
    app::{
        address::jobs_address,
        announce::use_announcer,
        connection::Lost,
        draft_of_job::DraftOfJob,
        job::{log::view::panel::LogPanel, results::Outputs, state::ShownJob},
        notice::{ConnectionBanner, ErrorNotice},
        page_title::PageTitle,
        sign_in::{SignIn, use_sign_in},
        status::message_of,
        task::run_while_mounted,
        text::{use_text, words},
    },
    browser::{self, clock, log_worker::messages::Phase},
};
use jobsphere_client::{
    CallError,
    follow::{self, JobEvent},
};
use jobsphere_rules::{shown::ShownStatus, status::is_final};

/// The job in the address.
#[component]
pub(crate) fn JobPage() -> impl IntoView {
    let params = use_params_map();
    let place = Memo::new(move |_| {
        let params = params.read();
        (
            params.get("project").unwrap_or_default(),
            params.get("job").unwrap_or_default(),
        )
    });
    move || {
        let (project, job_id) = place.get();
        view! { <OneJob project job_id /> }
    }
}

#[component]
fn OneJob(project: String, job_id: String) -> impl IntoView {
    let text = use_text();
    let view = ShownJob::new(notify::was_wanted(&job_id));
    view.log.prepare();
    run_while_mounted(watch(job_id.clone(), view, use_sign_in()));
    let has_begun = Memo::new(move |_| !matches!(view.status(), JobStatus::Unspecified | JobStatus::Creating));
    let is_known = Memo::new(move |_| view.state.read().is_some());
    {
        let job_id = job_id.clone();
        Effect::new(move |started: Option<bool>| {
            let started = started.unwrap_or(false);
            if has_begun.get() && !started {
                view.log.follow(job_id.clone());
            }
            started || has_begun.get()
        });
    }
    announce(view);
    let lost = Signal::derive(move || view.lost.get().or_else(|| view.log.lost.get()));
    let title = {
        let job_id = job_id.clone();
        Signal::derive(move || tab::title(view.state.read().as_ref(), view.percent(), &job_id, text))
    };
    tab::show_icon(view);
    notify::tell_at_end(view, job_id.clone());
    look_when_the_log_ends(view, job_id.clone());
    look_when_it_is_seen_again(view, job_id.clone());
    let jobs = jobs_address(&project);
    let waiting = StoredValue::new(job_id.clone());
    view! {
        <PageTitle title />
        <nav aria-label=text.say(words::BREADCRUMB_LABEL) class="quiet">
            <a href=jobs>{text.say(words::BREADCRUMB_JOBS)}</a>
        </nav>
        <ConnectionBanner lost />
        {move || view.failed.get().map(|error| view! { <Unreadable error view job_id=job_id.clone() /> })}
        <Show
            when=move || is_known.get()
            fallback=move || {
                view.failed.read().is_none().then(|| view! { <p class="quiet">{text.say(words::LOADING)}</p> })
            }
        >
            <Failure view />
            <Head view />
            <Show when=move || view.status() == JobStatus::Creating>
                <DraftOfJob job_id=waiting.get_value() />
            </Show>
            <Outputs view />
            <LogPanel view />
            <Charts view />
            <OtherFiles view />
            <Parameters view />
            <Lineage view />
            <Colophon />
        </Show>
    }
}

/// A page about a job that cannot be shown, or not any more.
#[component]
fn Unreadable(error: CallError, view: ShownJob, job_id: String) -> impl IntoView {
    let text = use_text();
    let was_known = view.state.with_untracked(Option::is_some);
    if was_known && error.code == Code::NotFound {
        return view! { <p class="notice notice-bad" role="alert">{text.say(words::JOB_DELETED_ELSEWHERE)}</p> }
            .into_any();
    }
    view! {
        <h1>{job_id}</h1>
        <ErrorNotice error />
    }
    .into_any()
}

async fn watch(job_id: String, view: ShownJob, sign_in: SignIn) {
    loop {
        look(&job_id, view).await;
        let Some(error) = view.failed.get_untracked() else {
            return;
        };
        if !sign_in.overcomes(&error).await {
            return;
        }
        view.failed.set(None);
    }
}

async fn look(job_id: &str, view: ShownJob) {
    let client = browser::client();
    follow::follow(&client, job_id, |event| match event {
        JobEvent::State(state) => {
            view.lost.set(None);
            if view.state.read_untracked().as_ref() != Some(&*state) {
                view.state.set(Some(*state));
            }
        }
        JobEvent::Lost { error, retry_ms } => {
            let retry_at_ms = clock::now_ms() + i64::from(retry_ms);
            view.lost.set(Some(Lost { error, retry_at_ms }));
        }
        JobEvent::Failed(error) => {
            view.lost.set(None);
            view.failed.set(Some(error));
        }
    })
    .await;
}

/// A tab that nobody sees may sleep between two looks; the log's end, which the network brings, wakes it.
fn look_when_the_log_ends(view: ShownJob, job_id: String) {
    Effect::new(move || {
        if view.log.phase.get() != Some(Phase::Ended) || is_final(untrack(|| view.status())) {
            return;
        }
        let job_id = job_id.clone();
        spawn_local(async move {
            // What fails here is told by the next look.
            if let Ok(state) = follow::look_once(&browser::client(), &job_id).await {
                view.state.try_set(Some(state));
            }
        });
    });
}

/// A job that has ended is not looked at any more; but another window may have deleted it.
fn look_when_it_is_seen_again(view: ShownJob, job_id: String) {
    let job_id = StoredValue::new(job_id);
    let handle = window_event_listener(ev::focus, move |_| {
        if !is_final(untrack(|| view.status())) || view.failed.read_untracked().is_some() {
            return;
        }
        spawn_local(async move {
            let Some(job_id) = job_id.try_get_value() else { return };
            match browser::client().job(&job_id).await {
                Ok(job)
                    if view
                        .state
                        .try_get_untracked()
                        .flatten()
                        .is_some_and(|state| state.job != job) =>
                {
                    view.renew(job);
                }
                Err(error) if error.code == Code::NotFound => drop(view.failed.try_set(Some(error))),
                // What fails for another reason is told when something is done.
                _ => {}
            }
        });
    });
    on_cleanup(move || handle.remove());
}

/// Says each change of state, and each quarter of the progress.
fn announce(view: ShownJob) {
    let text = use_text();
    let announcer = use_announcer();
    let status = Memo::new(move |_| view.shown_status());
    Effect::new(move || {
        let status = status.get();
        if status != ShownStatus::default() {
            announcer.say(untrack(|| text.get(message_of(status))));
        }
    });
    let quarter = Memo::new(move |_| Some(view.percent()? / 25));
    Effect::new(move || {
        if let Some(quarter @ 1..=3) = quarter.get() {
            announcer.say(untrack(|| text.percent(quarter as f64 / 4.0)));
        }
    });
}
