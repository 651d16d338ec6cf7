//! `Create`: a job is written down, and the caller learns which files to send.

use prost_types::Timestamp;

use super::{Caller, JobService, Role, ServiceError, add::NewJob, repeat::Once, stored_job::has_hidden_password};
use crate::{
    api::{
        id::{JobId, ProjectId},
        jobs::{self, Job, JobParameters, JobStatus},
        operation::Operation,
        time,
    },
    job::{
        limits,
        rules::{self, Stage},
        service_line::ServiceLine,
    },
};

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
        refuse_hidden_password(request.job_parameters.as_ref())?;
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

/// What a client has read in the place of a password is none: the job would fail long afterwards.
pub(super) fn refuse_hidden_password(parameters: Option<&JobParameters>) -> Result<(), ServiceError> {
    match parameters.is_some_and(has_hidden_password) {
        false => Ok(()),
        true => Err(ServiceError::Field {
            field: "job_parameters.env.docker_image_spec.password_plain_text",
            problem: "is what stands in the place of a hidden password: give the password itself, or copy the job \
                      with Clone and leave its image as it is"
                .into(),
        }),
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
        status_details: ServiceLine::WaitsForFiles.to_string(),
        config: request.config,
        created_by_id: caller.id.clone(),
        project_id: request.project_id,
        job_parameters: request.job_parameters,
        data_expires_at: Some(time::later(now, ttl_s)),
        ..Default::default()
    }
}
