//! The draft in this browser whose sending to a job was interrupted.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::Deserialize;

use super::{
    address::{DRAFT_QUERY, new_job_address},
    task::run_while_mounted,
    text::{use_text, words},
};
use crate::browser::{
    database::{self, Store},
    files::encode,
};

/// What of a kept draft says which job it became.
#[derive(Deserialize)]
struct Kept {
    id: String,
    project: String,
    sending: Option<Sending>,
    /// Of a draft that makes several jobs.
    #[serde(default)]
    group: BTreeMap<String, Sending>,
}

#[derive(Deserialize)]
struct Sending {
    #[serde(default)]
    waiting_job: Option<String>,
}

/// Leads from a job that waits for its files to the draft that sends them, if this browser has it.
#[component]
pub(crate) fn DraftOfJob(
    /// The job.
    job_id: String,
) -> impl IntoView {
    let text = use_text();
    let address = RwSignal::new(None::<String>);
    run_while_mounted(async move {
        address.set(draft_of(&job_id).await);
    });
    move || {
        let address = address.get()?;
        Some(view! {
            <p class="notice">{text.say(words::JOB_INTERRUPTED)} " " <a href=address>{text.say(words::JOB_TO_DRAFT)}</a></p>
        })
    }
}

/// The address of the draft.
async fn draft_of(job_id: &str) -> Option<String> {
    let all = database::all(Store::Drafts, "").await.into_iter();
    let mut kept = all.filter_map(|value| serde_json::from_str::<Kept>(&value.as_string()?).ok());
    let found = kept.find(|kept| {
        let mut all = kept.sending.iter().chain(kept.group.values());
        all.any(|sending| sending.waiting_job.as_deref() == Some(job_id))
    })?;
    Some(format!(
        "{}?{DRAFT_QUERY}={}",
        new_job_address(&found.project),
        encode(&found.id)
    ))
}
