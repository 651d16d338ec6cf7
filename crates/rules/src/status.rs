//! What the states of a job mean, and what may be done in each.

use crate::api::jobs::{FileUploadError, Job, JobStatus, file_upload_error::FileType};

/// Whether the job has ended: SUCCESS, ERROR or CANCELLED.
pub fn is_final(status: JobStatus) -> bool {
    matches!(status, JobStatus::Success | JobStatus::Error | JobStatus::Cancelled)
}

/// How many outputs the job has not made or could not store: one that has gone well has not, with these.
pub fn missing_outputs(errors: &[FileUploadError]) -> usize {
    let is_output = |error: &&FileUploadError| matches!(error.file_type, Some(FileType::OutputFileDesc(_)));
    errors.iter().filter(is_output).count()
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
    /// The job has not ended.
    #[error("the job has not ended; cancel it first")]
    Runs,
    /// The job's files were dropped.
    #[error("the data of the job was deleted")]
    DataCleared,
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

/// Whether the job may be killed now: also when it is being cancelled already.
///
/// # Errors
/// [`Forbidden`] says why not.
pub fn may_kill(status: JobStatus) -> Result<(), Forbidden> {
    if is_final(status) {
        Err(Forbidden::Ended)
    } else {
        Ok(())
    }
}

/// Whether the job, or its data, may be deleted now: when it has ended, or was never executed.
///
/// # Errors
/// [`Forbidden`] says why not.
pub fn may_delete(status: JobStatus) -> Result<(), Forbidden> {
    if is_final(status) || status == JobStatus::Creating {
        Ok(())
    } else {
        Err(Forbidden::Runs)
    }
}

/// Whether the job may be cloned now, in whatever state it is.
///
/// # Errors
/// [`Forbidden`] says why not.
pub fn may_clone(job: &Job) -> Result<(), Forbidden> {
    if job.data_cleared {
        Err(Forbidden::DataCleared)
    } else {
        Ok(())
    }
}
