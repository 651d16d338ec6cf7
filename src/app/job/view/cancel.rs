//! Cancel: what it does, asked before; the time until the kill, and the kill itself, after.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};

use crate::app::job::state::ShownJob;
use crate::{
    api::jobs::JobStatus,
    app::{
        notice::ErrorNotice,
        text::{Text, use_text, words},
        time::use_now,
    },
    browser::{self, clock},
};
use jobsphere_client::CallError;
use jobsphere_rules::{
    cancelling::{Shutdown, name_of_signal},
    status::{Forbidden, is_final, may_cancel, may_kill},
    timeline::Mark,
};

const REASON: &str = "cancel-why";

/// A cancel that this page asks for.
#[derive(Clone, Copy)]
pub(crate) struct Cancelling {
    view: ShownJob,
    is_asking: RwSignal<bool>,
    error: RwSignal<Option<CallError>>,
    /// When this page asked for a graceful end, by its own clock.
    asked_ms: RwSignal<Option<i64>>,
}

impl Cancelling {
    pub(super) fn new(view: ShownJob) -> Self {
        Self {
            view,
            is_asking: RwSignal::new(false),
            error: RwSignal::new(None),
            asked_ms: RwSignal::new(None),
        }
    }

    fn status(self) -> JobStatus {
        let state = self.view.state.read_untracked();
        state.as_ref().map(|state| state.status()).unwrap_or_default()
    }

    fn cancel(self, reason: String, graceful: bool) {
        let job_id = self
            .view
            .state
            .read_untracked()
            .as_ref()
            .map(|state| state.job.id.clone());
        let Some(job_id) = job_id.filter(|_| !self.is_asking.get_untracked()) else {
            return;
        };
        self.is_asking.set(true);
        self.error.set(None);
        spawn_local(async move {
            let answer = browser::client().cancel(&job_id, &reason, graceful).await;
            self.is_asking.try_set(false);
            match answer {
                Ok(()) => drop(self.asked_ms.try_set(graceful.then(clock::now_ms))),
                // It may have ended by itself meanwhile; then its state says all there is to say.
                Err(failure) if !is_final(self.status()) => drop(self.error.try_set(Some(failure))),
                Err(_) => {}
            }
        });
    }

    fn shutdown(self) -> Option<Shutdown> {
        Shutdown::of(&self.view.state.read().as_ref()?.job)
    }
}

/// What a graceful end means, in a sentence.
fn graceful_words(shutdown: Shutdown, text: Text) -> String {
    let signal = name_of_signal(shutdown.signal);
    match shutdown.timeout_ms {
        Some(timeout_ms) => text.get(words::CancelGraceful {
            signal,
            duration: text.duration(timeout_ms),
        }),
        None => text.get(words::CancelGracefulEndless { signal }),
    }
}

#[component]
pub(crate) fn CancelButton(cancelling: Cancelling) -> impl IntoView {
    let text = use_text();
    let view = cancelling.view;
    let dialog = NodeRef::<html::Dialog>::new();
    let verdict = Memo::new(move |_| may_cancel(view.status()));
    let why_not = move || {
        verdict.get().err().map(|forbidden| match forbidden {
            Forbidden::Ended => text.get(words::FORBIDDEN_ENDED),
            Forbidden::Cancelling => text.get(words::FORBIDDEN_CANCELLING),
            Forbidden::Runs => text.get(words::FORBIDDEN_RUNS),
            Forbidden::DataCleared => text.get(words::FORBIDDEN_DATA_CLEARED),
        })
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    Effect::new(move || {
        if verdict.get().is_err() {
            close();
        }
    });
    let open = move |_| {
        if let Some(dialog) = dialog.get_untracked().filter(|_| verdict.get_untracked().is_ok()) {
            // Fails only for a dialog that is open or not in the page.
            let _ = dialog.show_modal();
        }
    };
    view! {
        <div class="cancel">
            <button
                type="button"
                aria-haspopup="dialog"
                aria-disabled=move || (verdict.get().is_err() || cancelling.is_asking.get()).to_string()
                aria-describedby="cancel-reason"
                on:click=open
            >
                {text.say(words::CANCEL)}
            </button>
            <span id="cancel-reason" class="hint">{why_not}</span>
        </div>
        <dialog node_ref=dialog class="cancel-dialog" aria-labelledby="cancel-heading">
            <h2 id="cancel-heading">{text.say(words::CANCEL_HEADING)}</h2>
            <CancelForm cancelling close=Callback::new(move |()| close()) />
        </dialog>
    }
}

#[component]
fn CancelForm(cancelling: Cancelling, close: Callback<()>) -> impl IntoView {
    let text = use_text();
    let view = cancelling.view;
    let reason = RwSignal::new(String::new());
    let runs = Memo::new(move |_| !matches!(view.status(), JobStatus::Creating | JobStatus::Preparing));
    // Before the command has begun there is nothing that a signal could reach.
    let shutdown = Memo::new(move |_| cancelling.shutdown().filter(|_| runs.get()));
    let words = move || match shutdown.get() {
        Some(shutdown) => graceful_words(shutdown, text),
        None if runs.get() => text.get(words::CANCEL_KILL),
        None => text.get(words::CANCEL_BEFORE),
    };
    let cancel = move |graceful: bool| {
        close.run(());
        cancelling.cancel(reason.get_untracked().trim().to_owned(), graceful);
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        cancel(shutdown.get_untracked().is_some());
    };
    view! {
        <form on:submit=submit>
            <p>{words}" " <Show when=move || runs.get()>{text.say(words::CANCEL_KEEPS)}</Show></p>
            <div class="field">
                <label for=REASON>{text.say(words::CANCEL_REASON_LABEL)}</label>
                <input id=REASON type="text" autocomplete="off" bind:value=reason />
            </div>
            <div class="buttons">
                <Show when=move || shutdown.read().is_some()>
                    <button class="button-main" type="submit">{text.say(words::CANCEL_GRACEFULLY)}</button>
                </Show>
                <button
                    class=move || if runs.get() { "button-danger" } else { "button-main" }
                    type="button"
                    on:click=move |_| cancel(false)
                >
                    {move || text.get(if runs.get() { words::CANCEL_KILL_NOW } else { words::CANCEL_TAKE_OUT })}
                </button>
                <button type="button" on:click=move |_| close.run(())>{text.say(words::CANCEL_KEEP_RUNNING)}</button>
            </div>
        </form>
    }
}

/// How a cancel goes on.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    /// Asked to end by this signal; killed at this time, if ever.
    Asked { signal: i32, kill_at_ms: Option<i64> },
    /// Killed.
    Killed,
    /// Nothing more is known.
    Unknown,
}

