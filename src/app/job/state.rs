//! What the page knows of its job.

use leptos::prelude::*;

use crate::{
    api::jobs::{Job, JobProgress, JobStatus},
    app::{connection::Lost, job::log::state::log::Log},
};
use jobsphere_client::{CallError, follow::JobState};
use jobsphere_rules::shown::ShownStatus;

/// What the page knows of the job.
#[derive(Clone, Copy)]
pub(crate) struct ShownJob {
    pub(crate) state: RwSignal<Option<JobState>>,
    pub(crate) lost: RwSignal<Option<Lost>>,
    pub(crate) failed: RwSignal<Option<CallError>>,
    pub(crate) log: Log,
    /// Whether the person asked to be told of the end.
    pub(crate) is_notice_wanted: RwSignal<bool>,
}

impl ShownJob {
    pub(crate) fn new(is_notice_wanted: bool) -> Self {
        Self {
            state: RwSignal::new(None),
            lost: RwSignal::new(None),
            failed: RwSignal::new(None),
            log: Log::new(),
            is_notice_wanted: RwSignal::new(is_notice_wanted),
        }
    }

    pub(crate) fn status(self) -> JobStatus {
        self.state.read().as_ref().map(JobState::status).unwrap_or_default()
    }

    /// The progress that the program's file tells, else the one that its log tells; and whether it is the latter.
    pub(crate) fn progress(self) -> Option<(JobProgress, bool)> {
        let told = self.state.read().as_ref().and_then(|state| state.progress.clone());
        let told = told.map(|progress| (progress, false));
        told.or_else(|| {
            let progress = i64::from(self.log.progress.get()?);
            Some((
                JobProgress {
                    progress,
                    ..JobProgress::default()
                },
                true,
            ))
        })
    }

    /// The progress of a job that runs, 0 to 100.
    pub(crate) fn percent(self) -> Option<i64> {
        let (progress, _) = self.progress()?;
        (self.status() == JobStatus::Executing).then_some(progress.progress.clamp(0, 100))
    }

    pub(crate) fn shown_status(self) -> ShownStatus {
        let state = self.state.read();
        state.as_ref().map(JobState::shown_status).unwrap_or_default()
    }

    /// Shows the record as it is after something was done to it.
    pub(crate) fn renew(self, job: Job) {
        // The page may be gone meanwhile.
        self.state.try_update(|state| {
            if let Some(state) = state {
                state.job = job;
            }
        });
    }
}
