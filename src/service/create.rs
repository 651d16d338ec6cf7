//! `Create`: a job is written down, and the caller learns which files to send.

use prost_types::Timestamp;

use super::{Caller, JobService, Role, ServiceError, add::NewJob, repeat::Once};
use crate::{
    api::{
        id::{JobId, ProjectId},
        jobs::{self, Job, JobStatus},
        operation::Operation,
    },
    job::{
        limits,
        rules::{self, Stage},
    },
};

pub(super) const WAITS_FOR_FILES: &str = "Waiting for the files and for Execute";

impl JobService {
    pub(super) async fn create_job(
        &self,
        caller: &Caller,
        once: Option<Once>,
        request: jobs::CreateProjectJobRequest,
    ) -> Result<Operation, ServiceError> {
        if let Ok(project) = ProjectId::parse(&request.project_id) {
            caller.require(Role::Editor, &project)?;
        }
        let violations = rules::check_create(&request, Stage::Submitted);
        if !violations.is_empty() {
            return Err(ServiceError::Invalid(violations));
        }
        let project = self.project_id(&request.project_id)?;
        let id = JobId::from_random(self.random());
        let job = new_job(&id, caller, request, &self.now());
        let new = NewJob {
            id,
            project,
            job,
            origin: None,
        };
        self.add_job(caller, once, new).await
    }
}

/// The row of a job that `request` asks for.
pub(super) fn new_job(id: &JobId, caller: &Caller, request: jobs::CreateProjectJobRequest, now: &Timestamp) -> Job {
    let ttl_s = request.data_ttl.map_or(limits::DEFAULT_DATA_TTL_S, |ttl| ttl.seconds);
    Job {
        id: id.to_string(),
        name: request.name,
        desc: request.desc,
        created_at: Some(*now),
        status: JobStatus::Creating.into(),
        status_details: WAITS_FOR_FILES.into(),
        config: request.config,
        created_by_id: caller.id.clone(),
        project_id: request.project_id,
        job_parameters: request.job_parameters,
        data_expires_at: Some(Timestamp {
            seconds: now.seconds.saturating_add(ttl_s),
            nanos: now.nanos,
        }),
        ..Default::default()
    }
}
