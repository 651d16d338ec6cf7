//! Doing something to many jobs: what it will do is said first, what came of it afterwards.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use futures::{StreamExt, stream};
use leptos::{html, prelude::*, task::spawn_local};

use super::{
    Known,
    said_before::{Sifted, WillDo},
};
use crate::{
    api::jobs::JobStatus,
    app::{
        announce::use_announcer,
        notice,
        status::forbidden_message,
        text::{Message, Text, use_text, words},
    },
    browser::{self, clock},
    client::{CallError, listing::Row},
    job::lifetime::{Action, DAY_MS},
};

/// Calls under way at the same time.
const AT_ONCE: usize = 4;
/// What is known is brought up to date after so many answers.
const NOTED_AT_ONCE: usize = 50;
/// Failures named on the page.
const NAMED: usize = 100;

/// A job that something is to be done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) status: JobStatus,
    pub(crate) cleared: bool,
}

impl Target {
    pub(crate) fn of(row: &Row) -> Self {
        Self {
            id: row.id.clone(),
            name: row.name.clone(),
            status: row.status,
            cleared: row.cleared,
        }
    }

    fn shown_name(&self, text: Text) -> String {
        if self.name.is_empty() {
            format!("{} ({})", text.get(words::JOB_UNNAMED), self.id)
        } else {
            self.name.clone()
        }
    }
}

/// What is to be done, to which jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) action: Action,
    pub(crate) jobs: Vec<Target>,
}

/// What has been done, and to which jobs.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    pub(crate) action: Action,
    pub(crate) ids: BTreeSet<String>,
}

/// Where it stands.
#[derive(Clone, Copy)]
struct Doing {
    action: RwSignal<Action>,
    jobs: RwSignal<Vec<Target>>,
    /// The number of answers so far, while it is being done or has been.
    answered: RwSignal<Option<usize>>,
    is_running: RwSignal<bool>,
    failed: RwSignal<Vec<(Target, CallError)>>,
}

impl Doing {
    /// The jobs it can be done to, as they are now, and why it cannot be done to the others.
    fn sifted(self, known: Known) -> Sifted {
        known.version.track();
        let action = self.action.get();
        let mut refused = BTreeMap::new();
        let now = known.with(|index| {
            let now = |target: &Target| {
                let row = index.slot_of(&target.id).and_then(|slot| index.row(slot));
                row.map_or_else(|| target.clone(), Target::of)
            };
            self.jobs.read().iter().map(now).collect::<Vec<_>>()
        });
        let may = |target: &Target| match action.may(target.status, target.cleared) {
            Ok(()) => true,
            Err(reason) => {
                *refused.entry(forbidden_message(reason)).or_default() += 1;
                false
            }
        };
        (now.into_iter().filter(may).collect(), refused)
    }
}

/// Asks, does and reports. It opens when `asked` says something.
#[component]
pub(crate) fn ActDialog(
    known: Known,
    asked: RwSignal<Option<Asked>>,
    /// What is to follow where it was done.
    on_done: Callback<Done>,
) -> impl IntoView {
    let text = use_text();
    let announcer = use_announcer();
    let dialog = NodeRef::<html::Dialog>::new();
    let doing = Doing {
        action: RwSignal::new(Action::Cancel),
        jobs: RwSignal::new(Vec::new()),
        answered: RwSignal::new(None),
        is_running: RwSignal::new(false),
        failed: RwSignal::new(Vec::new()),
    };
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match (&*asked.read(), dialog.open()) {
            (Some(asked), false) => {
                doing.action.set(asked.action);
                doing.jobs.set(asked.jobs.clone());
                doing.answered.set(None);
                doing.failed.set(Vec::new());
                if matches!(asked.action, Action::Delete | Action::DeleteData) {
                    known.wants_all.set(true);
                }
                // Fails only for a dialog that is not in the page.
                drop(dialog.show_modal());
            }
            (None, true) => dialog.close(),
            _ => {}
        }
    });
    let sifted = Memo::new(move |_| doing.sifted(known));
    let close = move |_| asked.set(None);
    let start = move |jobs: Vec<Target>| {
        if jobs.is_empty() || doing.is_running.get_untracked() {
            return;
        }
        doing.is_running.set(true);
        doing.answered.set(Some(0));
        doing.failed.set(Vec::new());
        doing.jobs.set(jobs.clone());
        let action = doing.action.get_untracked();
        let count = jobs.len();
        spawn_local(async move {
            let ids = perform(action, doing, known, jobs).await;
            // The page may be gone meanwhile; what was done is done.
            doing.is_running.try_set(false);
            announcer.say(done(text, action, ids.len()));
            if ids.len() == count {
                asked.try_set(None);
            }
            on_done.try_run(Done { action, ids });
        });
    };
    let confirm = move |_| start(sifted.get_untracked().0);
    let again = move |_| {
        start(
            doing
                .failed
                .get_untracked()
                .into_iter()
                .map(|(target, _)| target)
                .collect(),
        )
    };
    let heading = move || {
        let count = match doing.answered.get() {
            Some(_) => doing.jobs.read().len(),
            None => sifted.read().0.len(),
        };
        heading_of(text, doing.action.get(), count)
    };
    let is_asking = Memo::new(move |_| doing.answered.get().is_none());
    let cannot = move || sifted.read().0.is_empty();
    view! {
        <dialog node_ref=dialog class="act" aria-labelledby="act-heading" on:close=move |_| asked.set(None)>
            <Show when=move || asked.read().is_some()>
                <h2 id="act-heading">{heading}</h2>
                <Show when=move || is_asking.get()>
                    <WillDo known action=doing.action sifted />
                    <div class="buttons">
                        <button
                            type="button"
                            class="button-main"
                            aria-disabled=move || cannot().to_string()
                            on:click=confirm
                        >
                            {move || text.get(confirm_message(doing.action.get()))}
                        </button>
                        <button type="button" on:click=close>{text.say(words::ACT_NO)}</button>
                    </div>
                </Show>
                <Show when=move || !is_asking.get()>
                    <Progress doing />
                    <Failures doing />
                    <div class="buttons">
                        <Show when=move || !doing.is_running.get() && !doing.failed.read().is_empty()>
                            <button type="button" class="button-main" on:click=again>
                                {text.say(words::ACT_AGAIN)}
                            </button>
                        </Show>
                        <button type="button" on:click=close>{text.say(words::ACT_CLOSE)}</button>
                    </div>
                </Show>
            </Show>
        </dialog>
    }
}

