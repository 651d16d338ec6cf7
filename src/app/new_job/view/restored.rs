//! What is said of a draft that was asked for by its address.

use leptos::prelude::*;

use crate::app::{
    address::job_address,
    new_job::state::drafts::store::Restored,
    text::{use_text, words},
};

/// That it is gone, or what it became.
#[component]
pub(crate) fn RestoredNotice(
    /// What came of bringing it back.
    restored: RwSignal<Option<Restored>>,
    /// The project it is of.
    project: Memo<String>,
) -> impl IntoView {
    let text = use_text();
    move || match restored.get()? {
        Restored::Draft => None,
        Restored::Gone => Some(view! { <p class="notice">{text.get(words::DRAFT_GONE)}</p> }.into_any()),
        Restored::Done(job_id) => {
            let address = job_address(&project.get(), &job_id);
            let done = view! {
                <p class="notice">{text.get(words::DRAFT_DONE)} " " <a href=address>{job_id}</a></p>
            };
            Some(done.into_any())
        }
    }
}
