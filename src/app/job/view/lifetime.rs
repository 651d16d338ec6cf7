//! How long the job's data lives, and a menu to change that.

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::NavigateOptions;

use crate::{
    api::{jobs::Job, time},
    app::{
        address::{jobs_address, use_go},
        announce::use_announcer,
        jobs::{ActDialog, Asked, Done, LastList, LoadedJobs, Target},
        lifetime::LifetimeBadge,
        notice::ErrorNotice,
        status::forbidden_message,
        text::{Message, use_text, words},
    },
    browser,
};
use jobsphere_client::CallError;
use jobsphere_rules::lifetime::{Action, DAY_MS};

/// Lifetimes that are one click away, in days.
const OFFERED_DAYS: [u32; 2] = [14, 30];

/// The lifetime of one job's data, with a menu to prolong or end it, and to delete the job.
#[component]
pub(crate) fn JobLifetime(
    /// The job.
    job: Memo<Job>,
    /// Is told the job as it is after a change.
    on_change: Callback<Job>,
) -> impl IntoView {
    let text = use_text();
    let announcer = use_announcer();
    let last: LastList = expect_context();
    let known = LoadedJobs::new(job.read_untracked().project_id.clone());
    let asked = RwSignal::new(None::<Asked>);
    let failed = RwSignal::new(None::<CallError>);
    let owner = Owner::current();
    let life = Signal::derive(move || {
        let job = job.read();
        (
            job.status(),
            job.data_cleared,
            job.data_expires_at.as_ref().map(time::to_millis),
        )
    });
    let refresh = move || {
        let Some(id) = job.try_get_untracked().map(|job| job.id) else {
            return;
        };
        spawn_local(async move {
            // What was done is done; without an answer the page shows it at its next look.
            if let Ok(fresh) = browser::client().job(&id).await {
                on_change.try_run(fresh);
            }
        });
    };
    // Another tab, or somebody else, may have deleted the data meanwhile.
    let focused = window_event_listener(ev::focus, move |_| refresh());
    on_cleanup(move || focused.remove());
    let keep = Callback::new(move |days: Option<u32>| {
        failed.set(None);
        spawn_local(async move {
            let ttl_ms = days.map(|days| i64::from(days) * DAY_MS);
            let id = job.get_untracked().id;
            match browser::client().set_data_ttl(&id, ttl_ms).await {
                Ok(()) => {
                    announcer.say(text.get(words::ActKeepDone { count: 1 }));
                    refresh();
                }
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    });
    let reads = StoredValue::new(false);
    let ask = Callback::new(move |action: Action| {
        // What another job needs is known when all jobs are.
        if matches!(action, Action::Delete | Action::DeleteData) && !reads.get_value() {
            reads.set_value(true);
            if let Some(owner) = &owner {
                owner.with(|| known.read_once());
            }
        }
        let job = job.read_untracked();
        let target = Target {
            id: job.id.clone(),
            name: job.name.clone(),
            status: job.status(),
            cleared: job.data_cleared,
        };
        asked.set(Some(Asked {
            action,
            jobs: vec![target],
        }));
    });
    let go = use_go();
    let done = move |done: Done| {
        if done.ids.is_empty() {
            return;
        }
        if done.action == Action::Delete {
            let job = job.read_untracked();
            let name = if job.name.is_empty() {
                job.id.clone()
            } else {
                job.name.clone()
            };
            last.note.set(Some(text.get(words::JobDeleted { name })));
            go(&jobs_address(&job.project_id), NavigateOptions::default());
        } else {
            refresh();
        }
    };
    let verdict = move |action: Action| {
        let (status, cleared, _) = life.get();
        action
            .may(status, cleared)
            .err()
            .map(|reason| text.get(forbidden_message(reason)))
    };
    let item = move |label: Signal<String>, action: Action, press: Callback<()>| {
        let forbidden = Memo::new(move |_| verdict(action));
        let press = move |_| {
            if forbidden.read_untracked().is_none() {
                press.run(());
            }
        };
        view! {
            <button
                type="button"
                aria-disabled=move || forbidden.read().is_some().to_string()
                title=move || forbidden.get()
                on:click=press
            >
                {label}
            </button>
        }
    };
    let keep_item = move |days: Option<u32>| {
        let label = Signal::derive(move || match days {
            Some(days) => text.get(words::KeepOffer { count: days }),
            None => text.get(words::KEEP_FOREVER),
        });
        item(label, Action::Keep { days }, Callback::new(move |()| keep.run(days)))
    };
    let ask_item = move |label: Message, action: Action| {
        let label = Signal::derive(move || text.get(label));
        item(label, action, Callback::new(move |()| ask.run(action)))
    };
    view! {
        <div class="job-lifetime">
            <span class="visually-hidden">{text.say(words::LIFETIME_LABEL)}</span>
            <LifetimeBadge life />
            <details class="menu">
                <summary>{text.say(words::LIFETIME_MENU)}</summary>
                <div class="menu-body">
                    {OFFERED_DAYS.map(|days| keep_item(Some(days)))}
                    {keep_item(None)}
                    {ask_item(words::KEEP_OTHER, Action::Keep { days: Some(OFFERED_DAYS[0]) })}
                    {ask_item(words::BULK_DELETE_DATA, Action::DeleteData)}
                    {ask_item(words::DELETE_JOB, Action::Delete)}
                </div>
            </details>
            {move || failed.get().map(|error| view! { <ErrorNotice error /> })}
            <ActDialog known asked on_done=Callback::new(done) />
        </div>
    }
}
