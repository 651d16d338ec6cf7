//! The draft that outputs of jobs can go into.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    app::{
        address::{DRAFT_QUERY, INPUT_QUERY, new_job_address},
        new_job::state::drafts::saved,
        text::{use_text, words},
    },
    browser::files::encode,
};

/// Offers to put the outputs into the draft that the person was writing in this tab.
#[component]
pub(crate) fn OfferedDraft(
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
            let last = saved::last(&project.get_untracked()).await;
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
