//! How a Run is shown: its phases, its files, its end.

use leptos::prelude::*;

use crate::{
    app::{
        announce::use_announcer,
        name::Name,
        new_job::{
            state::submission::run::{FileState, Run, RunError},
            view::group::turn_words,
        },
        notice::{ErrorNotice, between_said},
        task::run_while_mounted,
        text::{Message, Text, use_text, words},
    },
    browser::{clock::now_ms, document, upload::UploadError},
};
use jobsphere_client::submission::{Failure, FileStep, Phase, SendError as _};
use jobsphere_names::{isolated, said};

/// Id of the button that agrees to sending.
const AGREE: &str = "send-agree";
/// How often speed is measured.
const MEASURE_MS: u32 = 1000;
/// How much the newest measure counts against those before.
const NEWEST_SHARE: f64 = 0.3;

const PHASES: [(Phase, Message); 5] = [
    (Phase::Hashing, words::PHASE_HASHING),
    (Phase::Creating, words::PHASE_CREATING),
    (Phase::Asking, words::PHASE_ASKING),
    (Phase::Sending, words::PHASE_SENDING),
    (Phase::Starting, words::PHASE_STARTING),
];

fn step_message(step: FileStep) -> Message {
    match step {
        FileStep::Waiting => words::FILE_WAITING,
        FileStep::Hashing => words::FILE_HASHING,
        FileStep::Hashed => words::FILE_HASHED,
        FileStep::Held => words::FILE_HELD,
        FileStep::Sending => words::FILE_SENDING,
        FileStep::Sent => words::FILE_SENT,
    }
}

/// Files, and folders whose files only the service knows.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Amount {
    files: usize,
    folders: usize,
}

impl Amount {
    fn add(&mut self, count: Option<usize>) {
        match count {
            Some(files) => self.files += files,
            None => self.folders += 1,
        }
    }

    fn is_nothing(self) -> bool {
        self == Self::default()
    }

    fn said(self, text: Text) -> String {
        let files = (self.files > 0).then(|| text.get(words::FolderFiles { count: self.files }));
        let folders = (self.folders > 0).then(|| text.get(words::SendFolders { count: self.folders }));
        files.into_iter().chain(folders).collect::<Vec<_>>().join(", ")
    }
}

/// Sums over what is on its way in a Run.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Totals {
    /// How many are sent, each folder as one.
    sendings: usize,
    held: Amount,
    to_send: Amount,
    bytes: f64,
    sent_bytes: f64,
}

fn totals(files: &[FileState]) -> Totals {
    let mut totals = Totals::default();
    for file in files {
        if file.step.get() == FileStep::Held {
            totals.held.add(file.count);
        } else {
            totals.sendings += 1;
            totals.to_send.add(file.count);
            totals.bytes += file.size_bytes;
            totals.sent_bytes += file.done_bytes.get();
        }
    }
    totals
}

fn summary(text: Text, totals: Totals) -> String {
    let Totals { held, to_send, .. } = totals;
    let size = || text.size(totals.bytes);
    match (held.is_nothing(), totals.sendings) {
        (true, 0) => text.get(words::SEND_NO_FILES),
        (false, 0) => text.get(words::SendAllHeld { held: held.said(text) }),
        // A folder without a file is sent as well.
        (true, _) => text.get(words::SendSome {
            count: to_send.files,
            size: size(),
        }),
        (false, _) => text.get(words::SendRest {
            count: to_send.files,
            size: size(),
            held: held.said(text),
        }),
    }
}

