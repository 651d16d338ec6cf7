//! `OperationService.Get`: rows, with what is kept current filled in.

use super::{Caller, JobRecord, JobService, ServiceError};
use crate::api::{
    any,
    id::{OperationId, ProjectId},
    jobs::{self, Job, JobMetadata},
    operation::{Operation, operation::Result as Answer},
};

impl JobService {
    pub(super) async fn get_operation(&self, caller: &Caller, id: &str) -> Result<Operation, ServiceError> {
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
        let found = self.store.operation(&parsed).await?.ok_or_else(unknown)?;
        let job = self.record(&found.job_id).await?;
        if job.execute_operation.as_ref() == Some(&parsed) {
            self.with_job(caller, found.operation, job)
        } else {
            self.with_upload_urls(caller, found.operation).await
        }
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
                if let Some(file) = &output.file {
                    output.url = self.blobs.download_url(&caller.origin, &project, file);
                }
            }
            *packed = any::pack(&response);
        }
        operation.metadata = Some(any::pack(&jobs::ExecuteProjectJobMetadata {
            metadata: Some(metadata(&record.job)),
            progress: record.progress,
            #[allow(deprecated)] // clients of before the split read only this one
            job: Some(record.job),
        }));
        Ok(operation)
    }
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
