//! `Clone`: a new job from an old one, with changes.

use super::{
    Caller, JobService, Role, ServiceError,
    add::NewJob,
    create::{new_job, refuse_hidden_password},
    jobs::named_job,
    repeat::Once,
    stored_job::has_hidden_password,
};
use crate::{
    api::{
        id::JobId,
        jobs::{CloneProjectJobRequest, CreateProjectJobRequest, JobParameters},
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
        // Asked for again it is the same job, whatever has become of the source.
        if let Some(answered) = self.answered(caller, once).await? {
            return self.with_upload_urls(caller, answered).await;
        }
        let (source, project) = self.placed_job_for(caller, Role::Editor, &source_id).await?;
        let mut parameters = source.job.whole_parameters();
        let source = source.job.into_shown();
        status::may_clone(&source).map_err(|reason| ServiceError::Forbidden {
            action: "Clone",
            reason,
        })?;
        if let Some(mut changes) = request.job_parameters_overrides {
            leave_image(&mut changes, source.job_parameters.as_ref());
            refuse_hidden_password(Some(&changes))?;
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

/// An image that is given as the source shows it, with its password hidden, is no change.
fn leave_image(changes: &mut JobParameters, source: Option<&JobParameters>) {
    let shown = source
        .and_then(|source| source.env.as_ref())
        .map(|env| &env.docker_image);
    if has_hidden_password(changes)
        && let Some(env) = &mut changes.env
        && shown == Some(&env.docker_image)
    {
        env.docker_image = None;
    }
}