fn heading_of(text: Text, action: Action, count: usize) -> String {
    match action {
        Action::Cancel => text.get(words::ActCancelHeading { count }),
        Action::Delete => text.get(words::ActDeleteHeading { count }),
        Action::DeleteData => text.get(words::ActDataHeading { count }),
        Action::Keep { .. } => text.get(words::ActKeepHeading { count }),
    }
}

fn confirm_message(action: Action) -> Message {
    match action {
        Action::Cancel => words::ACT_CANCEL,
        Action::Delete => words::ACT_DELETE,
        Action::DeleteData => words::ACT_DATA,
        Action::Keep { .. } => words::ACT_KEEP,
    }
}

fn done(text: Text, action: Action, count: usize) -> String {
    match action {
        Action::Cancel => text.get(words::ActCancelDone { count }),
        Action::Delete => text.get(words::ActDeleteDone { count }),
        Action::DeleteData => text.get(words::ActDataDone { count }),
        Action::Keep { .. } => text.get(words::ActKeepDone { count }),
    }
}

/// Does it to each; the ids of those where it worked.
async fn perform(action: Action, doing: Doing, known: Known, jobs: Vec<Target>) -> BTreeSet<String> {
    let calls = jobs.into_iter().map(|target| async move {
        let answer = call(action, &target.id).await;
        (target, answer)
    });
    let mut answers = stream::iter(calls)
        .buffer_unordered(AT_ONCE)
        .ready_chunks(NOTED_AT_ONCE);
    let mut ids = BTreeSet::new();
    while let Some(chunk) = answers.next().await {
        let count = chunk.len();
        let mut worked = Vec::new();
        for (target, answer) in chunk {
            match answer {
                Ok(()) => worked.push(target.id),
                Err(error) => drop(doing.failed.try_update(|failed| failed.push((target, error)))),
            }
        }
        note(known, action, &worked);
        ids.extend(worked);
        doing
            .answered
            .update(|answered| *answered = answered.map(|before| before + count));
    }
    ids
}

async fn call(action: Action, id: &str) -> Result<(), CallError> {
    let client = browser::client();
    match action {
        Action::Cancel => client.cancel(id, "", true).await,
        Action::Delete => client.delete(id).await,
        Action::DeleteData => client.delete_data(id).await,
        Action::Keep { days } => client.set_data_ttl(id, days.map(|days| i64::from(days) * DAY_MS)).await,
    }
}

/// Brings the rows up to date with what the service has just done.
fn note(known: Known, action: Action, ids: &[String]) {
    let now_ms = clock::now_ms();
    known.update(|index| {
        let slots: HashSet<_> = ids.iter().filter_map(|id| index.slot_of(id)).collect();
        match action {
            Action::Cancel => {}
            Action::Delete => index.remove_all(&slots),
            Action::DeleteData => slots.iter().for_each(|slot| {
                index.change(*slot, |row| {
                    row.cleared = true;
                    row.size_bytes = 0;
                });
            }),
            Action::Keep { days } => slots.iter().for_each(|slot| {
                let expires_ms = days.map(|days| now_ms + i64::from(days) * DAY_MS);
                index.change(*slot, |row| row.expires_ms = expires_ms);
            }),
        }
    });
}

#[component]
fn Progress(doing: Doing) -> impl IntoView {
    let text = use_text();
    let count = Memo::new(move |_| doing.jobs.read().len());
    let answered = Memo::new(move |_| doing.answered.get().unwrap_or_default());
    let said = move || {
        let failed = doing.failed.read().len();
        text.get(words::ActProgress {
            done: answered.get() - failed.min(answered.get()),
            count: count.get(),
        })
    };
    view! {
        <p>{said}</p>
        <Show when=move || doing.is_running.get()>
            <progress
                max=move || count.get().to_string()
                value=move || answered.get().to_string()
                aria-label=text.say(words::ACT_PROGRESS_LABEL)
            ></progress>
        </Show>
    }
}

#[component]
fn Failures(doing: Doing) -> impl IntoView {
    let text = use_text();
    let one = move |(target, error): (Target, CallError)| {
        let name = target.shown_name(text);
        let details = error.message.clone();
        view! {
            <li>
                <strong>{name}</strong>
                ": "
                {text.say(notice::message_of(error.code))}
                <span class="hint as-written">{details}</span>
            </li>
        }
    };
    let more = move || doing.failed.read().len().saturating_sub(NAMED);
    view! {
        <Show when=move || !doing.failed.read().is_empty()>
            <div class="notice notice-bad" role="alert">
                <p>{move || text.get(words::ActFailed { count: doing.failed.read().len() })}</p>
                <ul>{move || doing.failed.get().into_iter().take(NAMED).map(one).collect_view()}</ul>
                {move || (more() > 0).then(|| text.get(words::ActFailedMore { count: more() }))}
            </div>
        </Show>
    }
}
