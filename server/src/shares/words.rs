//! A state in a word, for those who read it outside of the app.

use jobsphere_api::jobs::JobStatus;

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

/// What a job is called.
pub(super) fn title(name: &str) -> &str {
    match name.trim() {
        "" => "Job",
        name => name,
    }
}
