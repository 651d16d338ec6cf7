//! What runs commands in a page.

use std::sync::Arc;

use async_trait::async_trait;
use jobsphere_service::{CancelMode, Engine, Fault, Outcome, Report, SecretValue, StoreError, Task};

use crate::api::{
    id::{JobId, ProjectId},
    jobs::JobParameters,
};

const NO_MACHINE: &str =
    "this copy of the demo was made without a machine to run commands on: send the job to a server instead";
const LOST: &str =
    "the command ended with the page that ran it: the tab was closed or loaded anew, or the browser stopped it";

/// An engine without a machine: it refuses every job, and ends truthfully what another copy of the demo has begun.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMachine;

#[async_trait]
impl Engine for NoMachine {
    async fn refusals(&self, _: &ProjectId, _: &JobParameters) -> Result<Vec<String>, StoreError> {
        Ok(vec![NO_MACHINE.into()])
    }

    async fn secrets(&self, _: &ProjectId) -> Result<Vec<SecretValue>, StoreError> {
        Ok(Vec::new())
    }

    async fn run(&self, task: Task, _: Arc<dyn Report>) -> Outcome {
        Outcome::Failed {
            fault: Fault::Server,
            message: if task.has_begun { LOST } else { NO_MACHINE }.into(),
            log_files: Vec::new(),
            diagnostic_files: Vec::new(),
        }
    }

    async fn cancel(&self, _: &JobId, _: CancelMode) {}

    async fn kept(&self) -> Vec<JobId> {
        Vec::new()
    }

    async fn forget(&self, _: &JobId) {}
}
