//! The life of an executing job: the engine runs it, its reports become rows, its outcome becomes the answer.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use prost_types::Timestamp;
use tonic::Code;

use super::{
    Fault, JobQuery, JobRecord, JobService, OperationRecord, Outcome, Report, ServiceError, StoreError, Task, cancel,
    datasets, files, lifetime, queue::Ticket,
};
use crate::{
    api::{
        any,
        id::{JobId, ProjectId},
        jobs::{ExecuteProjectJobResponse, File, Job, JobProgress, JobResult, JobStatus, StorageFile},
        operation::operation::Result as Answer,
        rpc::Status,
        sha256::Sha256,
    },
    job::{return_code, service_line::ServiceLine, status},
};

const FIRST_RETRY: Duration = Duration::from_millis(100);
const LAST_RETRY: Duration = Duration::from_secs(10);
const RESUME_PAGE: usize = 500;
const COLLECT_TRIES: u32 = 3;

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
        let mut unfinished = Vec::new();
        loop {
            let page = self.store.jobs(&query).await?;
            query.before = page.last().map(|record| record.sequence);
            let is_last = page.len() < RESUME_PAGE;
            unfinished.extend(page);
            if is_last {
                break;
            }
        }
        // Those that run, then those that wait, in their order.
        unfinished.sort_by_key(|record| record.waiting_since);
        for record in &unfinished {
            if let (Ok(id), Some(ticket)) = (JobId::parse(&record.job.id), self.ticket(record)) {
                self.run_in_background(id, ticket);
            }
        }
        Ok(())
    }

    pub(super) fn run_in_background(&self, id: JobId, mut ticket: Ticket) {
        let service = self.clone();
        self.host.spawn(Box::pin(async move {
            if ticket.turn().await {
                service.run(id).await;
            }
            drop(ticket);
        }));
    }

    async fn run(&self, id: JobId) {
        let Some(Some(record)) = self.patiently(|| self.take_turn(&id)).await else {
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
            has_begun: record.job.started_at.is_some(),
            instance_type: record.job.actual_cloud_instance_type.clone().map(|chosen| chosen.name),
            parameters: record.job.whole_parameters(),
        };
        let report = JobReport {
            service: self.clone(),
            id: id.clone(),
        };
        let report: Arc<dyn Report> = Arc::new(report);
        let mut tries = COLLECT_TRIES;
        loop {
            let outcome = self.engine.run(task.clone(), report.clone()).await;
            tries -= 1;
            let settled = self.patiently(|| self.settle(&task, &outcome, tries == 0)).await;
            if settled != Some(false) {
                break;
            }
        }
        self.engine.forget(&id).await;
        self.let_go_unless_owned(&id).await;
    }

    /// Notes that the job's turn has come; `None` when it was cancelled in the queue.
    async fn take_turn(&self, id: &JobId) -> Result<Option<JobRecord>, ServiceError> {
        let record = self.record(id).await?;
        if record.waiting_since.is_none() {
            return Ok(Some(record).filter(|record| !status::is_final(record.job.status())));
        }
        self.update(id, |row| {
            if status::is_final(row.record.job.status()) {
                return Ok(None);
            }
            row.record.waiting_since = None;
            row.record.job.status_details = ServiceLine::Preparing.to_string();
            Ok(Some(row.record.clone()))
        })
        .await
    }

    /// Writes the outcome down. False when a file of it is not held any more, because another job that had the same
    /// content was deleted just then: it is to be collected again, unless this is the last try.
    async fn settle(&self, task: &Task, outcome: &Outcome, is_last_try: bool) -> Result<bool, ServiceError> {
        let _ledger = self.inner.ledger.lock().await;
        for file in made(outcome) {
            let held = match Sha256::parse(&file.sha256) {
                Ok(sha256) => self.blobs.holds(&task.project_id, sha256).await?,
                Err(_) => true,
            };
            if !held && !is_last_try {
                return Ok(false);
            }
        }
        let (now, now_micros, outcome) = (self.now(), self.host.now_micros(), outcome.clone());
        self.update(&task.job_id, move |row| {
            row.more.extend(datasets::known(task, &outcome, now_micros));
            finish(&mut row.record, row.operation.as_mut(), outcome, now);
            row.more
                .push(files::needed(&task.job_id, &task.project_id, &row.record.job));
            Ok(true)
        })
        .await
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
                Err(ServiceError::Unavailable { .. }) => self.host.sleep(wait).await,
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
                self.service.update(&self.id, |row| {
                    change(&mut row.record);
                    Ok(())
                })
            })
            .await;
    }
}

