//! `Clone`: a new job from an old one, with changes.

use super::{Caller, JobService, Role, ServiceError, add::NewJob, create::new_job, jobs::named_job, repeat::Once};
use crate::{
    api::{
        id::JobId,
        jobs::{CloneProjectJobRequest, CreateProjectJobRequest},
        operation::Operation,
    },
    job::{
        overrides,
        rules::{self, Stage},
        status,
    },
};

impl JobService {
    pub(super) async fn clone_job(
        &self,
        caller: &Caller,
        once: Option<Once>,
        request: CloneProjectJobRequest,
    ) -> Result<Operation, ServiceError> {
        let source_id = named_job("source_job_id", &request.source_job_id)?;
        let source = self.record(&source_id).await?.job;
        let project = self.permitted(caller, Role::Editor, &source.project_id)?;
        status::may_clone(&source).map_err(|reason| ServiceError::Forbidden {
            action: "Clone",
            reason,
        })?;
        let mut parameters = source.job_parameters.unwrap_or_default();
        if let Some(changes) = request.job_parameters_overrides {
            overrides::apply(&mut parameters, changes).map_err(ServiceError::Invalid)?;
        }
        let or_source = |asked: String, of_source: String| if asked.is_empty() { of_source } else { asked };
        let create = CreateProjectJobRequest {
            project_id: source.project_id,
            job_parameters: Some(parameters),
            config: source.config,
            name: or_source(request.name, source.name),
            desc: or_source(request.desc, source.desc),
            data_ttl: request.data_ttl,
        };
        let violations = rules::check_create(&create, Stage::Submitted);
        if !violations.is_empty() {
            return Err(ServiceError::Invalid(violations));
        }
        let id = JobId::from_random(self.random());
        let mut job = new_job(&id, caller, create, &self.now());
        job.parent_job_id = source_id.to_string();
        let new = NewJob {
            id,
            project,
            job,
            origin: Some(source_id),
        };
        self.add_job(caller, once, new).await
    }
}
