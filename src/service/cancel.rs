//! `Cancel`.

use std::time::Duration;

use super::{CancelMode, Cancellation, JobService, ServiceError, jobs::job_id};
use crate::{
    api::jobs::{CancelProjectJobRequest, GracefulShutdownParameters, Job, JobStatus},
    job::status::{self, Forbidden},
};

const SIGTERM: i32 = 15;

impl JobService {
    pub(super) async fn cancel_job(&self, request: CancelProjectJobRequest) -> Result<(), ServiceError> {
        let id = job_id(&request.job_id)?;
        let cancellation = Cancellation {
            reason: request.reason,
            graceful: request.graceful,
        };
        let now = self.now();
        let mode = self
            .update(&id, move |record, _| {
                // A job that is being cancelled may be cancelled again: harder.
                if let Err(reason @ Forbidden::Ended) = status::may_cancel(record.job.status()) {
                    return Err(ServiceError::Forbidden {
                        action: "Cancel",
                        reason,
                    });
                }
                let mode = mode(&record.job, &cancellation);
                record.job.status_details = details(&cancellation);
                let executed = record.execute_operation.is_some();
                if executed {
                    record.job.set_status(JobStatus::Cancelling);
                } else {
                    record.job.set_status(JobStatus::Cancelled);
                    record.job.finished_at = Some(now);
                }
                record.cancellation = Some(cancellation);
                Ok(executed.then_some(mode))
            })
            .await?;
        if let Some(mode) = mode {
            self.engine.cancel(&id, mode).await;
        }
        Ok(())
    }
}

/// How the job's own parameters want it stopped.
pub(super) fn mode(job: &Job, cancellation: &Cancellation) -> CancelMode {
    let parameters = job
        .job_parameters
        .as_ref()
        .and_then(|parameters| parameters.graceful_shutdown_parameters.as_ref());
    match parameters {
        Some(GracefulShutdownParameters { timeout, signal }) if cancellation.graceful => CancelMode::Graceful {
            signal: match i32::try_from(*signal) {
                Ok(signal) if signal > 0 => signal,
                _ => SIGTERM,
            },
            timeout: timeout.and_then(|timeout| Duration::try_from(timeout).ok()),
        },
        _ => CancelMode::Kill,
    }
}

/// The words of `status_details` for a cancelled job.
pub(super) fn details(cancellation: &Cancellation) -> String {
    match cancellation.reason.trim() {
        "" => "Cancelled".into(),
        reason => format!("Cancelled: {reason}"),
    }
}