/// A Run while it goes on, or why it stopped.
#[component]
pub(crate) fn RunProgress(
    /// The Run.
    run: Run,
    /// Stops it.
    on_cancel: Callback<()>,
) -> impl IntoView {
    let text = use_text();
    announce(run);
    let is_running = Memo::new(move |_| run.phase.get().is_some());
    let is_sending = move || run.phase.get() == Some(Phase::Sending);
    view! {
        {move || run.error.get().map(|error| view! { <RunFailure error /> })}
        <Show when=move || is_running.get()>
            <section class="run" aria-label=text.say(words::RUN_LABEL)>
                {move || {
                    run.turn
                        .get()
                        .map(|turn| view! { <p class="as-written"><strong>{turn_words(text, &turn)}</strong></p> })
                }}
                <ol class="phases">
                    {PHASES
                        .map(|(phase, message)| {
                            view! {
                                <li
                                    hidden=move || phase == Phase::Asking && !run.asks.get()
                                    class:phase-done=move || phase_is_done(phase, run.phase.get())
                                    aria-current=move || (run.phase.get() == Some(phase)).then_some("step")
                                >
                                    {text.say(message)}
                                </li>
                            }
                        })}
                </ol>
                <Show when=move || run.phase.get() == Some(Phase::Hashing)>
                    <HashBar run />
                </Show>
                <Show when=move || matches!(run.phase.get(), Some(Phase::Asking | Phase::Sending | Phase::Starting))>
                    <p class="send-summary">{move || summary(text, totals(&run.files.read()))}</p>
                </Show>
                <Show when=move || run.phase.get() == Some(Phase::Asking)>
                    <p>
                        <button type="button" id=AGREE class="button-main" on:click=move |_| run.agree()>
                            {text.say(words::SEND_AGREE)}
                        </button>
                    </p>
                </Show>
                <Show when=is_sending>
                    <TotalBar run />
                    <p class="send-waits" role="status">
                        {move || waits(run).map(|message| text.get(message))}
                    </p>
                </Show>
                <ul class="run-files">
                    <For each=move || run.files.get().into_iter().enumerate() key=|(index, _)| *index let((_, file))>
                        <FileLine file />
                    </For>
                </ul>
                <div class="row-actions">
                    <Show when=is_sending>
                        <button type="button" on:click=move |_| run.pause(!run.is_paused.get_untracked())>
                            {move || text.get(if run.is_paused.get() { words::RUN_RESUME } else { words::RUN_PAUSE })}
                        </button>
                    </Show>
                    <button type="button" on:click=move |_| on_cancel.run(())>{text.say(words::RUN_CANCEL)}</button>
                </div>
            </section>
        </Show>
    }
}

/// Why nothing is being sent just now.
fn waits(run: Run) -> Option<Message> {
    if run.is_paused.get() {
        return Some(words::RUN_IS_PAUSED);
    }
    (run.waiting.get() > 0).then(|| {
        if document::is_online() {
            words::RUN_RETRIES
        } else {
            words::RUN_IS_OFFLINE
        }
    })
}

fn phase_is_done(phase: Phase, current: Option<Phase>) -> bool {
    let place = |phase| PHASES.iter().position(|(known, _)| *known == phase);
    place(phase) < current.and_then(place)
}

