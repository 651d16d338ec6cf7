//! Following a job's state: its record, its progress, its result.

use tonic::Code;

use super::{CallError, Client, Clock, Transport, retry::Backoff};
use crate::api::{
    any,
    jobs::{ExecuteProjectJobMetadata, ExecuteProjectJobResponse, Job, JobProgress, JobStatus},
    operation::{Operation, operation},
    time,
};
use jobsphere_rules::{shown::ShownStatus, status};

/// Between two questions, in milliseconds.
const POLL_MS: u32 = 1000;

/// What is known of a job.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JobState {
    /// The record.
    pub job: Job,
    /// What the program said of its progress last.
    pub progress: Option<JobProgress>,
    /// When the job was executed; milliseconds since 1970.
    pub executed_ms: Option<i64>,
    /// The program's return code, once it has ended by itself.
    pub return_code: Option<i64>,
    /// Why the job could not be run, or that it was cancelled.
    pub error: Option<CallError>,
    /// Outputs that are missing, where the record does not say which: a link does not tell.
    pub missing_untold: usize,
}

impl JobState {
    /// The job's status; one this client does not know counts as unspecified.
    pub fn status(&self) -> JobStatus {
        JobStatus::try_from(self.job.status).unwrap_or_default()
    }

    /// The status as people are told it.
    pub fn shown_status(&self) -> ShownStatus {
        let missing = status::missing_outputs(&self.job.file_errors) + self.missing_untold;
        ShownStatus::of(self.status(), &self.job.status_details, missing)
    }

    /// Whether the job failed: could not be run, or its command returned another code than 0.
    pub fn has_failed(&self) -> bool {
        self.status() == JobStatus::Error || self.return_code.is_some_and(|code| code != 0)
    }
}

/// What happens while a job is followed.
#[derive(Debug)]
pub enum JobEvent {
    /// The state as of now.
    State(Box<JobState>),
    /// The connection is gone; it is tried again after the pause.
    Lost {
        /// What went wrong.
        error: CallError,
        /// The pause, in milliseconds.
        retry_ms: u32,
    },
    /// The job cannot be followed: unknown, or not ours to see.
    Failed(CallError),
}

/// Follows the job and reports to `on_event`; ends when the job has ended, or after `Failed`.
///
/// A job that is still being created is only watched: executing it is its creator's business.
pub async fn follow<T: Transport, C: Clock>(client: &Client<T, C>, job_id: &str, mut on_event: impl FnMut(JobEvent)) {
    let mut backoff = Backoff::default();
    let mut operation_id = None;
    loop {
        match look(client, job_id, &mut operation_id).await {
            Ok((state, has_ended)) => {
                backoff.reset();
                on_event(JobEvent::State(Box::new(state)));
                if has_ended {
                    return;
                }
                client.clock().pause_before_look(POLL_MS).await;
            }
            Err(error) if error.is_transient() => {
                let retry_ms = backoff.next_ms();
                on_event(JobEvent::Lost { error, retry_ms });
                client.clock().pause_before_retry(retry_ms).await;
            }
            Err(error) => return on_event(JobEvent::Failed(error)),
        }
    }
}

/// The state as of now, once.
///
/// # Errors
/// [`CallError`].
pub async fn look_once<T: Transport, C: Clock>(client: &Client<T, C>, job_id: &str) -> Result<JobState, CallError> {
    look(client, job_id, &mut None).await.map(|(state, _)| state)
}

/// The state, and whether nothing more will change.
async fn look<T: Transport, C: Clock>(
    client: &Client<T, C>,
    job_id: &str,
    operation_id: &mut Option<String>,
) -> Result<(JobState, bool), CallError> {
    let mut state = JobState {
        job: client.job(job_id).await?,
        ..JobState::default()
    };
    let is_final = status::is_final(state.status());
    if state.status() == JobStatus::Creating {
        return Ok((state, false));
    }
    let operation = match operation_id {
        Some(id) => client.operation(id).await,
        None => client.execute(job_id).await,
    };
    match operation {
        Ok(operation) => {
            *operation_id = Some(operation.id.clone());
            let done = operation.done;
            read_operation(&mut state, operation)?;
            Ok((state, is_final && done))
        }
        // Ended before it was ever executed: there is no operation to ask.
        Err(error) if is_final && matches!(error.code, Code::FailedPrecondition | Code::NotFound) => Ok((state, true)),
        Err(error) => Err(error),
    }
}

fn read_operation(state: &mut JobState, operation: Operation) -> Result<(), CallError> {
    state.executed_ms = operation.created_at.as_ref().map(time::to_millis);
    if let Some(metadata) = operation.metadata {
        state.progress = any::unpack::<ExecuteProjectJobMetadata>(&metadata)?.progress;
    }
    match operation.result {
        Some(operation::Result::Response(response)) => {
            let response = any::unpack::<ExecuteProjectJobResponse>(&response)?;
            state.return_code = response.result.map(|result| result.return_code);
            if state.job.file_errors.is_empty() {
                state.job.file_errors = response.output_files_errors;
            }
        }
        Some(operation::Result::Error(error)) => state.error = Some(error.into()),
        None => {}
    }
    Ok(())
}
