//! How a Run is shown: its phases, its files, its end.

use leptos::prelude::*;

use super::run::{FileState, FileStep, Phase, Run, RunError};
use crate::app::{
    announce::use_announcer,
    notice::ErrorNotice,
    text::{Text, use_text},
};

const PHASES: [(Phase, &str); 4] = [
    (Phase::Hashing, "phase-hashing"),
    (Phase::Creating, "phase-creating"),
    (Phase::Sending, "phase-sending"),
    (Phase::Starting, "phase-starting"),
];

fn step_message(step: FileStep) -> &'static str {
    match step {
        FileStep::Waiting => "file-waiting",
        FileStep::Hashing => "file-hashing",
        FileStep::Hashed => "file-hashed",
        FileStep::Held => "file-held",
        FileStep::Sending => "file-sending",
        FileStep::Sent => "file-sent",
    }
}

/// Sums over the files of a Run.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Totals {
    held: usize,
    to_send: usize,
    bytes: f64,
    sent_bytes: f64,
}

fn totals(files: &[FileState]) -> Totals {
    let mut totals = Totals {
        held: 0,
        to_send: 0,
        bytes: 0.0,
        sent_bytes: 0.0,
    };
    for file in files {
        if file.step.get() == FileStep::Held {
            totals.held += 1;
        } else {
            totals.to_send += 1;
            totals.bytes += file.size_bytes;
            totals.sent_bytes += file.done_bytes.get();
        }
    }
    totals
}

fn summary(text: Text, totals: Totals) -> String {
    let Totals { held, to_send, .. } = totals;
    match (held, to_send) {
        (0, 0) => text.get("send-no-files"),
        (_, 0) => text.with("send-all-held", [("count", held.into())]),
        (0, _) => text.with(
            "send-some",
            [("count", to_send.into()), ("size", text.size(totals.bytes).into())],
        ),
        _ => text.with(
            "send-rest",
            [
                ("count", to_send.into()),
                ("size", text.size(totals.bytes).into()),
                ("held", held.into()),
            ],
        ),
    }
}

/// A Run while it goes on, or why it stopped.
#[component]
pub(super) fn RunProgress(
    /// The Run.
    run: Run,
    /// Stops it.
    on_cancel: Callback<()>,
) -> impl IntoView {
    let text = use_text();
    announce(run);
    let is_running = Memo::new(move |_| run.phase.get() != Phase::Idle);
    view! {
        {move || run.error.get().map(|error| view! { <RunFailure error /> })}
        <Show when=move || is_running.get()>
            <section class="run" aria-label=text.say("run-label")>
                <ol class="phases">
                    {PHASES
                        .map(|(phase, message)| {
                            view! {
                                <li
                                    class:phase-done=move || phase_is_done(phase, run.phase.get())
                                    aria-current=move || (run.phase.get() == phase).then_some("step")
                                >
                                    {text.say(message)}
                                </li>
                            }
                        })}
                </ol>
                <Show when=move || matches!(run.phase.get(), Phase::Sending | Phase::Starting)>
                    <p class="send-summary">{move || summary(text, totals(&run.files.read()))}</p>
                </Show>
                <Show when=move || run.phase.get() == Phase::Sending>
                    <TotalBar run />
                </Show>
                <ul class="run-files">
                    <For each=move || run.files.get().into_iter().enumerate() key=|(index, _)| *index let((_, file))>
                        <FileLine file />
                    </For>
                </ul>
                <button type="button" on:click=move |_| on_cancel.run(())>{text.say("run-cancel")}</button>
            </section>
        </Show>
    }
}

fn phase_is_done(phase: Phase, current: Phase) -> bool {
    let place = |phase| PHASES.iter().position(|(known, _)| *known == phase);
    place(phase) < place(current)
}

/// Says the phases and each quarter of the sending.
fn announce(run: Run) {
    let text = use_text();
    let announcer = use_announcer();
    Effect::new(move || {
        let phase = run.phase.get();
        let Some((_, message)) = PHASES.iter().find(|(known, _)| *known == phase) else {
            return;
        };
        let details = (phase == Phase::Sending).then(|| untrack(|| summary(text, totals(&run.files.read()))));
        let message = untrack(|| text.get(message));
        announcer.say(details.map_or(message.clone(), |details| format!("{message}. {details}")));
    });
    let quarter = Memo::new(move |_| {
        let totals = totals(&run.files.read());
        let is_sending = run.phase.get() == Phase::Sending && totals.bytes > 0.0;
        is_sending.then(|| (totals.sent_bytes / totals.bytes * 4.0) as u32)
    });
    Effect::new(move || {
        if let Some(quarter @ 1..=3) = quarter.get() {
            announcer.say(untrack(|| text.percent(f64::from(quarter) / 4.0)));
        }
    });
}

#[component]
fn TotalBar(run: Run) -> impl IntoView {
    let text = use_text();
    let totals = Memo::new(move |_| totals(&run.files.read()));
    let words = move || {
        let totals = totals.get();
        let (sent, size) = (text.size(totals.sent_bytes), text.size(totals.bytes));
        text.with("send-total", [("sent", sent.into()), ("size", size.into())])
    };
    move || {
        (totals.get().bytes > 0.0).then(|| {
            view! {
                <p class="total">
                    <progress
                        max=move || totals.get().bytes.to_string()
                        value=move || totals.get().sent_bytes.to_string()
                        aria-label=text.say("phase-sending")
                    ></progress>
                    <span>{words}</span>
                </p>
            }
        })
    }
}

#[component]
fn FileLine(file: FileState) -> impl IntoView {
    let text = use_text();
    let FileState {
        name,
        size_bytes,
        step,
        done_bytes,
    } = file;
    let is_moving = move || matches!(step.get(), FileStep::Hashing | FileStep::Sending);
    let label = name.clone();
    view! {
        <li>
            <span class="file-name">{name}</span>
            <span class="quiet">{move || text.size(size_bytes)}</span>
            <Show when=is_moving>
                <progress
                    max=size_bytes.max(1.0).to_string()
                    value=move || done_bytes.get().to_string()
                    aria-label=label.clone()
                ></progress>
            </Show>
            <span class="file-step">{move || text.get(step_message(step.get()))}</span>
        </li>
    }
}

#[component]
fn RunFailure(error: RunError) -> impl IntoView {
    let text = use_text();
    let (message, file, details) = match error {
        RunError::Call(error) => return view! { <ErrorNotice error /> }.into_any(),
        RunError::Hash { file, error } => ("run-hash-failed", file, error.to_string()),
        RunError::Upload { file, error } => ("run-upload-failed", file, error.to_string()),
        RunError::NoFile { file } => ("run-no-file", file.clone(), file),
    };
    view! {
        <div class="notice notice-bad" role="alert">
            <p>{move || text.with(message, [("file", file.as_str().into())])}</p>
            <details>
                <summary>{text.say("error-details")}</summary>
                <p class="as-written">{details}</p>
            </details>
        </div>
    }
    .into_any()
}
