//! Why a job failed, above everything else.

use leptos::prelude::*;

use crate::app::job::state::ShownJob;
use crate::{
    api::{jobs::FileUploadError, time},
    app::{
        job::{log::view::links::LogLink, results::view::missing::MissingItems},
        name::Passage,
        notice::code_name,
        service_words::in_language,
        text::{Message, Text, use_text, words},
    },
    browser::clock,
};
use jobsphere_client::follow::JobState;
use jobsphere_log::model::{LineRef, Trouble};
use jobsphere_names::said;
use jobsphere_rules::{
    cancelling::name_of_signal,
    return_code::{self, Meaning},
};

/// What failed, in one line.
pub(super) fn headline(state: &JobState, text: Text) -> String {
    match state.return_code {
        Some(code) if code != 0 => text.get(words::FailureCode { code: code.to_string() }),
        _ => text.get(words::FAILURE_HEADING),
    }
}

/// What the return code is known to mean, beside what the log tells of the reason. What is only usual is not said where
/// the log knows better.
fn meaning(state: &JobState, text: Text, trouble: &Trouble) -> Option<String> {
    let meaning = return_code::meaning(state.return_code?)?;
    let is_told = |words: &str| trouble.reasons.iter().any(|line| line.text.contains(words));
    let has_reason = !trouble.reasons.is_empty();
    let is_silent = trouble.last_err.is_empty() && trouble.last_out.is_empty();
    Some(match meaning {
        Meaning::NotExecutable if is_told("Permission denied") => text.get(words::CODE_PERMISSION),
        Meaning::NotExecutable | Meaning::NotFound
            if is_told("required file not found") || is_told("bad interpreter") =>
        {
            text.get(words::CODE_INTERPRETER)
        }
        Meaning::General | Meaning::Usage | Meaning::NotExecutable | Meaning::NotFound if has_reason => return None,
        Meaning::General if is_silent => text.get(words::CODE_SILENT),
        Meaning::General => text.get(words::CODE_GENERAL),
        Meaning::Usage => text.get(words::CODE_USAGE),
        Meaning::TimedOut => text.get(words::CODE_TIMED_OUT),
        Meaning::NotExecutable => text.get(words::CODE_NOT_EXECUTABLE),
        Meaning::NotFound => text.get(words::CODE_NOT_FOUND),
        Meaning::Killed => text.get(words::CODE_KILLED),
        Meaning::Segfault => text.get(words::CODE_SEGFAULT),
        Meaning::Signal(signal) => text.get(words::CodeSignal {
            signal: name_of_signal(signal),
        }),
    })
}

/// Where in its life the job failed, and after how long.
fn place(state: &JobState, text: Text) -> String {
    let job = &state.job;
    let millis = |time: &Option<prost_types::Timestamp>| time.as_ref().map(time::to_millis);
    let end = millis(&job.finished_at).unwrap_or_else(clock::now_ms);
    let started = millis(&job.started_at);
    let begin = started.or_else(|| millis(&job.created_at)).unwrap_or(end);
    let duration = text.duration(end - begin);
    match (state.return_code, started) {
        (Some(0), Some(_)) => text.get(words::FailureInOutputs { duration }),
        (Some(_), Some(_)) => text.get(words::FailureInCommand { duration }),
        (None, Some(_)) => text.get(words::FailureInRun { duration }),
        (_, None) => text.get(words::FailureInPreparation { duration }),
    }
}

/// The service's own words, where they say more than the code does.
fn details(state: &JobState, text: Text) -> String {
    let details = state.job.status_details.as_str();
    // The code stands in the headline.
    let more = match return_code::says_all(state.return_code, details) {
        true => "",
        false => return_code::read(details).map_or(details, |(_, more)| more),
    };
    let mut lines = vec![more];
    if let Some(error) = &state.error
        && error.message != details
    {
        lines.push(&error.message);
    }
    in_language(lines.join("\n").trim(), text)
}

