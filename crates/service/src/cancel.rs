//! `Cancel`.

use std::time::Duration;

use prost_types::Timestamp;

use super::{
    Caller, CancelMode, Cancellation, JobRecord, JobService, OperationRecord, Outcome, Role, ServiceError, bounds,
    jobs::job_id, run,
};
use crate::{
    api::jobs::{CancelProjectJobRequest, Job, JobStatus},
    job::{
        cancelling::{self, Shutdown},
        limits, status,
    },
};

impl JobService {
    pub(super) async fn cancel_job(
        &self,
        caller: &Caller,
        request: CancelProjectJobRequest,
    ) -> Result<(), ServiceError> {
        bounds::text("reason", &request.reason, limits::MAX_REASON_CHARS)?;
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
                status::may_kill(record.job.status()).map_err(|reason| ServiceError::Forbidden {
                    action: "Cancel",
                    reason,
                })?;
                let cancellation = joined(record.cancellation.take(), cancellation);
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
    run::finish(record, operation, never_started(), now);
}

/// How the job's own parameters want it stopped.
pub(super) fn mode(job: &Job, cancellation: &Cancellation) -> CancelMode {
    match Shutdown::of(job) {
        Some(Shutdown { signal, timeout_ms }) if cancellation.graceful => CancelMode::Graceful {
            signal,
            timeout: timeout_ms.map(|millis| Duration::from_millis(millis.unsigned_abs())),
        },
        _ => CancelMode::Kill,
    }
}

/// What stands after `newer`, given that `earlier` did: never softer, and without a reason of its own for the one that
/// was given.
fn joined(earlier: Option<Cancellation>, newer: Cancellation) -> Cancellation {
    let Some(earlier) = earlier else { return newer };
    Cancellation {
        graceful: earlier.graceful && newer.graceful,
        reason: match newer.reason.trim() {
            "" => earlier.reason,
            _ => newer.reason,
        },
    }
}

/// The words of `status_details` for a cancelled job.
pub(super) fn details(cancellation: &Cancellation) -> String {
    cancelling::details(&cancellation.reason)
}

/// A job that waited for its turn: nothing was said of it.
fn never_started() -> Outcome {
    Outcome::NeverStarted {
        log_files: Vec::new(),
        diagnostic_files: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_cancel_is_never_softer_and_keeps_the_reason_unless_it_has_its_own() {
        let cancel = |reason: &str, graceful| Cancellation {
            reason: reason.into(),
            graceful,
        };
        let cases = [
            (cancel("lunch", true), cancel("", false), cancel("lunch", false)),
            (cancel("lunch", false), cancel("dinner", true), cancel("dinner", false)),
            (cancel("", true), cancel(" ", true), cancel("", true)),
        ];
        for (earlier, newer, expected) in cases {
            assert_eq!(joined(Some(earlier), newer), expected);
        }
        assert_eq!(joined(None, cancel("", true)), cancel("", true));
    }
}
