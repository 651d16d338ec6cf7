//! What the command left: the outputs as a tree, a look into each, all of them as one archive, and what is missing.

pub(crate) mod state;
pub(crate) mod view;

use std::collections::HashSet;

use leptos::prelude::*;

use self::view::{archive::DownloadAll, missing::Missing, preview::Preview, tree::Tree, unnamed::UnnamedFiles};
use crate::{
    api::jobs::{File, FileUploadError, Job, JobStatus},
    app::{
        job::{
            results::state::{Results, item, place::Place, unnamed::Unnamed},
            state::ShownJob,
        },
        text::{use_text, words},
    },
};
use jobsphere_rules::status::is_final;

/// What of a job its outputs depend on: the section is built anew only when that changes.
#[derive(Debug, Clone, Default, PartialEq)]
struct Left {
    files: Vec<File>,
    errors: Vec<FileUploadError>,
    declared: usize,
    is_final: bool,
    is_cleared: bool,
}

impl Left {
    fn of(job: &Job) -> Self {
        Self {
            files: job.output_files.clone(),
            errors: job.file_errors.clone(),
            declared: job
                .job_parameters
                .as_ref()
                .map_or(0, |parameters| parameters.output_files.len()),
            is_final: is_final(JobStatus::try_from(job.status).unwrap_or_default()),
            is_cleared: job.data_cleared,
        }
    }
}

/// The files that the command wrote.
#[component]
pub(crate) fn Outputs(view: ShownJob) -> impl IntoView {
    let text = use_text();
    let place = view.state.with_untracked(|state| {
        let job = state.as_ref().map(|state| &state.job);
        job.map(|job| (job.project_id.clone(), job.id.clone()))
            .unwrap_or_default()
    });
    let left = Memo::new(move |_| {
        let state = view.state.read();
        state.as_ref().map(|state| Left::of(&state.job)).unwrap_or_default()
    });
    let results = Results {
        project: StoredValue::new(place.0),
        job_id: StoredValue::new(place.1),
        files: Memo::new(move |_| left.read().files.clone()),
        shown: RwSignal::new(None),
        wanted: RwSignal::new(None),
        steps: StoredValue::default(),
    };
    let shown = results.shown;
    provide_context(results);
    results.live_in_address();
    Effect::new(move || {
        if left.read().is_cleared {
            shown.set(None);
        }
    });
    // Of a job that runs, it may still come.
    let absent = move || {
        results
            .wanted
            .get()
            .filter(|_| left.read().is_final && !left.read().is_cleared)
    };
    let may_ask = Memo::new(move |_| left.read().is_final && !left.read().is_cleared);
    let unnamed = Unnamed::watch(view, results.job_id, may_ask);
    let outputs = Memo::new(move |_| left.read().files.iter().map(item::path).collect::<HashSet<String>>());
    let note = move || {
        let left = left.read();
        let nothing = left.files.is_empty() && left.errors.is_empty();
        match (nothing, left.declared, left.is_final) {
            (false, ..) => None,
            (_, 0, _) => Some(text.get(words::OUTPUTS_NONE_DECLARED)),
            (_, _, true) => Some(text.get(words::OUTPUTS_NONE)),
            (_, count, false) => Some(text.get(words::OutputsLater { count })),
        }
    };
    let parts = move || {
        let Left {
            files,
            errors,
            is_cleared,
            ..
        } = left.get();
        view! {
            {(!is_cleared).then(|| view! { <DownloadAll files=files.clone() /> })}
            <Tree files is_cleared />
            <Missing errors />
        }
    };
    view! {
        <section class="results" aria-labelledby="outputs-heading">
            <h2 id="outputs-heading">{text.say(words::OUTPUTS_HEADING)}</h2>
            {move || note().map(|note| view! { <p class="quiet">{note}</p> })}
            <Show when=move || left.read().is_cleared>
                <p class="quiet">{text.say(words::DATA_CLEARED)}</p>
            </Show>
            {parts}
            {move || absent().map(|place| view! { <Absent place /> })}
            {move || shown.get().map(|item| view! { <Preview item /> })}
        </section>
        <UnnamedFiles unnamed outputs />
    }
}

/// That the address names an output which is not there, or not found yet.
#[component]
fn Absent(place: Place) -> impl IntoView {
    let text = use_text();
    let words = move || text.get(words::PreviewAbsent { file: place.name() });
    view! { <p class="quiet" role="status">{words}</p> }
}
