//! The state of a job as shape, text and colour.

use leptos::prelude::*;

use super::text::{Message, use_text, words};
use crate::api::jobs::JobStatus;
use jobsphere_rules::{shown::ShownStatus, status::Forbidden};

/// The message that names a status.
pub(crate) fn message_of(status: impl Into<ShownStatus>) -> Message {
    match status.into() {
        ShownStatus::InQueue => words::STATUS_IN_QUEUE,
        ShownStatus::Incomplete => words::STATUS_INCOMPLETE,
        ShownStatus::Plain(status) => match status {
            JobStatus::Unspecified => words::STATUS_UNSPECIFIED,
            JobStatus::Creating => words::STATUS_CREATING,
            JobStatus::Preparing => words::STATUS_PREPARING,
            JobStatus::Executing => words::STATUS_EXECUTING,
            JobStatus::UploadingOutput => words::STATUS_UPLOADING_OUTPUT,
            JobStatus::Success => words::STATUS_SUCCESS,
            JobStatus::Error => words::STATUS_ERROR,
            JobStatus::Cancelled => words::STATUS_CANCELLED,
            JobStatus::Cancelling => words::STATUS_CANCELLING,
        },
    }
}

/// The path of a status's shape in a 16 × 16 square.
pub(crate) fn shape(status: ShownStatus) -> &'static str {
    look(status).1
}

/// How a status looks: the class that colours it, and its shape.
fn look(status: ShownStatus) -> (&'static str, &'static str) {
    let status = match status {
        ShownStatus::Incomplete => return ("status status-warn", "M8 3v6.5M8 12.5v.5"),
        status => status.status(),
    };
    match status {
        JobStatus::Success => ("status status-good", "M3 8.5 6.5 12 13 4.5"),
        JobStatus::Error => ("status status-bad", "M4 4l8 8M12 4l-8 8"),
        JobStatus::Cancelled => ("status status-idle", "M3 8h10"),
        JobStatus::Cancelling => ("status status-warn", "M3 8h10M8 3v2M8 11v2"),
        JobStatus::Executing | JobStatus::UploadingOutput => ("status status-live", "M5 3.5 12 8l-7 4.5z"),
        JobStatus::Creating | JobStatus::Preparing => ("status status-wait", "M4 3h8L4 13h8z"),
        JobStatus::Unspecified => ("status status-idle", "M8 12v.5M6 6a2 2 0 1 1 2 3v1"),
    }
}

/// A job's status.
#[component]
pub(crate) fn StatusMark(
    /// The status to show.
    #[prop(into)]
    status: Signal<ShownStatus>,
) -> impl IntoView {
    let text = use_text();
    view! {
        <span class=move || look(status.get()).0>
            <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d=move || look(status.get()).1></path>
            </svg>
            {move || text.get(message_of(status.get()))}
        </span>
    }
}

/// The message that says why something may not be done.
pub(crate) fn forbidden_message(reason: Forbidden) -> Message {
    match reason {
        Forbidden::Ended => words::FORBIDDEN_ENDED,
        Forbidden::Cancelling => words::FORBIDDEN_CANCELLING,
        Forbidden::Runs => words::FORBIDDEN_RUNS,
        Forbidden::DataCleared => words::FORBIDDEN_DATA_CLEARED,
    }
}
