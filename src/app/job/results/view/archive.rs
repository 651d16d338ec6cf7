//! All outputs as one ZIP, written on the disk while they come, each checked against its SHA-256.

use futures::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};

use crate::app::job::results::state::results;
use crate::{
    api::{jobs::File, sha256::Sha256},
    app::{
        announce::use_announcer,
        job::results::state::{
            content::fresh_url,
            item::{is_archive, path, size_bytes},
        },
        name::Name,
        notice::between_said,
        text::{Text, use_text, words},
    },
    browser::{
        document,
        hashing::{
            Hasher,
            collect::{AddError, Added},
        },
        saving::{self, Target},
    },
};
use jobsphere_names::{has_marks, said};
use jobsphere_results::bundle::{FAILED, Paths};

const BUTTON: &str = "download-all";

/// An output that is not in the archive.
#[derive(Debug, Clone, PartialEq)]
struct Failure {
    path: String,
    error: AddError,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq)]
enum Phase {
    Idle,
    Running { done: u64, path: String },
    Done { files: usize, failures: Vec<Failure> },
    Failed(String),
}

/// The button, the progress and the outcome.
#[component]
pub(crate) fn DownloadAll(
    /// The job's outputs.
    files: Vec<File>,
) -> impl IntoView {
    let text = use_text();
    let announcer = use_announcer();
    let job_id = results().job_id.get_value();
    let phase = RwSignal::new(Phase::Idle);
    let abort: StoredValue<Option<AbortHandle>> = StoredValue::new(None);
    let stop = move || {
        if let Some(handle) = abort.try_update_value(Option::take).flatten() {
            handle.abort();
        }
    };
    on_cleanup(stop);
    let count = files.len();
    let renamed = files.iter().filter(|file| has_marks(&path(file))).count();
    let total: u64 = files.iter().map(size_bytes).sum();
    let is_running = Memo::new(move |_| matches!(*phase.read(), Phase::Running { .. }));
    let start = move |_| {
        if is_running.get_untracked() {
            return;
        }
        phase.set(Phase::Running {
            done: 0,
            path: String::new(),
        });
        let (job_id, files) = (job_id.clone(), files.clone());
        // The first that is done: a browser shows its dialog only shortly after a press.
        let target = saving::target(format!("{job_id}.zip"));
        spawn_local(async move {
            let target = match target.await {
                Ok(Some(target)) => target,
                Ok(None) => return drop(phase.try_set(Phase::Idle)),
                Err(reason) => return drop(phase.try_set(Phase::Failed(reason))),
            };
            let (work, handle) = abortable(write_all(&job_id, &files, &target, phase));
            let is_here = abort.try_update_value(|kept| *kept = Some(handle.clone())).is_some();
            if !is_here {
                handle.abort();
            }
            let written = work.await;
            let outcome = match written {
                Ok(Ok(failures)) => match target.give().await {
                    Ok(()) => Phase::Done {
                        files: count - failures.len(),
                        failures,
                    },
                    Err(reason) => Phase::Failed(reason),
                },
                Ok(Err(reason)) => {
                    target.discard().await;
                    Phase::Failed(reason)
                }
                // Stopped by the person, or the page is gone.
                Err(_) => {
                    target.discard().await;
                    Phase::Idle
                }
            };
            if let Phase::Done { files, .. } = outcome {
                announcer.say(untrack(|| text.get(words::ArchiveDone { count: files })));
            }
            phase.try_set(outcome);
        });
    };
    let cancel = move |_| {
        stop();
        request_animation_frame(|| document::focus(BUTTON));
    };
    let progress = move || {
        let Phase::Running { done, path } = phase.get() else {
            return None;
        };
        let share = if total == 0 { 0.0 } else { done as f64 / total as f64 };
        let words = move || {
            text.get(words::ArchiveProgress {
                done: text.size(done as f64),
                total: text.size(total as f64),
            })
        };
        Some(view! {
            <progress max="1" value=share.to_string() aria-label=text.say(words::ARCHIVE_PROGRESS_LABEL)></progress>
            <p class="hint">{words} " " <span class="file-name"><Name of=path /></span></p>
        })
    };
    let outcome = move || match phase.get() {
        Phase::Idle | Phase::Running { .. } => None,
        Phase::Failed(reason) => Some(
            view! {
                <div class="notice notice-bad" role="alert">
                    <p>{text.say(words::ARCHIVE_FAILED)}</p>
                    <p class="as-written">{reason}</p>
                </div>
            }
            .into_any(),
        ),
        Phase::Done { files, failures } if failures.is_empty() => {
            let words = move || text.get(words::ArchiveDone { count: files });
            Some(view! { <p class="notice">{words}</p> }.into_any())
        }
        Phase::Done { files, failures } => {
            let failed = failures.len();
            let words = move || {
                let done = text.get(words::ArchiveDone { count: files });
                let failed = text.get(words::ArchiveMissing {
                    count: failed,
                    file: FAILED,
                });
                format!("{done} {failed}")
            };
            let item = |failure: Failure| {
                view! { <li><span class="file-name"><Name of=failure.path /></span> ": " {move || reason(text, &failure.error)}</li> }
            };
            Some(
                view! {
                    <div class="notice notice-bad" role="alert">
                        <p>{words}</p>
                        <ul>{failures.into_iter().map(item).collect_view()}</ul>
                    </div>
                }
                .into_any(),
            )
        }
    };
    let note = move || {
        let is_done = matches!(*phase.read(), Phase::Done { .. });
        (is_done && renamed > 0)
            .then(|| view! { <p class="hint">{text.get(words::ArchiveRenamed { count: renamed })}</p> })
    };
    (count > 1).then(|| {
        view! {
            <div class="all-outputs">
                <div class="all-outputs-actions">
                    <button type="button" id=BUTTON disabled=move || is_running.get() on:click=start>
                        {move || {
                            text.get(words::DownloadAll { count, size: text.size(total as f64) })
                        }}
                    </button>
                    <Show when=move || is_running.get()>
                        <button type="button" on:click=cancel>{text.say(words::ARCHIVE_STOP)}</button>
                    </Show>
                </div>
                {progress}
                {outcome}
                {note}
            </div>
        }
    })
}

