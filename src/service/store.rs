//! What must survive: projects, jobs and operations.

use async_trait::async_trait;

use crate::api::{
    id::{JobId, OperationId, ProjectId},
    jobs::{Job, JobProgress, JobStatus},
    operation::Operation,
    project::Project,
};

/// A job with what the service keeps beside the API's message.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRecord {
    /// The message as clients see it. File URLs are never stored.
    pub job: Job,
    /// Place in the order of creation over the whole service, from 1; given by the service core.
    pub sequence: i64,
    /// The operation of `Execute`, once it was called.
    pub execute_operation: Option<OperationId>,
    /// Set once `Cancel` was accepted.
    pub cancellation: Option<Cancellation>,
    /// The newest progress that the program reported.
    pub progress: Option<JobProgress>,
}

/// An accepted `Cancel`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancellation {
    /// Why, in the caller's words; may be empty.
    pub reason: String,
    /// Whether the program gets its signal and time before it is killed.
    pub graceful: bool,
}

/// An operation with the job it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationRecord {
    /// The message as clients see it, file URLs left empty.
    pub operation: Operation,
    /// The job it acts on.
    pub job_id: JobId,
}

/// A row to write.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Inserts the project, or replaces the one with its id.
    PutProject(Box<Project>),
    /// Inserts the job, or replaces the one with its id.
    PutJob(Box<JobRecord>),
    /// Inserts the operation, or replaces the one with its id.
    PutOperation(Box<OperationRecord>),
}

/// Which jobs to list: newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobQuery {
    /// Only this project's; all projects' when `None`.
    pub project_id: Option<ProjectId>,
    /// Only jobs in one of these states; all when empty.
    pub statuses: Vec<JobStatus>,
    /// Only jobs created before this sequence number; from the newest when `None`.
    pub before: Option<i64>,
    /// At most this many.
    pub limit: usize,
}

/// The store could not do it; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It may work when tried again (locked, disk full).
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// A row cannot be read back.
    #[error("the store is damaged: {0}")]
    Damaged(String),
}

/// Durable rows. A change is on stable storage when [`Store::commit`] returns.
#[async_trait]
pub trait Store: Send + Sync {
    /// The project with this id.
    async fn project(&self, id: &ProjectId) -> Result<Option<Project>, StoreError>;

    /// Projects in the order of their ids, those after `after`, at most `limit`.
    async fn projects(&self, after: Option<&ProjectId>, limit: usize) -> Result<Vec<Project>, StoreError>;

    /// The job with this id.
    async fn job(&self, id: &JobId) -> Result<Option<JobRecord>, StoreError>;

    /// Jobs, newest first.
    async fn jobs(&self, query: &JobQuery) -> Result<Vec<JobRecord>, StoreError>;

    /// The operation with this id.
    async fn operation(&self, id: &OperationId) -> Result<Option<OperationRecord>, StoreError>;

    /// The largest sequence number given so far; 0 in an empty store.
    async fn last_sequence(&self) -> Result<i64, StoreError>;

    /// Writes all changes or none.
    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError>;
}
