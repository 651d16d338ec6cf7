//! What the states of a job mean, and what may be done in each.

use crate::api::jobs::JobStatus;

/// Whether the job has ended: SUCCESS, ERROR or CANCELLED.
pub fn is_final(status: JobStatus) -> bool {
    matches!(status, JobStatus::Success | JobStatus::Error | JobStatus::Cancelled)
}

/// Why something may not be done in the job's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// The job has ended already.
    #[error("the job has ended")]
    Ended,
    /// The job is being cancelled already.
    #[error("the job is being cancelled already")]
    Cancelling,
}

/// Whether the job may be cancelled now.
///
/// # Errors
/// [`Forbidden`] says why not.
pub fn may_cancel(status: JobStatus) -> Result<(), Forbidden> {
    if is_final(status) {
        return Err(Forbidden::Ended);
    }
    if status == JobStatus::Cancelling {
        return Err(Forbidden::Cancelling);
    }
    Ok(())
}
