//! Saving the job of a link as one file that needs no server.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::time,
    app::{
        job::shared::{state::watch::Shared, view::frozen},
        service_words,
        status::message_of,
        text::{Text, use_text, words},
    },
    browser::{clock, files},
};
use jobsphere_client::shares::job_state;
use jobsphere_log::model::SaveForm;
use jobsphere_results::frozen::{Frozen, Labels, page, parse_lines};
use jobsphere_rules::service_line::{SYSTEM_LOG, ServiceLine};

/// A browser shows so many lines at once without trouble.
const MAX_LINES: usize = 200_000;

#[component]
pub(crate) fn CopyButton(shared: Shared) -> impl IntoView {
    let text = use_text();
    let is_busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<String>);
    let save = move |_| {
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        failed.set(None);
        spawn_local(async move {
            let outcome = freeze(shared, text).await;
            is_busy.try_set(false);
            failed.try_set(outcome.err());
        });
    };
    view! {
        <p class="said-action">
            <button type="button" aria-busy=move || is_busy.get().to_string() on:click=save>
                {text.say(words::COPY_SAVE)}
            </button>
            <span class="hint">{text.say(words::COPY_SAVE_HINT)}</span>
            <span role="alert">
                {move || failed.get().map(|reason| text.get(words::CopySaveFailed { reason }))}
            </span>
        </p>
    }
}

async fn freeze(shared: Shared, text: Text) -> Result<(), String> {
    let holder = shared.holder.try_get_value().flatten().ok_or("the page is gone")?;
    let job = shared.job.try_get_untracked().flatten().ok_or("nothing is shown")?;
    let has_log = job.parts.as_ref().is_some_and(|parts| parts.log);
    let (mut lines, left_out) = match has_log {
        true => {
            let saved = shared.view.log.file(SaveForm::JsonLines, None).await?;
            parse_lines(&files::text(&saved).await?, MAX_LINES)
        }
        false => (Vec::new(), 0),
    };
    for line in lines.iter_mut().filter(|line| line.source == SYSTEM_LOG) {
        if let Some(known) = ServiceLine::of(&line.text) {
            line.text = untrack(|| service_words::line_words(&known, text));
        }
    }
    let outputs = frozen::outputs(text, holder.credentials(), &job.outputs).await;
    let curves = untrack(|| frozen::curves(text, shared.view.log));
    let labels = untrack(|| labels(text, &job, left_out));
    let html = page(&Frozen {
        labels: &labels,
        job: &job,
        lines: &lines,
        outputs: &outputs,
        curves: &curves,
    });
    let name = if job.name.is_empty() { "job" } else { &job.name };
    files::save(
        &format!("{}.html", jobsphere_names::saved(name).replace(['/', '\\'], "_")),
        &html,
    )
}

fn labels(text: Text, job: &crate::api::share::SharedJob, left_out: usize) -> Labels {
    let instant = |time: &prost_types::Timestamp| text.instant(time::to_millis(time));
    let times = [
        (words::COLUMN_CREATED, &job.created_at),
        (words::JOB_STARTED, &job.started_at),
        (words::JOB_FINISHED, &job.finished_at),
    ];
    let mut facts: Vec<(String, String)> = times
        .into_iter()
        .filter_map(|(label, time)| Some((text.get(label), instant(time.as_ref()?))))
        .collect();
    if let Some(result) = &job.result {
        facts.push((text.get(words::COPY_RETURN_CODE), result.return_code.to_string()));
    }
    let hidden = jobsphere_names::list(&job.hidden_env);
    Labels {
        language: text.language().tag(),
        status: text.get(message_of(job_state(job, "").shown_status())),
        details: service_words::details(&job.status_details, text),
        made: text.get(words::CopyMade {
            time: text.instant(clock::now_ms()),
        }),
        facts,
        parameters: text.get(words::PARAMETERS_HEADING),
        command: text.get(words::CMD_LABEL),
        arguments: text.get(words::ARGUMENTS_HEADING),
        env: text.get(words::ENV_HEADING),
        inputs: text.get(words::INPUTS_HEADING),
        hidden_env: if hidden.is_empty() {
            hidden
        } else {
            text.get(words::SharedHiddenEnv { names: hidden })
        },
        outputs: text.get(words::OUTPUTS_HEADING),
        curves: text.get(words::CHARTS_HEADING),
        log: text.get(words::LOG_HEADING),
        left_out: if left_out == 0 {
            String::new()
        } else {
            text.get(words::CopyLeftOut { count: left_out })
        },
    }
}
