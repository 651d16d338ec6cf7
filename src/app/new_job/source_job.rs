//! The job that a draft is run again from: what differs from it, and how a copy of it is asked for.

use leptos::prelude::*;

use super::form::Form;
use crate::{
    api::jobs::{CloneProjectJobRequest, CreateProjectJobRequest, Job, JobParameters},
    app::{
        differences::said,
        text::{use_text, words},
    },
    job::{
        difference::{self, Change},
        overrides,
    },
};

/// The job.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SourceJob {
    pub(super) id: String,
    /// What it was made of; without the text of its configuration file.
    request: CreateProjectJobRequest,
}

impl SourceJob {
    pub(super) fn new(job: Job) -> Self {
        Self {
            id: job.id.clone(),
            request: difference::request_of(job),
        }
    }

    fn parameters(&self) -> JobParameters {
        self.request.job_parameters.clone().unwrap_or_default()
    }

    /// The copy of this job that `wanted` is, if a copy can become that.
    pub(super) fn copy(&self, wanted: &CreateProjectJobRequest) -> Option<CloneProjectJobRequest> {
        let parameters = wanted.job_parameters.clone().unwrap_or_default();
        let changes = overrides::between(&self.parameters(), &parameters)?;
        // An empty text stands for the source's.
        let text = |source: &String, wanted: &String| {
            let is_told = !wanted.is_empty() || source.is_empty();
            is_told.then(|| {
                if source == wanted {
                    String::new()
                } else {
                    wanted.clone()
                }
            })
        };
        let is_here = self.request.project_id == wanted.project_id;
        is_here.then_some(())?;
        Some(CloneProjectJobRequest {
            source_job_id: self.id.clone(),
            job_parameters_overrides: Some(changes),
            name: text(&self.request.name, &wanted.name)?,
            desc: text(&self.request.desc, &wanted.desc)?,
            data_ttl: wanted.data_ttl,
        })
    }
}

/// What differs from the job that this one is run again from.
#[component]
pub(super) fn Differences(
    /// The form.
    form: Form,
    /// The project in which the job would run.
    project: Memo<String>,
) -> impl IntoView {
    let text = use_text();
    let changes = Memo::new(move |_| {
        let source = form.source_job()?;
        form.draft();
        let wanted = form.hashed().to_request(&project.get());
        Some(difference::between(&source.request, &wanted))
    });
    let row = move |change: Change| {
        view! {
            <tr>
                <th scope="row" class="code">{change.name}</th>
                <td class="as-written">{said(text, change.before.as_ref())}</td>
                <td class="as-written">{said(text, change.after.as_ref())}</td>
            </tr>
        }
    };
    let table = move |changes: Vec<Change>| {
        view! {
            <table class="differences">
                <thead>
                    <tr>
                        <th scope="col">{text.say(words::DIFFERENCE_WHAT)}</th>
                        <th scope="col">{text.say(words::DIFFERENCE_BEFORE)}</th>
                        <th scope="col">{text.say(words::DIFFERENCE_AFTER)}</th>
                    </tr>
                </thead>
                <tbody>{changes.into_iter().map(row).collect_view()}</tbody>
            </table>
        }
    };
    move || {
        let changes = changes.get()?;
        let heading = text.get(words::DifferencesHeading { count: changes.len() });
        let is_same = changes.is_empty();
        Some(view! {
            <section aria-labelledby="differences-heading">
                <h2 id="differences-heading">{heading}</h2>
                {(!is_same).then(|| table(changes))}
            </section>
        })
    }
}
