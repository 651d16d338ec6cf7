//! A state in a word, for those who read it outside of the app.

use std::borrow::Cow;

use jobsphere_api::jobs::JobStatus;
use jobsphere_names::shown;

/// The word.
pub(super) fn state(status: JobStatus) -> &'static str {
    match status {
        JobStatus::Success => "succeeded",
        JobStatus::Error => "failed",
        JobStatus::Cancelled => "cancelled",
        JobStatus::Cancelling => "being cancelled",
        JobStatus::Executing => "running",
        JobStatus::UploadingOutput => "storing outputs",
        JobStatus::Preparing => "being prepared",
        JobStatus::Creating => "not started",
        JobStatus::Unspecified => "unknown",
    }
}

/// What a job is called; what cannot be seen in it is made visible.
pub(super) fn title(name: &str) -> Cow<'_, str> {
    match name.trim() {
        "" => Cow::Borrowed("Job"),
        name => shown(name),
    }
}