#[async_trait]
impl Report for JobReport {
    async fn preparing(&self, details: &ServiceLine<'_>) {
        self.write(|record| advance(&mut record.job, JobStatus::Preparing, details))
            .await;
    }

    async fn executing(&self, started_at: Timestamp) {
        self.write(|record| {
            record.job.started_at = Some(started_at);
            advance(&mut record.job, JobStatus::Executing, &ServiceLine::Running);
        })
        .await;
    }

    async fn progress(&self, progress: JobProgress) {
        self.write(|record| record.progress = Some(progress.clone())).await;
    }

    async fn uploading_output(&self) {
        self.write(|record| advance(&mut record.job, JobStatus::UploadingOutput, &ServiceLine::Collecting))
            .await;
    }
}

/// Moves on, unless the job is being cancelled or has ended.
fn advance(job: &mut Job, to: JobStatus, details: &ServiceLine<'_>) {
    if job.status() != JobStatus::Cancelling && !status::is_final(job.status()) {
        job.set_status(to);
        job.status_details = details.to_string();
    }
}

fn made(outcome: &Outcome) -> Vec<&File> {
    match outcome {
        Outcome::Finished {
            output_files,
            log_files,
            diagnostic_files,
            ..
        } => output_files.iter().chain(log_files).chain(diagnostic_files).collect(),
        Outcome::NeverStarted {
            log_files,
            diagnostic_files,
        }
        | Outcome::Failed {
            log_files,
            diagnostic_files,
            ..
        } => log_files.iter().chain(diagnostic_files).collect(),
    }
}

/// Puts the end of the job into its rows.
pub(super) fn finish(
    record: &mut JobRecord,
    operation: Option<&mut OperationRecord>,
    outcome: Outcome,
    now: Timestamp,
) {
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
            diagnostic_files,
            file_errors,
            output_datasets,
            dataset_errors,
        } => {
            job.output_files = output_files;
            job.log_files = log_files;
            job.diagnostic_files = diagnostic_files;
            job.file_errors = file_errors;
            job.output_datasets = output_datasets;
            if was_cancelled {
                cancelled_with(job, cancelled)
            } else if !dataset_errors.is_empty() {
                datasets::refused(job, dataset_errors)
            } else {
                returned(job, return_code, details)
            }
        }
        Outcome::NeverStarted {
            log_files,
            diagnostic_files,
        } => {
            job.log_files = log_files;
            job.diagnostic_files = diagnostic_files;
            cancelled_with(job, cancelled)
        }
        Outcome::Failed {
            fault,
            message,
            log_files,
            diagnostic_files,
        } => {
            job.log_files = log_files;
            job.diagnostic_files = diagnostic_files;
            job.set_status(JobStatus::Error);
            job.status_details = message.clone();
            let code = match fault {
                Fault::Job => Code::FailedPrecondition,
                Fault::Server => Code::Internal,
            };
            failed(code, message)
        }
    };
    job.data_size_bytes = files::size_bytes(job);
    lifetime::prolong(job, &now);
    if let Some(OperationRecord { operation, .. }) = operation {
        operation.done = true;
        operation.result = Some(answer);
    }
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
    job.status_details = if details.is_empty() {
        return_code::details(return_code)
    } else {
        details
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