fn step(cancelling: Cancelling) -> Step {
    let shutdown = cancelling.shutdown();
    let timeout_ms = shutdown.and_then(|shutdown| shutdown.timeout_ms);
    let trouble = cancelling.view.log.trouble.read();
    let newest = trouble
        .marks
        .iter()
        .rfind(|mark| matches!(mark.mark, Mark::SignalSent(_) | Mark::Killed));
    match (newest, shutdown, cancelling.asked_ms.get()) {
        (Some(mark), ..) => match mark.mark {
            Mark::SignalSent(signal) => Step::Asked {
                signal,
                kill_at_ms: timeout_ms.map(|timeout_ms| mark.time_ms.saturating_add(timeout_ms)),
            },
            _ => Step::Killed,
        },
        (None, Some(shutdown), Some(asked_ms)) => Step::Asked {
            signal: shutdown.signal,
            kill_at_ms: timeout_ms.map(|timeout_ms| asked_ms.saturating_add(timeout_ms)),
        },
        (None, None, _) => Step::Killed,
        (None, Some(_), None) => Step::Unknown,
    }
}

/// What goes on while the job is being cancelled, with the kill at hand.
#[component]
pub(crate) fn CancelPanel(cancelling: Cancelling) -> impl IntoView {
    let text = use_text();
    let now = use_now();
    let view = cancelling.view;
    let is_cancelling = Memo::new(move |_| view.status() == JobStatus::Cancelling);
    let step = Memo::new(move |_| step(cancelling));
    let words = move || match step.get() {
        Step::Asked { signal, .. } => text.get(words::CancellingAsked {
            signal: name_of_signal(signal),
        }),
        Step::Killed => text.get(words::CANCELLING_KILLED),
        Step::Unknown => text.get(words::CANCELLING_UNKNOWN),
    };
    let rest = move || match step.get() {
        Step::Asked {
            kill_at_ms: Some(kill_at_ms),
            ..
        } => {
            let seconds = (kill_at_ms - now.get()).max(0) / 1000;
            text.get(words::CancellingSeconds { seconds })
        }
        Step::Asked { kill_at_ms: None, .. } => text.get(words::CANCELLING_ENDLESS),
        Step::Killed | Step::Unknown => String::new(),
    };
    let may_be_killed = move || may_kill(view.status()).is_ok() && step.get() != Step::Killed;
    view! {
        {move || cancelling.error.get().map(|error| view! { <ErrorNotice error /> })}
        <Show when=move || is_cancelling.get()>
            <section class="notice notice-warn" aria-label=text.say(words::STATUS_CANCELLING)>
                <p role="status">{words}</p>
                <p aria-live="off" class="number">{rest}</p>
                <Show when=may_be_killed>
                    <button
                        class="button-danger"
                        type="button"
                        aria-disabled=move || cancelling.is_asking.get().to_string()
                        on:click=move |_| cancelling.cancel(String::new(), false)
                    >
                        {text.say(words::CANCEL_KILL_NOW)}
                    </button>
                </Show>
            </section>
        </Show>
    }
}
