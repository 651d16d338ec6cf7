//! `Cancel`.

use std::time::Duration;

use prost_types::Timestamp;

use super::{
    Caller, CancelMode, Cancellation, JobRecord, JobService, OperationRecord, Outcome, Role, ServiceError,
    jobs::job_id, run,
};
use crate::{
    api::jobs::{CancelProjectJobRequest, GracefulShutdownParameters, Job, JobStatus},
    job::status::{self, Forbidden},
};

const SIGTERM: i32 = 15;

impl JobService {
    pub(super) async fn cancel_job(
        &self,
        caller: &Caller,
        request: CancelProjectJobRequest,
    ) -> Result<(), ServiceError> {
        let id = job_id(&request.job_id)?;
        self.job_for(caller, Role::Editor, &id).await?;
        let cancellation = Cancellation {
            reason: request.reason,
            graceful: request.graceful,
        };
        let now = self.now();
        let mode = self
            .update(&id, move |row| {
                let record = &mut row.record;
                // A job that is being cancelled may be cancelled again: harder.
                if let Err(reason @ Forbidden::Ended) = status::may_cancel(record.job.status()) {
                    return Err(ServiceError::Forbidden {
                        action: "Cancel",
                        reason,
                    });
                }
                let mode = mode(&record.job, &cancellation);
                record.job.status_details = details(&cancellation);
                let runs = record.execute_operation.is_some() && record.waiting_since.is_none();
                record.cancellation = Some(cancellation);
                if runs {
                    record.job.set_status(JobStatus::Cancelling);
                } else {
                    end_before_its_turn(record, row.operation.as_mut(), now);
                }
                Ok(runs.then_some(mode))
            })
            .await?;
        match mode {
            Some(mode) => self.engine.cancel(&id, mode).await,
            None => self.inner.queue.leave(&id),
        }
        Ok(())
    }
}

/// A job that was never executed, or still waited for its turn, has nothing to stop.
fn end_before_its_turn(record: &mut JobRecord, operation: Option<&mut OperationRecord>, now: Timestamp) {
    record.waiting_since = None;
    run::finish(record, operation, Outcome::NeverStarted, now);
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
