//! Logs and diagnostics of a job, each with a download that asks for a fresh address.

use leptos::{prelude::*, task::spawn_local};
use tonic::Code;

use crate::app::job::state::ShownJob;
use crate::{
    api::jobs::{File, Job},
    app::{
        name::{Name, SavedAs},
        notice::ErrorNotice,
        text::{use_text, words},
    },
    browser::{self, document},
};
use jobsphere_client::CallError;

fn path(file: &File) -> String {
    file.desc.as_ref().map(|desc| desc.path.clone()).unwrap_or_default()
}

/// Log files and diagnostics.
#[component]
pub(crate) fn OtherFiles(view: ShownJob) -> impl IntoView {
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
                    <h2 id="other-files-heading">{text.get(words::OTHER_FILES_HEADING)}</h2>
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
                <th scope="row"><span class="file-name"><Name of=path(&file) /></span></th>
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
                        <th scope="col">{text.say(words::PATH_LABEL)}</th>
                        <th scope="col">{text.say(words::COLUMN_SIZE)}</th>
                        <th scope="col">{text.say(words::DOWNLOAD)}</th>
                    </tr>
                </thead>
                <tbody>{files.into_iter().map(row).collect_view()}</tbody>
            </table>
        }
    })
}

/// Downloads a file of a job.
#[component]
pub(crate) fn DownloadButton(
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
    let is_saved = RwSignal::new(false);
    let saved = name.clone();
    let label = {
        let name = name.clone();
        move || text.get(words::DownloadFile { file: name.as_str() })
    };
    let words = {
        let label = label.clone();
        move || if named { label() } else { text.get(words::DOWNLOAD) }
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
                Ok(Some(found)) => {
                    document::download(&found.url);
                    is_saved.set(true);
                }
                Ok(None) => error.set(Some(CallError::new(Code::NotFound, "the service named no address"))),
                Err(failure) => error.set(Some(failure)),
            }
        });
    };
    view! {
        <button type="button" aria-label=label aria-busy=move || is_asking.get().to_string() on:click=download>
            {words}
        </button>
        {move || is_saved.get().then(|| view! { <SavedAs path=saved.clone() /> })}
        {move || error.get().map(|error| view! { <ErrorNotice error /> })}
    }
}
