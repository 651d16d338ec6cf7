//! `SetDataTtl`, and the end of what has lived its time.

use std::time::Duration;

use prost_types::Timestamp;

use super::{Caller, Change, JobService, Role, ServiceError, jobs::job_id};
use crate::{
    api::{
        id::ProjectId,
        jobs::{Job, SetProjectJobDataTtlRequest},
        time,
    },
    job::{
        rules,
        status::{self, Forbidden},
    },
};

/// How often the service looks for what has expired.
const LOOK_EVERY: Duration = Duration::from_secs(60);
const DROPPED_AT_ONCE: usize = 100;
/// How long an `Idempotency-Key` is remembered (ours).
const REPEATS_LIVE_MICROS: i64 = 48 * 3600 * 1_000_000;

impl JobService {
    pub(super) async fn set_data_ttl(
        &self,
        caller: &Caller,
        request: SetProjectJobDataTtlRequest,
    ) -> Result<(), ServiceError> {
        let id = job_id(&request.job_id)?;
        self.job_for(caller, Role::Editor, &id).await?;
        let violations = rules::check_ttl(request.ttl.as_ref());
        if !violations.is_empty() {
            return Err(ServiceError::Invalid(violations));
        }
        let now = self.now();
        self.update(&id, move |row| {
            if row.record.job.data_cleared {
                return Err(ServiceError::Forbidden {
                    action: "SetDataTtl",
                    reason: Forbidden::DataCleared,
                });
            }
            row.record.job.data_expires_at = request.ttl.map(|ttl| time::later(&now, ttl.seconds));
            Ok(())
        })
        .await
    }

    /// Looks from time to time, for as long as the service lives.
    pub(super) fn drop_expired_in_background(&self) {
        let service = self.clone();
        self.host.spawn(Box::pin(async move {
            loop {
                if let Err(error) = service.drop_expired().await {
                    let reason = error.for_operator();
                    service.host.warn(&format!("expired data is still there: {reason}"));
                }
                service.host.sleep(LOOK_EVERY).await;
            }
        }));
    }

    /// Drops the data of every job whose time is over; the number of jobs.
    ///
    /// # Errors
    /// When the store cannot be read or written; what was dropped before stays dropped.
    pub async fn drop_expired(&self) -> Result<usize, ServiceError> {
        let before_micros = self.host.now_micros() - REPEATS_LIVE_MICROS;
        self.store.commit(vec![Change::DropRepeats { before_micros }]).await?;
        let mut dropped = 0;
        loop {
            let expired = self.store.expired(self.now().seconds, DROPPED_AT_ONCE).await?;
            for id in &expired {
                let _ledger = self.inner.ledger.lock().await;
                let Some(record) = self.store.job(id).await? else {
                    continue;
                };
                let Ok(project) = ProjectId::parse(&record.job.project_id) else {
                    continue;
                };
                let now = self.now();
                // It may have been executed or prolonged meanwhile.
                let ids = std::slice::from_ref(id);
                dropped += self.clear(&project, ids, |job| is_over(job, &now)).await?;
            }
            if expired.len() < DROPPED_AT_ONCE {
                return Ok(dropped);
            }
        }
    }
}

fn is_over(job: &Job, now: &Timestamp) -> bool {
    let rests = status::may_delete(job.status()).is_ok();
    rests && !job.data_cleared && job.data_expires_at.is_some_and(|at| at.seconds < now.seconds)
}

/// Lets the data of a job that ends now live as long from its end as it was to live from its beginning (ours: a
/// job that ran for longer than its data were to live would lose its results at once).
pub(super) fn prolong(job: &mut Job, now: &Timestamp) {
    if let (Some(expires), Some(created)) = (&mut job.data_expires_at, &job.created_at) {
        let lifetime_s = expires.seconds.saturating_sub(created.seconds);
        expires.seconds = expires.seconds.max(time::later(now, lifetime_s).seconds);
    }
}
