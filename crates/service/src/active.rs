//! What is known of a job only while someone is busy with it: its lock, and a bell for its end.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use event_listener::Event;

use super::read_to_end::Readers;
use crate::api::id::JobId;

/// One job that someone is busy with.
#[derive(Default)]
pub(super) struct ActiveJob {
    /// Held over each read-change-write of the job's row.
    pub(super) lock: futures::lock::Mutex<()>,
    /// Rung when the job has reached a final state.
    pub(super) ended: Event,
    /// Whom its end waits for.
    pub(super) readers: Readers,
}

/// All of them; an entry lives as long as someone holds it.
#[derive(Default)]
pub(super) struct ActiveJobs {
    jobs: Mutex<HashMap<JobId, Weak<ActiveJob>>>,
}

impl ActiveJobs {
    pub(super) fn get(&self, id: &JobId) -> Arc<ActiveJob> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(job) = jobs.get(id).and_then(Weak::upgrade) {
            return job;
        }
        jobs.retain(|_, job| job.strong_count() > 0);
        let job = Arc::<ActiveJob>::default();
        jobs.insert(id.clone(), Arc::downgrade(&job));
        job
    }
}
