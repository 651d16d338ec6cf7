//! What runs commands in a page: machines, each made new for a run and gone with it.
//!
//! A run is ordered as a whole and then tells what happens. It does not outlive the page that runs it: a job whose command
//! had begun when the page went is said to be lost, never begun again. What a machine tells comes from a stranger's command
//! and is data.

mod collect;
mod logging;
mod machine;
mod order;
mod progress;
mod refusals;
mod run;
mod zip;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jobsphere_service::{CancelMode, Engine, Fault, Outcome, Report, SecretValue, StoreError, Task};

pub use machine::{
    Collected, Content, Exit, FailedBy, Found, Input, Keeping, Kind, Machines, Order, Part, Sight, Stream, Usage, Word,
};

use crate::api::{
    id::{JobId, ProjectId},
    jobs::JobParameters,
};

/// The engine over machines, and what keeps files and logs.
pub struct PageEngine<M, K> {
    machines: M,
    keeping: Arc<K>,
    /// What was asked of jobs whose machine has not been ordered yet, or runs.
    orders: Mutex<BTreeMap<JobId, CancelMode>>,
    running: Mutex<BTreeSet<JobId>>,
}

impl<M: Machines, K: Keeping> PageEngine<M, K> {
    /// An engine that runs commands on `machines`.
    pub fn new(machines: M, keeping: Arc<K>) -> Self {
        Self {
            machines,
            keeping,
            orders: Mutex::default(),
            running: Mutex::default(),
        }
    }

    fn orders(&self) -> MutexGuard<'_, BTreeMap<JobId, CancelMode>> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn running(&self) -> MutexGuard<'_, BTreeSet<JobId>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pass_on(&self, job: &JobId, mode: CancelMode) {
        match mode {
            CancelMode::Kill => self.machines.cancel(job, None, None),
            CancelMode::Graceful { signal, timeout } => self.machines.cancel(job, Some(signal), timeout),
        }
    }
}

#[async_trait]
impl<M: Machines, K: Keeping> Engine for PageEngine<M, K> {
    async fn refusals(&self, _: &ProjectId, parameters: &JobParameters) -> Result<Vec<String>, StoreError> {
        Ok(refusals::of(self.machines.sight(), parameters))
    }

    async fn secrets(&self, _: &ProjectId) -> Result<Vec<SecretValue>, StoreError> {
        Ok(Vec::new())
    }

    async fn run(&self, task: Task, report: Arc<dyn Report>) -> Outcome {
        let ended = self.try_run(&task, &*report).await;
        self.running().remove(&task.job_id);
        match ended {
            Ok(outcome) => outcome,
            Err(message) => self.failed(&task, Fault::Server, message).await,
        }
    }

    async fn cancel(&self, job: &JobId, mode: CancelMode) {
        // A second order may be harder, never softer.
        let is_killed = self.orders().get(job) == Some(&CancelMode::Kill);
        if is_killed {
            return;
        }
        self.orders().insert(job.clone(), mode);
        if self.running().contains(job) {
            self.pass_on(job, mode);
        }
    }

    async fn kept(&self) -> Vec<JobId> {
        Vec::new()
    }

    async fn forget(&self, job: &JobId) {
        self.orders().remove(job);
        self.machines.forget(job);
    }
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
