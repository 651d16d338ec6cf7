//! The life of an executing job: the engine runs it, its reports become rows, its outcome becomes the answer.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use prost_types::Timestamp;
use tonic::Code;

use super::{
    JobQuery, JobRecord, JobService, OperationRecord, Outcome, Report, ServiceError, StoreError, Task, cancel,
};
use crate::{
    api::{
        any,
        id::{JobId, ProjectId},
        jobs::{ExecuteProjectJobResponse, File, Job, JobProgress, JobResult, JobStatus, StorageFile},
        operation::operation::Result as Answer,
        rpc::Status,
    },
    job::status,
};

const FIRST_RETRY: Duration = Duration::from_millis(100);
const LAST_RETRY: Duration = Duration::from_secs(10);
const RESUME_PAGE: usize = 500;

impl JobService {
    /// Takes up every job that was executing when the service stopped.
    pub(super) async fn resume(&self) -> Result<(), StoreError> {
        let mut query = JobQuery {
            project_id: None,
            statuses: vec![
                JobStatus::Preparing,
                JobStatus::Executing,
                JobStatus::UploadingOutput,
                JobStatus::Cancelling,
            ],
            before: None,
            limit: RESUME_PAGE,
        };
        loop {
            let page = self.store.jobs(&query).await?;
            for record in &page {
                if let Ok(id) = JobId::parse(&record.job.id) {
                    self.run_in_background(id);
                }
            }
            match page.last() {
                Some(last) if page.len() == RESUME_PAGE => query.before = Some(last.sequence),
                _ => return Ok(()),
            }
        }
    }

    pub(super) fn run_in_background(&self, id: JobId) {
        let service = self.clone();
        self.host.spawn(Box::pin(async move { service.run(id).await }));
    }

    async fn run(&self, id: JobId) {
        let Some(record) = self.patiently(|| self.record(&id)).await else {
            return;
        };
        let Ok(project_id) = ProjectId::parse(&record.job.project_id) else {
            return;
        };
        if let Some(cancellation) = &record.cancellation {
            let mode = cancel::mode(&record.job, cancellation);
            self.engine.cancel(&id, mode).await;
        }
        let task = Task {
            job_id: id.clone(),
            project_id,
            parameters: record.job.job_parameters.unwrap_or_default(),
        };
        let report = JobReport {
            service: self.clone(),
            id: id.clone(),
        };
        let outcome = self.engine.run(task, Arc::new(report)).await;
        let now = self.now();
        self.patiently(|| {
            let outcome = outcome.clone();
            self.update(&id, move |record, operation| {
                finish(record, operation, outcome, now);
                Ok(())
            })
        })
        .await;
        self.engine.forget(&id).await;
    }

    /// Repeats `step` while the store is unavailable; `None` when it can never work.
    async fn patiently<T, F>(&self, mut step: impl FnMut() -> F) -> Option<T>
    where
        F: Future<Output = Result<T, ServiceError>>,
    {
        let mut wait = FIRST_RETRY;
        loop {
            match step().await {
                Ok(value) => return Some(value),
                Err(ServiceError::Unavailable(_)) => self.host.sleep(wait).await,
                Err(_) => return None,
            }
            wait = (wait * 2).min(LAST_RETRY);
        }
    }
}

struct JobReport {
    service: JobService,
    id: JobId,
}

impl JobReport {
    async fn write(&self, change: impl Fn(&mut JobRecord) + Send + Sync) {
        self.service
            .patiently(|| {
                self.service.update(&self.id, |record, _| {
                    change(record);
                    Ok(())
                })
            })
            .await;
    }
}

#[async_trait]
impl Report for JobReport {
    async fn executing(&self, started_at: Timestamp) {
        self.write(|record| {
            record.job.started_at = Some(started_at);
            advance(&mut record.job, JobStatus::Executing, "The command is running");
        })
        .await;
    }

    async fn progress(&self, progress: JobProgress) {
        self.write(|record| record.progress = Some(progress.clone())).await;
    }

    async fn uploading_output(&self) {
        self.write(|record| advance(&mut record.job, JobStatus::UploadingOutput, "Collecting the outputs"))
            .await;
    }
}

/// Moves on, unless the job is being cancelled or has ended.
fn advance(job: &mut Job, to: JobStatus, details: &str) {
    if job.status() != JobStatus::Cancelling && !status::is_final(job.status()) {
        job.set_status(to);
        job.status_details = details.into();
    }
}

fn finish(record: &mut JobRecord, operation: Option<&mut OperationRecord>, outcome: Outcome, now: Timestamp) {
    let cancelled = record.cancellation.as_ref().map(cancel::details);
    let job = &mut record.job;
    job.finished_at = Some(now);
    let answer = match outcome {
        Outcome::Finished {
            return_code,
            cancelled: was_cancelled,
            details,
            output_files,
            log_files,
            file_errors,
        } => {
            job.output_files = output_files;
            job.log_files = log_files;
            job.file_errors = file_errors;
            if was_cancelled {
                cancelled_with(job, cancelled)
            } else {
                returned(job, return_code, details)
            }
        }
        Outcome::NeverStarted => cancelled_with(job, cancelled),
        Outcome::Failed { message, log_files } => {
            job.log_files = log_files;
            job.set_status(JobStatus::Error);
            job.status_details = message.clone();
            failed(Code::Internal, message)
        }
    };
    job.data_size_bytes += bytes(&job.output_files) + bytes(&job.log_files) + bytes(&job.diagnostic_files);
    if let Some(OperationRecord { operation, .. }) = operation {
        operation.done = true;
        operation.result = Some(answer);
    }
}

fn bytes(files: &[File]) -> i64 {
    files.iter().map(|file| file.size_bytes).sum()
}

fn cancelled_with(job: &mut Job, details: Option<String>) -> Answer {
    let message = details.unwrap_or_else(|| "Cancelled".into());
    job.set_status(JobStatus::Cancelled);
    job.status_details = message.clone();
    failed(Code::Cancelled, message)
}

/// The command ran: a code other than 0 is an ERROR of the job, and still a response of the operation.
fn returned(job: &mut Job, return_code: i64, details: String) -> Answer {
    job.set_status(if return_code == 0 {
        JobStatus::Success
    } else {
        JobStatus::Error
    });
    job.status_details = match (return_code, details.as_str()) {
        (_, details) if !details.is_empty() => details.to_owned(),
        (0, _) => "Done".into(),
        (code, _) => format!("The command returned {code}"),
    };
    let response = ExecuteProjectJobResponse {
        output_files: job
            .output_files
            .iter()
            .map(|file| StorageFile {
                file: Some(file.clone()),
                url: String::new(),
            })
            .collect(),
        output_files_errors: job.file_errors.clone(),
        output_datasets: job.output_datasets.clone(),
        result: Some(JobResult { return_code }),
    };
    Answer::Response(any::pack(&response))
}

fn failed(code: Code, message: String) -> Answer {
    Answer::Error(Status {
        code: code.into(),
        message,
        details: Vec::new(),
    })
}
