//! Files of a job, each with a download that asks for a fresh address.

use leptos::{prelude::*, task::spawn_local};
use tonic::Code;

use super::View;
use crate::{
    api::jobs::{File, FileUploadError, Job, JobStatus, file_upload_error},
    app::{notice::ErrorNotice, text::use_text},
    browser::{self, document},
    client::CallError,
    job::status::is_final,
};

fn path(file: &File) -> String {
    file.desc.as_ref().map(|desc| desc.path.clone()).unwrap_or_default()
}

/// The files that the command wrote.
#[component]
pub(super) fn Outputs(view: View) -> impl IntoView {
    let text = use_text();
    let job = Memo::new(move |_| {
        view.state
            .read()
            .as_ref()
            .map(|state| state.job.clone())
            .unwrap_or_default()
    });
    move || {
        let job = job.get();
        let status = JobStatus::try_from(job.status).unwrap_or_default();
        let declared = job
            .job_parameters
            .as_ref()
            .map_or(0, |parameters| parameters.output_files.len());
        let nothing = job.output_files.is_empty() && job.file_errors.is_empty();
        let note = match (nothing, declared, is_final(status)) {
            (false, ..) => None,
            (_, 0, _) => Some(text.get("outputs-none-declared")),
            (_, _, true) => Some(text.get("outputs-none")),
            (_, count, false) => Some(text.with("outputs-later", [("count", count.into())])),
        };
        view! {
            <section aria-labelledby="outputs-heading">
                <h2 id="outputs-heading">{text.get("outputs-heading")}</h2>
                {note.map(|note| view! { <p class="quiet">{note}</p> })}
                {job.data_cleared.then(|| view! { <p class="quiet">{text.say("data-cleared")}</p> })}
                <FileTable job_id=job.id.clone() files=job.output_files.clone() />
                <FileErrors errors=job.file_errors.clone() />
            </section>
        }
    }
}

/// Log files and diagnostics.
#[component]
pub(super) fn OtherFiles(view: View) -> impl IntoView {
    let text = use_text();
    let job: Memo<Job> = Memo::new(move |_| {
        view.state
            .read()
            .as_ref()
            .map(|state| state.job.clone())
            .unwrap_or_default()
    });
    move || {
        let job = job.get();
        let files: Vec<File> = job.log_files.iter().chain(&job.diagnostic_files).cloned().collect();
        (!files.is_empty()).then(|| {
            view! {
                <section aria-labelledby="other-files-heading">
                    <h2 id="other-files-heading">{text.get("other-files-heading")}</h2>
                    <FileTable job_id=job.id.clone() files />
                </section>
            }
        })
    }
}

#[component]
fn FileTable(job_id: String, files: Vec<File>) -> impl IntoView {
    let text = use_text();
    let row = move |file: File| {
        let size_bytes = file.size_bytes as f64;
        view! {
            <tr>
                <th scope="row"><span class="file-name">{path(&file)}</span></th>
                <td class="number">{text.size(size_bytes)}</td>
                <td><DownloadButton job_id=job_id.clone() file /></td>
            </tr>
        }
    };
    (!files.is_empty()).then(|| {
        view! {
            <table class="files">
                <thead class="visually-hidden">
                    <tr>
                        <th scope="col">{text.say("path-label")}</th>
                        <th scope="col">{text.say("column-size")}</th>
                        <th scope="col">{text.say("download")}</th>
                    </tr>
                </thead>
                <tbody>{files.into_iter().map(row).collect_view()}</tbody>
            </table>
        }
    })
}

#[component]
fn FileErrors(errors: Vec<FileUploadError>) -> impl IntoView {
    let text = use_text();
    let item = move |error: FileUploadError| {
        let what = match &error.file_type {
            Some(file_upload_error::FileType::OutputFileDesc(desc)) => desc.path.clone(),
            Some(file_upload_error::FileType::LogFileName(name)) => name.clone(),
            None => String::new(),
        };
        let id = match file_upload_error::ErrorType::try_from(error.r#type) {
            Ok(file_upload_error::ErrorType::NotFound) => "file-not-found",
            _ => "file-not-stored",
        };
        view! {
            <li>
                {move || text.with(id, [("file", what.as_str().into())])} " "
                <span class="quiet as-written">{error.description}</span>
            </li>
        }
    };
    (!errors.is_empty())
        .then(|| view! { <ul class="notice notice-warn">{errors.into_iter().map(item).collect_view()}</ul> })
}

/// Downloads a file of a job.
#[component]
pub(super) fn DownloadButton(
    /// The job.
    job_id: String,
    /// Its file.
    file: File,
    /// Whether the button's text shows the file's name.
    #[prop(default = false)]
    named: bool,
) -> impl IntoView {
    let text = use_text();
    let error = RwSignal::new(None::<CallError>);
    let is_asking = RwSignal::new(false);
    let name = path(&file);
    let label = {
        let name = name.clone();
        move || text.with("download-file", [("file", name.as_str().into())])
    };
    let words = {
        let label = label.clone();
        move || if named { label() } else { text.get("download") }
    };
    let download = move |_| {
        if is_asking.get_untracked() {
            return;
        }
        is_asking.set(true);
        error.set(None);
        let (job_id, file) = (job_id.clone(), file.clone());
        spawn_local(async move {
            let answer = browser::client().download_urls(&job_id, vec![file]).await;
            is_asking.set(false);
            match answer.map(|files| files.into_iter().next()) {
                Ok(Some(found)) => document::download(&found.url),
                Ok(None) => error.set(Some(CallError::new(Code::NotFound, "the service named no address"))),
                Err(failure) => error.set(Some(failure)),
            }
        });
    };
    view! {
        <button type="button" aria-label=label aria-busy=move || is_asking.get().to_string() on:click=download>
            {words}
        </button>
        {move || error.get().map(|error| view! { <ErrorNotice error /> })}
    }
}
