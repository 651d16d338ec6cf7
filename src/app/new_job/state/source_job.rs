//! The job that a draft is run again from: how a copy of it is asked for.

use crate::api::jobs::{CloneProjectJobRequest, CreateProjectJobRequest, Job, JobParameters};
use jobsphere_authoring::difference;
use jobsphere_rules::overrides;

/// The job.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SourceJob {
    pub(crate) id: String,
    /// What it was made of; without the text of its configuration file.
    pub(crate) request: CreateProjectJobRequest,
}

impl SourceJob {
    pub(crate) fn new(job: Job) -> Self {
        Self {
            id: job.id.clone(),
            request: difference::request_of(job),
        }
    }

    fn parameters(&self) -> JobParameters {
        self.request.job_parameters.clone().unwrap_or_default()
    }

    /// The copy of this job that `wanted` is, if a copy can become that.
    pub(crate) fn copy(&self, wanted: &CreateProjectJobRequest) -> Option<CloneProjectJobRequest> {
        let parameters = wanted.job_parameters.clone().unwrap_or_default();
        let changes = overrides::between(&self.parameters(), &parameters)?;
        // An empty text stands for the source's.
        let text = |source: &String, wanted: &String| {
            let is_told = !wanted.is_empty() || source.is_empty();
            is_told.then(|| {
                if source == wanted {
                    String::new()
                } else {
                    wanted.clone()
                }
            })
        };
        let is_here = self.request.project_id == wanted.project_id;
        is_here.then_some(())?;
        Some(CloneProjectJobRequest {
            source_job_id: self.id.clone(),
            job_parameters_overrides: Some(changes),
            name: text(&self.request.name, &wanted.name)?,
            desc: text(&self.request.desc, &wanted.desc)?,
            data_ttl: wanted.data_ttl,
        })
    }
}
