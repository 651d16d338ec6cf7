//! `Create`: a job is written down, and the caller learns which files to send.

use std::collections::BTreeSet;

use prost_types::Timestamp;

use super::{Caller, Change, JobRecord, JobService, OperationRecord, ServiceError, jobs::job_id};
use crate::{
    api::{
        any,
        id::{JobId, OperationId, ProjectId},
        jobs::{self, File, Job, JobParameters, JobStatus, StorageFile},
        operation::Operation,
        sha256::Sha256,
    },
    job::{
        limits,
        rules::{self, Stage},
    },
};

impl JobService {
    pub(super) async fn create_job(
        &self,
        caller: &Caller,
        request: jobs::CreateProjectJobRequest,
    ) -> Result<Operation, ServiceError> {
        let violations = rules::check_create(&request, Stage::Submitted);
        if !violations.is_empty() {
            return Err(ServiceError::Invalid(violations));
        }
        let project_id = self.project_id(&request.project_id).await?;
        let parameters = request.job_parameters.clone().unwrap_or_default();
        let refusals = self.engine.refusals(&parameters);
        if !refusals.is_empty() {
            return Err(ServiceError::Precondition(refusals.join("; ")));
        }
        let missing = self.missing_files(&project_id, &parameters).await?;
        let now = self.now();
        let job_id = JobId::from_random(self.random());
        let job = new_job(&job_id, caller, request, &now);
        let operation = created(OperationId::from_random(self.random()), caller, &job, missing, now);

        let mut changes: Vec<Change> = self
            .missing_project(&project_id)
            .await?
            .map(|project| Change::PutProject(Box::new(project)))
            .into_iter()
            .collect();
        let mut sequence = self.inner.sequence.lock().await;
        changes.push(Change::PutJob(Box::new(JobRecord {
            job,
            sequence: *sequence + 1,
            execute_operation: None,
            cancellation: None,
            progress: None,
        })));
        changes.push(Change::PutOperation(Box::new(OperationRecord {
            operation: operation.clone(),
            job_id,
        })));
        self.store.commit(changes).await?;
        *sequence += 1;
        drop(sequence);
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
        for file in sent_files(parameters) {
            let Ok(sha256) = Sha256::parse(&file.sha256) else {
                continue;
            };
            if seen.insert(sha256) && !self.blobs.holds(project, sha256).await? {
                missing.push(file.clone());
            }
        }
        Ok(missing)
    }

    /// Fills in fresh URLs for what is still to be sent; what has arrived keeps an empty one.
    pub(super) async fn with_upload_urls(
        &self,
        caller: &Caller,
        mut operation: Operation,
    ) -> Result<Operation, ServiceError> {
        use crate::api::operation::operation::Result as Answer;
        let Some(Answer::Response(packed)) = &mut operation.result else {
            return Ok(operation);
        };
        let Ok(mut response) = any::unpack::<jobs::CreateProjectJobResponse>(packed) else {
            return Ok(operation);
        };
        let record = self.record(&job_id(&response.job_id)?).await?;
        let project = self.project_id(&record.job.project_id).await?;
        for upload in &mut response.upload_files {
            let Some(file) = &upload.file else { continue };
            let Ok(sha256) = Sha256::parse(&file.sha256) else {
                continue;
            };
            if !self.blobs.holds(&project, sha256).await? {
                upload.url = self.blobs.upload_url(&caller.origin, &project, file);
            }
        }
        *packed = any::pack(&response);
        Ok(operation)
    }
}

/// Everything a client sends: inputs, then local modules.
pub(super) fn sent_files(parameters: &JobParameters) -> impl Iterator<Item = &File> {
    let modules = parameters
        .env
        .iter()
        .flat_map(|env| &env.python_env)
        .flat_map(|python| &python.local_modules);
    parameters.input_files.iter().chain(modules)
}

fn new_job(id: &JobId, caller: &Caller, request: jobs::CreateProjectJobRequest, now: &Timestamp) -> Job {
    let ttl_s = request.data_ttl.map_or(limits::DEFAULT_DATA_TTL_S, |ttl| ttl.seconds);
    let data_size_bytes = request
        .job_parameters
        .iter()
        .flat_map(sent_files)
        .map(|file| file.size_bytes)
        .sum();
    Job {
        id: id.to_string(),
        name: request.name,
        desc: request.desc,
        created_at: Some(*now),
        status: JobStatus::Creating.into(),
        status_details: "Waiting for the files and for Execute".into(),
        config: request.config,
        created_by_id: caller.id.clone(),
        project_id: request.project_id,
        job_parameters: request.job_parameters,
        data_expires_at: Some(Timestamp {
            seconds: now.seconds.saturating_add(ttl_s),
            nanos: now.nanos,
        }),
        data_size_bytes,
        ..Default::default()
    }
}

fn created(id: OperationId, caller: &Caller, job: &Job, missing: Vec<File>, now: Timestamp) -> Operation {
    use crate::api::operation::operation::Result as Answer;
    let metadata = jobs::CreateProjectJobMetadata {
        project_id: job.project_id.clone(),
        job_id: job.id.clone(),
    };
    let response = jobs::CreateProjectJobResponse {
        job_id: job.id.clone(),
        upload_files: missing
            .into_iter()
            .map(|file| StorageFile {
                file: Some(file),
                url: String::new(),
            })
            .collect(),
    };
    Operation {
        id: id.into(),
        description: "Create a job".into(),
        created_at: Some(now),
        created_by: caller.id.clone(),
        modified_at: Some(now),
        done: true,
        metadata: Some(any::pack(&metadata)),
        result: Some(Answer::Response(any::pack(&response))),
    }
}