/// Why an output is not in it, in the language of the page where the page knows.
fn reason(text: Text, error: &AddError) -> String {
    match error {
        AddError::Between(between) => between_said(text, between),
        error => said(&error.to_string()).into_owned(),
    }
}

/// Writes all outputs; answers with those that failed. An `Err` means that there is no archive.
async fn write_all(
    job_id: &str,
    files: &[File],
    target: &Target,
    phase: RwSignal<Phase>,
) -> Result<Vec<Failure>, String> {
    let said = |error: AddError| error.to_string();
    let hasher = Hasher::start().map_err(|error| error.to_string())?;
    hasher.begin_bundle(target.file()).await.map_err(said)?;
    let mut paths = Paths::default();
    let mut failures = Vec::new();
    let mut done = 0;
    for file in files {
        let path = paths.give(&path(file), is_archive(file));
        let report = |bytes: f64| {
            phase.try_set(Phase::Running {
                done: done + bytes as u64,
                path: path.clone(),
            });
        };
        report(0.0);
        match add(&hasher, job_id, file, &path, report).await {
            Ok(()) => {}
            Err(AddError::Archive(reason)) => return Err(reason),
            Err(error) => failures.push(Failure { path, error }),
        }
        done += size_bytes(file);
    }
    if !failures.is_empty() {
        let lines = failures
            .iter()
            .map(|failure| format!("{}: {}\n", failure.path, failure.error));
        let list: String = lines.collect();
        hasher.add_text_to_bundle(FAILED, &list).await.map_err(said)?;
    }
    hasher.end_bundle().await.map_err(said)?;
    Ok(failures)
}

async fn add(
    hasher: &Hasher,
    job_id: &str,
    file: &File,
    path: &str,
    on_progress: impl Fn(f64),
) -> Result<(), AddError> {
    let output = |error: &dyn std::fmt::Display| AddError::Output(error.to_string());
    let sha256 = Sha256::parse(&file.sha256).map_err(|error| output(&error))?;
    let mut is_second = false;
    loop {
        let url = fresh_url(job_id, file).await.map_err(|error| output(&error.message))?;
        let added = Added {
            path: path.to_owned(),
            url,
            size_bytes: size_bytes(file),
            sha256,
        };
        match hasher.add_to_bundle(&added, &on_progress).await {
            // It expired on its way; a second time it is something else.
            Err(AddError::Expired(_)) if !is_second => is_second = true,
            Err(AddError::Expired(reason)) => return Err(AddError::Output(reason)),
            outcome => return outcome,
        }
    }
}
