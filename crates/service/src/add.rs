//! What `Create` and `Clone` share: a new job is written down with its operation, and the caller learns which
//! files to send.

use std::collections::BTreeSet;

use super::{Caller, Change, JobRecord, JobService, OperationRecord, Role, ServiceError, files, repeat::Once};
use crate::{
    api::{
        any,
        id::{JobId, OperationId, ProjectId},
        jobs::{
            CloneProjectJobMetadata, CloneProjectJobResponse, CreateProjectJobMetadata, CreateProjectJobResponse, File,
            Job, JobParameters, JobStatus, StorageFile,
        },
        operation::{Operation, operation::Result as Answer},
        sha256::Sha256,
    },
    operations::done,
};

/// A job on its way into the store.
pub(super) struct NewJob {
    pub(super) id: JobId,
    pub(super) project: ProjectId,
    pub(super) job: Job,
    /// The job it is a clone of.
    pub(super) origin: Option<JobId>,
}

impl JobService {
    /// Writes the job down, once for an `Idempotency-Key`, and answers with the operation that made it.
    pub(super) async fn add_job(
        &self,
        caller: &Caller,
        once: Option<Once>,
        new: NewJob,
    ) -> Result<Operation, ServiceError> {
        // Held until the job is written: what it needs of the files that are there is not dropped meanwhile.
        let mut ledger = self.inner.ledger.lock().await;
        if let Some(answered) = self.answered(caller, once).await? {
            drop(ledger);
            return self.with_upload_urls(caller, answered).await;
        }
        let NewJob {
            id,
            project,
            mut job,
            origin,
        } = new;
        let parameters = job.job_parameters.clone().unwrap_or_default();
        self.check_datasets(&project, &parameters).await?;
        let mut refusals = self.engine.refusals(&project, &parameters).await?;
        refusals.extend(self.capacity.refusal(&parameters));
        if !refusals.is_empty() {
            return Err(ServiceError::Precondition(refusals.join("; ")));
        }
        let missing = self.missing_files(&project, &parameters).await?;
        job.data_size_bytes = files::size_bytes(&job);
        let operation_id = OperationId::from_random(self.random());
        let operation = self.added(&operation_id, caller, &job, origin.is_some(), missing);

        let unseen_project = self.missing_project(&project).await?;
        let mut changes: Vec<Change> = unseen_project
            .map(|project| Change::PutProject(Box::new(project)))
            .into_iter()
            .collect();
        changes.extend(once.map(|once| once.done(operation_id, self.host.now_micros())));
        changes.push(files::needed(&id, &project, &job));
        changes.push(Change::PutJob(Box::new(JobRecord {
            job: job.into(),
            sequence: ledger.last_sequence + 1,
            execute_operation: None,
            waiting_since: None,
            cancellation: None,
            progress: None,
        })));
        changes.push(Change::PutOperation(Box::new(OperationRecord {
            operation: operation.clone(),
            project_id: project,
            job_id: Some(id),
        })));
        self.store.commit(changes).await?;
        ledger.last_sequence += 1;
        drop(ledger);
        self.with_upload_urls(caller, operation).await
    }

    /// The files of `parameters` whose content the project does not hold, each content once.
    pub(super) async fn missing_files(
        &self,
        project: &ProjectId,
        parameters: &JobParameters,
    ) -> Result<Vec<File>, ServiceError> {
        let mut seen = BTreeSet::new();
        let mut missing = Vec::new();
        for file in files::sent(parameters) {
            let Ok(sha256) = Sha256::parse(&file.sha256) else {
                continue;
            };
            if seen.insert(sha256) && !self.blobs.holds(project, sha256).await? {
                missing.push(file.clone());
            }
        }
        Ok(missing)
    }

    fn added(&self, id: &OperationId, caller: &Caller, job: &Job, is_clone: bool, missing: Vec<File>) -> Operation {
        let (job_id, project_id) = (job.id.clone(), job.project_id.clone());
        let upload_files = missing
            .into_iter()
            .map(|file| StorageFile {
                file: Some(file),
                url: String::new(),
            })
            .collect();
        let (description, metadata, response) = if is_clone {
            let metadata = CloneProjectJobMetadata {
                project_id,
                job_id: job_id.clone(),
            };
            let response = CloneProjectJobResponse { job_id, upload_files };
            ("Clone a job", any::pack(&metadata), any::pack(&response))
        } else {
            let metadata = CreateProjectJobMetadata {
                project_id,
                job_id: job_id.clone(),
            };
            let response = CreateProjectJobResponse { job_id, upload_files };
            ("Create a job", any::pack(&metadata), any::pack(&response))
        };
        done(id, caller, self.now(), description, metadata, response)
    }

    /// Fills in fresh URLs for what is still to be sent; what has arrived keeps an empty one, and so does all for
    /// a caller who may not send.
    pub(super) async fn with_upload_urls(
        &self,
        caller: &Caller,
        mut operation: Operation,
    ) -> Result<Operation, ServiceError> {
        let Some(Answer::Response(packed)) = &mut operation.result else {
            return Ok(operation);
        };
        if let Ok(mut response) = any::unpack::<CreateProjectJobResponse>(packed) {
            self.address_uploads(caller, &response.job_id, &mut response.upload_files)
                .await?;
            *packed = any::pack(&response);
        } else if let Ok(mut response) = any::unpack::<CloneProjectJobResponse>(packed) {
            self.address_uploads(caller, &response.job_id, &mut response.upload_files)
                .await?;
            *packed = any::pack(&response);
        }
        Ok(operation)
    }

    async fn address_uploads(
        &self,
        caller: &Caller,
        job_id: &str,
        uploads: &mut [StorageFile],
    ) -> Result<(), ServiceError> {
        let Ok(id) = JobId::parse(job_id) else { return Ok(()) };
        let Some(record) = self.store.job(&id).await? else {
            return Ok(());
        };
        let project = self.project_id(&record.job.project_id)?;
        let takes_files = record.job.status() == JobStatus::Creating && !record.job.data_cleared;
        if !takes_files || !caller.may(Role::Editor, &project) {
            return Ok(());
        }
        for upload in uploads {
            let Some(file) = &upload.file else { continue };
            let Ok(sha256) = Sha256::parse(&file.sha256) else {
                continue;
            };
            if !self.blobs.holds(&project, sha256).await? {
                upload.url = self.blobs.upload_url(&caller.origin, &project, file);
            }
        }
        Ok(())
    }
}
