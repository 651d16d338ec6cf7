//! The state of a job as people are told it: the API's own states, and those it does not tell apart.

use crate::{api::jobs::JobStatus, timeline::is_in_queue};

/// A state with what makes it another one to whoever looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShownStatus {
    /// As the API says it.
    Plain(JobStatus),
    /// PREPARING, and nothing is done for it yet: others come before it.
    InQueue,
    /// SUCCESS, and yet outputs that were named are missing.
    Incomplete,
}

impl ShownStatus {
    /// The state of a job with these details, of whose outputs so many are missing.
    pub fn of(status: JobStatus, details: &str, missing_outputs: usize) -> Self {
        match status {
            JobStatus::Success if missing_outputs > 0 => Self::Incomplete,
            status if is_in_queue(status, details) => Self::InQueue,
            status => Self::Plain(status),
        }
    }

    /// What the API says.
    pub fn status(self) -> JobStatus {
        match self {
            Self::Plain(status) => status,
            Self::InQueue => JobStatus::Preparing,
            Self::Incomplete => JobStatus::Success,
        }
    }
}

impl Default for ShownStatus {
    fn default() -> Self {
        Self::Plain(JobStatus::Unspecified)
    }
}

impl From<JobStatus> for ShownStatus {
    fn from(status: JobStatus) -> Self {
        Self::Plain(status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::waiting;

    #[test]
    fn what_the_api_does_not_tell_apart_is_told() {
        use ShownStatus::{InQueue, Incomplete, Plain};
        let queued = waiting::details(3);
        for (status, details, missing, shown) in [
            (JobStatus::Success, "", 0, Plain(JobStatus::Success)),
            (JobStatus::Success, "", 2, Incomplete),
            (JobStatus::Error, "", 2, Plain(JobStatus::Error)),
            (JobStatus::Preparing, queued.as_str(), 0, InQueue),
            (
                JobStatus::Preparing,
                "Preparing the working directory",
                0,
                Plain(JobStatus::Preparing),
            ),
        ] {
            let found = ShownStatus::of(status, details, missing);
            assert_eq!((found, found.status()), (shown, status), "{status:?} {details}");
        }
    }
}
