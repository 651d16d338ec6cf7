//! Doing something to many jobs: what it will do is said first, what came of it afterwards.

use leptos::{html, prelude::*, task::spawn_local};

use super::consequences::WillDo;
use crate::app::{
    announce::use_announcer,
    jobs::state::{
        bulk_action::{Asked, BulkAction, Done, Sifted, Target, perform},
        loaded_jobs::LoadedJobs,
    },
    name::Name,
    notice,
    text::{Message, Text, use_text, words},
};
use jobsphere_client::CallError;
use jobsphere_names::{said, shown};
use jobsphere_rules::lifetime::Action;

/// Failures named on the page.
const NAMED: usize = 100;
/// Jobs named before something is taken away from them.
const SHOWN_NAMES: usize = 10;

/// Asks, does and reports. It opens when `asked` says something.
#[component]
pub(crate) fn ActDialog(
    known: LoadedJobs,
    asked: RwSignal<Option<Asked>>,
    /// What is to follow where it was done.
    on_done: Callback<Done>,
) -> impl IntoView {
    let text = use_text();
    let announcer = use_announcer();
    let dialog = NodeRef::<html::Dialog>::new();
    let doing = BulkAction::new();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match (&*asked.read(), dialog.open()) {
            (Some(asked), false) => {
                doing.ask(asked);
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
            announcer.say(done_words(text, action, ids.len()));
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
                    <Names action=doing.action sifted />
                    <WillDo known action=doing.action sifted />
                    <div class="buttons">
                        <button
                            type="button"
                            class=move || look_of(doing.action.get())
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

/// What takes something away looks like it.
fn look_of(action: Action) -> &'static str {
    match action {
        Action::Delete | Action::DeleteData => "button-danger",
        Action::Cancel | Action::Keep { .. } => "button-main",
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

/// What was done, to so many.
pub(super) fn done_words(text: Text, action: Action, count: usize) -> String {
    match action {
        Action::Cancel => text.get(words::ActCancelDone { count }),
        Action::Delete => text.get(words::ActDeleteDone { count }),
        Action::DeleteData => text.get(words::ActDataDone { count }),
        Action::Keep { .. } => text.get(words::ActKeepDone { count }),
    }
}

#[component]
fn Progress(doing: BulkAction) -> impl IntoView {
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
fn Failures(doing: BulkAction) -> impl IntoView {
    let text = use_text();
    let one = move |(target, error): (Target, CallError)| {
        let name = shown_name(text, &target);
        let details = error.message.clone();
        view! {
            <li>
                <strong><Name of=name /></strong>
                ": "
                {text.say(notice::message_of(error.code))}
                <span class="hint as-written"><bdi>{said(&details).into_owned()}</bdi></span>
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

/// The jobs that something is taken away from, by name.
#[component]
fn Names(action: RwSignal<Action>, sifted: Memo<Sifted>) -> impl IntoView {
    let text = use_text();
    move || {
        let jobs = &sifted.read().0;
        let is_meant = matches!(action.get(), Action::Delete | Action::DeleteData) && !jobs.is_empty();
        is_meant.then(|| {
            let named = jobs.iter().take(SHOWN_NAMES).map(|target| shown_name(text, target));
            let items: Vec<_> = named
                .map(|name| view! { <li><bdi>{shown(&name).into_owned()}</bdi></li> })
                .collect();
            let more = jobs.len().saturating_sub(SHOWN_NAMES);
            view! {
                <ul class="act-names">{items}</ul>
                {(more > 0).then(|| view! { <p class="hint">{text.get(words::ActFailedMore { count: more })}</p> })}
            }
        })
    }
}

fn shown_name(text: Text, target: &Target) -> String {
    if target.name.is_empty() {
        format!("{} ({})", text.get(words::JOB_UNNAMED), target.id)
    } else {
        target.name.clone()
    }
}
