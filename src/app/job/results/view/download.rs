//! The download of one output, by an address that is asked for at the press.

use leptos::{prelude::*, task::spawn_local};

use crate::app::job::results::state::results;
use crate::{
    api::jobs::File,
    app::{
        job::{
            results::state::{
                content::{ContentError, Source},
                item::{Item, size_bytes},
            },
            view::files::DownloadButton,
        },
        name::SavedAs,
        notice::{ErrorNotice, between_said},
        text::{use_text, words},
    },
    browser::{document, object_url::ObjectUrl},
};
use jobsphere_names::said;

/// A file inside an archive goes through memory; a larger one is to be had with the whole folder.
const MAX_ENTRY_BYTES: u64 = 256 << 20;

/// Downloads an output, or a file in one.
#[component]
pub(crate) fn Download(
    /// The output.
    item: Item,
) -> impl IntoView {
    let job_id = results().job_id.get_value();
    let name = item.path();
    match item.entry.is_some() {
        false => view! { <DownloadButton job_id file=item.file /> }.into_any(),
        true if item.size_bytes() > MAX_ENTRY_BYTES => {
            let text = use_text();
            view! { <span class="hint">{text.say(words::ENTRY_TOO_LARGE)}</span> }.into_any()
        }
        true => view! { <EntryButton job_id item name /> }.into_any(),
    }
}

#[component]
fn EntryButton(job_id: String, item: Item, name: String) -> impl IntoView {
    let text = use_text();
    let error = RwSignal::new(None::<ContentError>);
    let is_asking = RwSignal::new(false);
    let is_saved = RwSignal::new(false);
    let own_name = name.clone();
    let label = move || text.get(words::DownloadFile { file: name.as_str() });
    let download = move |_| {
        if is_asking.get_untracked() {
            return;
        }
        is_asking.set(true);
        error.set(None);
        let (job_id, item) = (job_id.clone(), item.clone());
        spawn_local(async move {
            let saved = save(job_id, &item).await;
            is_asking.set(false);
            is_saved.set(saved.is_ok());
            error.set(saved.err());
        });
    };
    view! {
        <button type="button" aria-label=label aria-busy=move || is_asking.get().to_string() on:click=download>
            {text.say(words::DOWNLOAD)}
        </button>
        {move || is_saved.get().then(|| view! { <SavedAs path=own_name.clone() /> })}
        {move || error.get().map(|error| view! { <ContentNotice error /> })}
    }
}

async fn save(job_id: String, item: &Item) -> Result<(), ContentError> {
    let file: File = item.file.clone();
    let most = item.size_bytes().max(size_bytes(&file));
    let content = Source::new(job_id, file).beginning(item, most).await?;
    if !content.is_whole {
        return Err(ContentError::Damaged);
    }
    // The download has its own hold on the bytes.
    let url = ObjectUrl::of(&content.bytes, "application/octet-stream").map_err(|_| ContentError::Packing)?;
    document::download_as(url.as_str(), &jobsphere_names::saved(&item.name()));
    Ok(())
}

/// Why a content cannot be had.
#[component]
pub(crate) fn ContentNotice(
    /// Why.
    error: ContentError,
) -> impl IntoView {
    let text = use_text();
    match error {
        ContentError::Call(error) => view! { <ErrorNotice error /> }.into_any(),
        error => view! {
            <div class="notice notice-bad" role="alert">
                <p>
                    {
                        let between = error.between().cloned();
                        move || match &between {
                            Some(between) => between_said(text, between),
                            None => text.get(words::CONTENT_UNREADABLE),
                        }
                    }
                </p>
                <details>
                    <summary>{text.say(words::ERROR_DETAILS)}</summary>
                    <p class="as-written">{said(&error.to_string()).into_owned()}</p>
                </details>
            </div>
        }
        .into_any(),
    }
}
