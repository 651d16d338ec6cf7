//! Outputs of jobs as inputs of the new one: known to the service by their content, so nothing of them is moved.

use std::collections::BTreeMap;

use leptos::{prelude::*, task::spawn_local};

use super::{
    drafts::{self, DRAFT_QUERY},
    form::Form,
};
use crate::{
    api::jobs::{File, FileCompressionType, Job},
    app::{
        shell::new_job_address,
        text::{use_text, words},
    },
    browser::{self, files::encode},
    client::CallError,
    job::draft::InputRow,
};

/// The part of the address behind `?` that names an output: a job's id, `/`, and its path there.
pub(super) const INPUT_QUERY: &str = "input";

/// Adds the outputs as inputs; answers with how many there are, and with those that no service holds any more.
///
/// # Errors
/// [`CallError`] of a job that cannot be read.
pub(super) async fn take(form: Form, places: &[String]) -> Result<(usize, Vec<String>), CallError> {
    let mut jobs: BTreeMap<&str, Job> = BTreeMap::new();
    let (mut rows, mut gone) = (Vec::new(), Vec::new());
    for place in places {
        let (job_id, path) = place.split_once('/').unwrap_or((place, ""));
        if !jobs.contains_key(job_id) {
            jobs.insert(job_id, browser::client().job(job_id).await?);
        }
        match jobs.get(job_id).and_then(|job| row(job, path)) {
            Some(row) => rows.push(row),
            None => gone.push(path.to_owned()),
        }
    }
    let count = rows.len();
    form.add_known(rows);
    Ok((count, gone))
}

fn row(job: &Job, path: &str) -> Option<InputRow> {
    let is_it = |file: &&File| file.desc.as_ref().is_some_and(|desc| desc.path == path);
    let file = job.output_files.iter().find(is_it).filter(|_| !job.data_cleared)?;
    Some(InputRow {
        path: path.to_owned(),
        size_bytes: file.size_bytes,
        sha256: file.sha256.clone(),
        is_folder: file.compression_type() == FileCompressionType::Zip,
        ..InputRow::default()
    })
}

/// Offers to put the outputs into the draft that the person was writing in this tab.
#[component]
pub(super) fn OfferedDraft(
    /// Where the job would run.
    project: Memo<String>,
    /// The outputs.
    inputs: Vec<String>,
    /// Whether they are in a draft already.
    is_of_draft: bool,
) -> impl IntoView {
    let text = use_text();
    let draft = RwSignal::new(None::<String>);
    if !inputs.is_empty() && !is_of_draft {
        spawn_local(async move {
            let last = drafts::last(&project.get_untracked()).await;
            draft.try_set(last);
        });
    }
    move || {
        let draft = draft.get()?;
        let inputs: String = inputs
            .iter()
            .map(|input| format!("&{INPUT_QUERY}={}", encode(input)))
            .collect();
        let address = format!(
            "{}?{DRAFT_QUERY}={}{inputs}",
            new_job_address(&project.get()),
            encode(&draft)
        );
        Some(view! { <p class="hint"><a href=address>{text.say(words::INPUT_TO_DRAFT)}</a></p> })
    }
}