/// Says the phases and each quarter of the sending.
fn announce(run: Run) {
    let text = use_text();
    let announcer = use_announcer();
    Effect::new(move || {
        if let Some(turn) = run.turn.get() {
            announcer.say(untrack(|| turn_words(text, &turn)));
        }
    });
    Effect::new(move || {
        let phase = run.phase.get();
        // Of several jobs the first one sends the files; the others follow at once.
        let is_later = run.turn.read_untracked().as_ref().is_some_and(|turn| turn.number > 1);
        if is_later && phase != Some(Phase::Asking) {
            return;
        }
        let Some((_, message)) = PHASES.iter().find(|(known, _)| Some(*known) == phase) else {
            return;
        };
        let details = matches!(phase, Some(Phase::Asking | Phase::Sending))
            .then(|| untrack(|| summary(text, totals(&run.files.read()))));
        if phase == Some(Phase::Asking) {
            request_animation_frame(|| document::focus(AGREE));
        }
        let message = untrack(|| text.get(*message));
        announcer.say(details.map_or(message.clone(), |details| format!("{message}. {details}")));
    });
    let quarter = Memo::new(move |_| {
        let totals = totals(&run.files.read());
        let is_sending = run.phase.get() == Some(Phase::Sending) && totals.bytes > 0.0;
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
    let totals = Memo::new(move |_| totals(&run.files.read()));
    view! {
        <Bar
            label=words::PHASE_SENDING
            all=Signal::derive(move || totals.get().bytes)
            done=Signal::derive(move || totals.get().sent_bytes)
        />
    }
}

#[component]
fn HashBar(run: Run) -> impl IntoView {
    let sum = move |part: fn(&FileState) -> f64| run.files.read().iter().map(part).sum::<f64>();
    view! {
        <Bar
            label=words::PHASE_HASHING
            all=Signal::derive(move || sum(|file| file.size_bytes))
            done=Signal::derive(move || sum(|file| file.done_bytes.get()))
        />
    }
}

/// How many of the bytes are done, how fast, and how long it will take.
#[component]
fn Bar(label: Message, all: Signal<f64>, done: Signal<f64>) -> impl IntoView {
    let text = use_text();
    // Bytes in a second; the first measure is the first value.
    let speed = RwSignal::new(None::<f64>);
    let before = StoredValue::new((now_ms(), done.get_untracked()));
    run_while_mounted(async move {
        loop {
            gloo_timers::future::TimeoutFuture::new(MEASURE_MS).await;
            let (then, bytes) = before.get_value();
            let now = (now_ms(), done.get_untracked());
            before.set_value(now);
            let newest = (now.1 - bytes).max(0.0) * 1000.0 / ((now.0 - then).max(1) as f64);
            speed.update(|speed| {
                *speed = Some(speed.map_or(newest, |known| known + (newest - known) * NEWEST_SHARE));
            });
        }
    });
    let words = move || {
        let (done, all) = (done.get(), all.get());
        let total = text.get(words::SendTotal {
            sent: text.size(done),
            size: text.size(all),
        });
        match speed.get().filter(|speed| *speed >= 1.0) {
            None => total,
            Some(speed) => {
                let left = text.duration(((all - done).max(0.0) / speed * 1000.0) as i64);
                let speed = text.get(words::SendSpeed {
                    speed: text.size(speed),
                    left,
                });
                format!("{total}, {speed}")
            }
        }
    };
    let is_anything = Memo::new(move |_| all.get() > 0.0);
    view! {
        <Show when=move || is_anything.get()>
            <p class="total">
                <progress
                    max=move || all.get().to_string()
                    value=move || done.get().to_string()
                    aria-label=text.say(label)
                ></progress>
                <span>{words}</span>
            </p>
        </Show>
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
        ..
    } = file;
    let is_moving = move || matches!(step.get(), FileStep::Hashing | FileStep::Sending);
    let label = isolated(&name).into_owned();
    view! {
        <li>
            <span class="file-name"><Name of=name /></span>
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
    let unread = |text: Text, file: &str| text.get(words::RunHashFailed { file });
    let (words, file, details): (fn(Text, &str) -> String, _, _) = match error {
        RunError::Program { reason } => (|text, _| text.get(words::RUN_PROGRAM_FAILED), String::new(), reason),
        RunError::Submission(failure) => match failure {
            Failure::Call(error) => return view! { <ErrorNotice error /> }.into_any(),
            Failure::Hash { file, error } => (unread, file, error.to_string()),
            Failure::Send { file, error } if error.is_other_content() => (
                |text, file| text.get(words::RunFileChanged { file }),
                file,
                error.to_string(),
            ),
            Failure::Send { file, error } if error.is_unreadable() => (unread, file, error.to_string()),
            Failure::Send {
                file,
                error: UploadError::Between(between),
            } => {
                return view! {
                    <div class="notice notice-bad" role="alert">
                        <p>{move || text.get(words::RunUploadBetween { file: file.as_str() })}</p>
                        <p>{move || between_said(text, &between)}</p>
                    </div>
                }
                .into_any();
            }
            Failure::Send { file, error } => (
                |text, file| text.get(words::RunUploadFailed { file }),
                file,
                error.to_string(),
            ),
            Failure::NoContent { file } => (|text, file| text.get(words::RunNoFile { file }), file.clone(), file),
        },
    };
    view! {
        <div class="notice notice-bad" role="alert">
            <p>{move || words(text, &file)}</p>
            <details>
                <summary>{text.say(words::ERROR_DETAILS)}</summary>
                <p class="as-written">{said(&details).into_owned()}</p>
            </details>
        </div>
    }
    .into_any()
}
