//! Why a job failed, above everything else.

use leptos::prelude::*;

use super::View;
use crate::{api::jobs::JobStatus, app::text::use_text};

/// How many of the last lines of stderr are shown.
const LINES: usize = 10;

#[component]
pub(super) fn Failure(view: View) -> impl IntoView {
    let text = use_text();
    let return_code = Memo::new(move |_| view.state.read().as_ref().and_then(|state| state.return_code));
    let has_failed =
        Memo::new(move |_| view.status() == JobStatus::Error || return_code.get().is_some_and(|code| code != 0));
    let heading = move || match return_code.get() {
        Some(code) if code != 0 => text.with("failure-code", [("code", code.to_string().into())]),
        _ => text.get("failure-heading"),
    };
    let details = move || {
        let state = view.state.read();
        let job_details = state
            .as_ref()
            .map(|state| state.job.status_details.clone())
            .unwrap_or_default();
        let error = state
            .as_ref()
            .and_then(|state| state.error.as_ref())
            .map(|error| error.message.clone());
        match error {
            Some(error) if error != job_details => format!("{job_details}\n{error}").trim().to_owned(),
            _ => job_details,
        }
    };
    let stderr = Memo::new(move |_| {
        if !has_failed.get() {
            return Vec::new();
        }
        let trouble = view.log.trouble.read();
        let last = trouble
            .last_err
            .iter()
            .map(|line| line.text.clone())
            .collect::<Vec<_>>();
        last[last.len().saturating_sub(LINES)..].to_vec()
    });
    view! {
        <Show when=move || has_failed.get()>
            <section class="notice notice-bad failure" role="alert">
                <h2>{heading}</h2>
                <p class="as-written">{details}</p>
                <Show when=move || !stderr.read().is_empty()>
                    <p>{move || text.with("failure-stderr", [("count", stderr.read().len().into())])}</p>
                    <pre tabindex="0">{move || stderr.get().join("\n")}</pre>
                </Show>
            </section>
        </Show>
    }
}
