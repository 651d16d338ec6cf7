//! What runs a command.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use crate::{
    api::{
        id::{JobId, ProjectId},
        jobs::{File, FileUploadError, JobParameters, JobProgress, OutputDataset},
    },
    job::service_line::ServiceLine,
};
use prost_types::Timestamp;

use super::{NotHeld, StoreError, Taken, Unnamed};

/// A job to run.
#[derive(Debug, Clone)]
pub struct Task {
    /// The job.
    pub job_id: JobId,
    /// Its project: where its files are.
    pub project_id: ProjectId,
    /// The instance type chosen for it, one of [`Capacity`](super::Capacity).
    pub instance_type: Option<String>,
    /// What to run; checked by `jobsphere_rules::rules`, all inputs held by `Blobs`.
    pub parameters: JobParameters,
    /// Whether its command is known to have begun: it must not be begun again, whatever the engine still knows.
    pub has_begun: bool,
}

/// A secret of a project. Its `Debug` does not tell the value.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretValue {
    /// The environment variable that commands get it in.
    pub name: String,
    /// The value.
    pub value: String,
}

impl std::fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretValue({})", self.name)
    }
}

/// How a running job is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelMode {
    /// At once.
    Kill,
    /// By this signal, and killed after this time.
    Graceful {
        /// Number of the signal.
        signal: i32,
        /// Time until SIGKILL; `None` waits for ever.
        timeout: Option<Duration>,
    },
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The command ran to its end, by itself or cancelled.
    Finished {
        /// Its exit code; 128 + signal when a signal ended it.
        return_code: i64,
        /// Whether a cancel ended it.
        cancelled: bool,
        /// What happened, when the return code does not say it (a signal, a limit).
        details: String,
        /// Outputs that were found, stored in `Blobs`.
        output_files: Vec<File>,
        /// stdout.txt, stderr.txt, system.log, …, stored in `Blobs`.
        log_files: Vec<File>,
        /// What the job used of the machine, stored in `Blobs`.
        diagnostic_files: Vec<File>,
        /// Outputs that were not found or could not be stored.
        file_errors: Vec<FileUploadError>,
        /// Datasets that lie in their places and only have to become known; none when the command failed.
        output_datasets: Vec<OutputDataset>,
        /// Why there are none, although the command did its part: the job has failed then.
        dataset_errors: Vec<FileUploadError>,
    },
    /// Cancelled before the command was started.
    NeverStarted {
        /// What was said of it until then.
        log_files: Vec<File>,
        /// Measurements of it.
        diagnostic_files: Vec<File>,
    },
    /// The command could not be run, or what ran it was lost. A sentence for the user.
    Failed {
        /// Who can mend it.
        fault: Fault,
        /// Why.
        message: String,
        /// The logs as far as they came, stored in `Blobs`.
        log_files: Vec<File>,
        /// What the job used of the machine until then, stored in `Blobs`.
        diagnostic_files: Vec<File>,
    },
}

/// Whose fault it is that a command could not be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The job asks for what cannot be had: a package, an image.
    Job,
    /// The server's.
    Server,
}

/// Where a running job tells how it is doing.
#[async_trait]
pub trait Report: Send + Sync {
    /// What is being made ready for the command.
    async fn preparing(&self, details: &ServiceLine<'_>);
    /// The command has begun, at this time.
    async fn executing(&self, started_at: Timestamp);
    /// The program reported progress.
    async fn progress(&self, progress: JobProgress);
    /// The command has ended; outputs are being collected.
    async fn uploading_output(&self);
}

/// Runs commands; keeps them running while the service is away.
#[async_trait]
pub trait Engine: Send + Sync {
    /// What of `parameters` this engine cannot do for a job of `project`, a sentence each with what would make it
    /// work.
    async fn refusals(&self, project: &ProjectId, parameters: &JobParameters) -> Result<Vec<String>, StoreError>;

    /// What commands of `project` are given beside their own variables and nobody may be shown: for hiding it.
    async fn secrets(&self, project: &ProjectId) -> Result<Vec<SecretValue>, StoreError>;

    /// Runs the job to its end. Called again for the same job after a restart of the service, it takes up the
    /// command where it is: starts it if it never was, follows it if it runs, collects if it has ended. The
    /// command is never started twice.
    async fn run(&self, task: Task, report: Arc<dyn Report>) -> Outcome;

    /// Asks for the end of a job; a second call may be harder, never softer. It may come before
    /// [`Engine::run`], which then returns without starting the command; after the end it has no effect.
    async fn cancel(&self, job: &JobId, mode: CancelMode);

    /// The jobs that something is kept for by `run`.
    async fn kept(&self) -> Vec<JobId>;

    /// Drops what `run` kept for taking up the job again; called once its outcome is in the Store. From then on the engine
    /// may hold what the command made and nobody named, for a while.
    async fn forget(&self, job: &JobId);

    /// The jobs whose folders are held.
    async fn held(&self) -> Vec<JobId> {
        Vec::new()
    }

    /// What the command of a job made and nobody named; `None` when its folder is not held.
    async fn unnamed(&self, _job: &JobId) -> Option<Unnamed> {
        None
    }

    /// Stores those of the unnamed files of a job that have these paths, in their order.
    ///
    /// # Errors
    /// When its folder is not held, or too much is being stored.
    async fn take(&self, _task: &Task, _paths: &[String]) -> Result<Vec<Taken>, NotHeld> {
        Err(NotHeld::Gone)
    }

    /// Holds nothing of the job any more. What there is goes in the background.
    async fn let_go(&self, _job: &JobId) {}
}