#[component]
pub(crate) fn Failure(view: ShownJob) -> impl IntoView {
    let text = use_text();
    let failed = Memo::new(move |_| view.state.get().filter(JobState::has_failed));
    let has_failed = Memo::new(move |_| failed.read().is_some());
    let of_state = move |tell: fn(&JobState, Text) -> String| {
        move || {
            failed
                .read()
                .as_ref()
                .map(|state| tell(state, text))
                .unwrap_or_default()
        }
    };
    let words = move || {
        let failed = failed.read();
        let state = failed.as_ref()?;
        let words = [meaning(state, text, &view.log.trouble.read()), Some(place(state, text))];
        Some(words.into_iter().flatten().collect::<Vec<_>>().join(" "))
    };
    view! {
        <Show when=move || has_failed.get()>
            <section class="notice notice-bad failure" role="alert">
                <h2>{of_state(headline)}</h2>
                <p>{words}</p>
                <p class="as-written">{of_state(details)}</p>
                {move || failed.get().map(|state| view! { <Missing errors=state.job.file_errors.clone() /> })}
                <Lines view />
                {move || failed.get().and_then(|state| state.error).map(|error| {
                    view! {
                        <details>
                            <summary>{text.say(words::ERROR_DETAILS)}</summary>
                            <p><code>{code_name(error.code)}</code></p>
                            <p class="as-written">{said(&error.message).into_owned()}</p>
                        </details>
                    }
                })}
            </section>
        </Show>
    }
}

/// The outputs that are not there.
#[component]
fn Missing(errors: Vec<FileUploadError>) -> impl IntoView {
    let text = use_text();
    let count = errors.len();
    (count > 0).then(|| {
        view! {
            <p>{move || text.get(words::FailureMissing { count })}</p>
            <ul><MissingItems errors /></ul>
        }
    })
}

/// The lines that tell the reason, and the last of stderr, each with the way to it. Where nothing tells a reason, the last
/// of stdout as well.
#[component]
fn Lines(view: ShownJob) -> impl IntoView {
    let text = use_text();
    let trouble = view.log.trouble;
    let reasons = Memo::new(move |_| trouble.read().reasons.clone());
    let last_err = Memo::new(move |_| {
        let trouble = trouble.read();
        // Lines that are all shown already would stand there twice.
        let is_shown = trouble.last_err.iter().all(|line| trouble.reasons.contains(line));
        if is_shown { Vec::new() } else { trouble.last_err.clone() }
    });
    let last_out = Memo::new(move |_| {
        let trouble = trouble.read();
        if trouble.reasons.is_empty() {
            trouble.last_out.clone()
        } else {
            Vec::new()
        }
    });
    view! {
        <Show when=move || !reasons.read().is_empty()>
            <p>{move || text.get(words::FailureReason { count: reasons.read().len() })}</p>
            <LinesOf view lines=reasons label=words::FAILURE_REASON_LABEL />
        </Show>
        <Show when=move || !last_err.read().is_empty()>
            <p>{move || text.get(words::FailureStderr { count: last_err.read().len() })}</p>
            <LinesOf view lines=last_err label=words::FAILURE_STDERR_LABEL />
        </Show>
        <Show when=move || !last_out.read().is_empty()>
            <p>{move || text.get(words::FailureStdout { count: last_out.read().len() })}</p>
            <LinesOf view lines=last_out label=words::FAILURE_STDOUT_LABEL />
        </Show>
    }
}

/// Lines of the log, each leading to itself.
#[component]
fn LinesOf(view: ShownJob, lines: Memo<Vec<LineRef>>, label: Message) -> impl IntoView {
    let text = use_text();
    let line = move |line: LineRef| {
        view! { <li><LogLink log=view.log offset=line.offset><Passage of=line.text /></LogLink></li> }
    };
    view! {
        <ul class="log-lines" tabindex="0" aria-label=text.say(label)>
            {move || lines.get().into_iter().map(line).collect_view()}
        </ul>
    }
}
