//! A notice of the desktop at the job's end, for who asked for it.

use leptos::{prelude::*, task::spawn_local};

use super::failure::headline;
use crate::app::job::state::ShownJob;
use crate::{
    api::jobs::JobStatus,
    app::{
        announce::use_announcer,
        status::message_of,
        text::{Text, use_text, words},
        time::span,
    },
    browser::{
        notification::{self, Permission},
        storage::{self, Scope},
    },
};
use jobsphere_client::follow::JobState;
use jobsphere_names::{isolated, said};
use jobsphere_rules::{cancelling, status::is_final};

fn key(job_id: &str) -> String {
    format!("notice:{job_id}")
}

/// Whether this tab was asked before to tell of the job's end.
pub(crate) fn was_wanted(job_id: &str) -> bool {
    storage::get(Scope::Tab, &key(job_id)).is_some()
}

/// Tells of the job's end, where that is wanted.
pub(crate) fn tell_at_end(view: ShownJob, job_id: String) {
    let text = use_text();
    let announcer = use_announcer();
    let is_wanted = view.is_notice_wanted;
    let has_ended = Memo::new(move |_| is_final(view.status()));
    {
        let job_id = job_id.clone();
        Effect::new(move |before: Option<bool>| {
            let is_wanted = is_wanted.get();
            match (before, is_wanted) {
                (Some(false), true) => storage::set(Scope::Tab, &key(&job_id), "end"),
                (Some(true), false) => storage::remove(Scope::Tab, &key(&job_id)),
                _ => {}
            }
            is_wanted
        });
    }
    Effect::new(move || {
        if !has_ended.get() || !is_wanted.get_untracked() {
            return;
        }
        is_wanted.set(false);
        let told = untrack(|| {
            let state = view.state.read();
            let state = state.as_ref()?;
            let name = match state.job.name.as_str() {
                "" => job_id.clone(),
                name => name.to_owned(),
            };
            let title = format!("{}: {}", isolated(&name), text.get(message_of(state.shown_status())));
            Some(notification::show(&title, &said(&reason(state, text)), &job_id))
        });
        if matches!(told, Some(Err(_))) {
            announcer.say(untrack(|| text.get(words::NOTICE_FAILED)));
        }
    });
}

/// Why the job ended so, in a few words.
fn reason(state: &JobState, text: Text) -> String {
    if state.has_failed() {
        return headline(state, text);
    }
    if state.status() == JobStatus::Cancelled {
        return cancelling::reason(&state.job.status_details).to_owned();
    }
    match span(&state.job) {
        (Some(started), Some(finished)) => text.get(words::NoticeDone {
            duration: text.duration(finished - started),
        }),
        _ => String::new(),
    }
}

/// Asks for the notice, while the job runs.
#[component]
pub(crate) fn NotifyButton(view: ShownJob) -> impl IntoView {
    let text = use_text();
    let is_wanted = view.is_notice_wanted;
    let permission = RwSignal::new(notification::permission());
    let is_asking = RwSignal::new(false);
    // Who said no once is not told of it on every page.
    let has_tried = RwSignal::new(false);
    let runs = Memo::new(move |_| !is_final(view.status()));
    let is_missing = move || permission.get() == Permission::Missing;
    let hint = move || match permission.get() {
        Permission::Missing => text.get(words::NOTICE_MISSING),
        Permission::Denied if has_tried.get() => text.get(words::NOTICE_DENIED),
        _ if is_wanted.get() => text.get(words::NOTICE_WANTED),
        _ => String::new(),
    };
    let toggle = move |_| {
        if is_asking.get_untracked() || permission.get_untracked() == Permission::Missing {
            return;
        }
        if is_wanted.get_untracked() {
            return is_wanted.set(false);
        }
        is_asking.set(true);
        spawn_local(async move {
            let answer = notification::ask().await;
            is_asking.try_set(false);
            has_tried.try_set(true);
            permission.try_set(answer);
            is_wanted.try_set(answer == Permission::Granted);
        });
    };
    view! {
        <Show when=move || runs.get()>
            <div class="notify">
                <button
                    type="button"
                    aria-pressed=move || is_wanted.get().to_string()
                    aria-disabled=move || is_missing().to_string()
                    aria-describedby="notify-hint"
                    on:click=toggle
                >
                    {text.say(words::NOTICE_ASK)}
                </button>
                <span id="notify-hint" class="hint" role="status">{hint}</span>
            </div>
        </Show>
    }
}
