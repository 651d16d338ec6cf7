//! `OperationService`: rows, with what is kept current filled in.

use prost_types::{Any, Timestamp};

use super::{Caller, JobRecord, JobService, OperationRecord, Role, ServiceError, stored_job::hide_password};
use crate::api::{
    any,
    id::{OperationId, ProjectId},
    jobs::{self, CancelProjectJobRequest, Job, JobMetadata},
    operation::{Operation, operation::Result as Answer},
};

impl JobService {
    pub(super) async fn get_operation(&self, caller: &Caller, id: &str) -> Result<Operation, ServiceError> {
        let found = self.operation_for(caller, Role::Viewer, id).await?;
        let job = match &found.job_id {
            Some(job) => self.store.job(job).await?,
            None => None,
        };
        match job {
            Some(job) if is_execute(&job, &found.operation) => self.with_job(caller, found.operation, job),
            Some(_) => self.with_upload_urls(caller, found.operation).await,
            None => Ok(found.operation),
        }
    }

    /// Cancels the job that the operation executes, as softly as the job's own parameters say.
    pub(super) async fn cancel_operation(&self, caller: &Caller, id: &str) -> Result<Operation, ServiceError> {
        let found = self.operation_for(caller, Role::Editor, id).await?;
        let job = match (&found.job_id, found.operation.done) {
            (Some(job), false) => job.to_string(),
            _ => {
                return Err(ServiceError::Precondition(
                    "the operation has ended; there is nothing to cancel".into(),
                ));
            }
        };
        let request = CancelProjectJobRequest {
            job_id: job,
            reason: String::new(),
            graceful: true,
        };
        self.cancel_job(caller, request).await?;
        self.get_operation(caller, id).await
    }

    /// The operation, for a caller who has `role` in its project. To who has none there, it does not exist.
    async fn operation_for(&self, caller: &Caller, role: Role, id: &str) -> Result<OperationRecord, ServiceError> {
        if id.is_empty() {
            return Err(ServiceError::Field {
                field: "operation_id",
                problem: "must not be empty".into(),
            });
        }
        let unknown = || ServiceError::NotFound {
            kind: "operation",
            id: id.to_owned(),
        };
        let parsed = OperationId::parse(id).map_err(|_| unknown())?;
        let mut found = self.store.operation(&parsed).await?.ok_or_else(unknown)?;
        caller.require_for(role, &found.project_id, unknown)?;
        hide_stored_password(&mut found.operation);
        Ok(found)
    }

    /// Fills in the job's metadata, and fresh URLs of its outputs.
    fn with_job(
        &self,
        caller: &Caller,
        mut operation: Operation,
        record: JobRecord,
    ) -> Result<Operation, ServiceError> {
        if let Some(Answer::Response(packed)) = &mut operation.result
            && let Ok(mut response) = any::unpack::<jobs::ExecuteProjectJobResponse>(packed)
            && let Ok(project) = ProjectId::parse(&record.job.project_id)
        {
            for output in &mut response.output_files {
                if let Some(file) = output.file.as_ref().filter(|_| !record.job.data_cleared) {
                    output.url = self.blobs.download_url(&caller.origin, &project, file);
                }
            }
            *packed = any::pack(&response);
        }
        operation.metadata = Some(execute_metadata(&self.in_place(record)));
        Ok(operation)
    }
}

/// An operation that is over when it is answered.
pub(super) fn done(
    id: &OperationId,
    caller: &Caller,
    now: Timestamp,
    description: &str,
    metadata: Any,
    response: Any,
) -> Operation {
    Operation {
        id: id.to_string(),
        description: description.into(),
        created_at: Some(now),
        created_by: caller.id.clone(),
        modified_at: Some(now),
        done: true,
        metadata: Some(metadata),
        result: Some(Answer::Response(response)),
    }
}

/// The operation of `Execute` as it stays when its job is deleted.
pub(super) fn frozen(mut executed: OperationRecord, record: &JobRecord) -> OperationRecord {
    executed.operation.metadata = Some(execute_metadata(record));
    executed
}

/// The operation of a deleted job that an earlier version has written down holds the job whole.
fn hide_stored_password(operation: &mut Operation) {
    let Some(packed) = &mut operation.metadata else { return };
    let Ok(mut metadata) = any::unpack::<jobs::ExecuteProjectJobMetadata>(packed) else {
        return;
    };
    #[allow(deprecated)] // clients of before the split read only this one
    let hidden = metadata.job.as_mut().and_then(hide_password);
    if hidden.is_some() {
        *packed = any::pack(&metadata);
    }
}

fn is_execute(job: &JobRecord, operation: &Operation) -> bool {
    job.execute_operation
        .as_ref()
        .is_some_and(|id| id.as_str() == operation.id)
}

fn execute_metadata(record: &JobRecord) -> Any {
    any::pack(&jobs::ExecuteProjectJobMetadata {
        metadata: Some(metadata(&record.job)),
        progress: record.progress.clone(),
        #[allow(deprecated)] // clients of before the split read only this one
        job: Some(record.job.clone().into_shown()),
    })
}

/// The job without its parameters.
fn metadata(job: &Job) -> JobMetadata {
    JobMetadata {
        id: job.id.clone(),
        name: job.name.clone(),
        description: job.desc.clone(),
        created_at: job.created_at,
        started_at: job.started_at,
        finished_at: job.finished_at,
        data_expires_at: job.data_expires_at,
        status: job.status,
        status_details: job.status_details.clone(),
        created_by_id: job.created_by_id.clone(),
        project_id: job.project_id.clone(),
        parent_job_id: job.parent_job_id.clone(),
    }
}
