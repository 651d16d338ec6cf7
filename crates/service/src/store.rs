//! What must survive: projects, jobs and operations.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::{ShareRecord, StoredJob};
use crate::api::{
    id::{DatasetId, JobId, OperationId, ProjectId, ShareId},
    jobs::{JobProgress, JobStatus, OutputDatasetDesc},
    operation::Operation,
    project::Project,
    sha256::Sha256,
};

/// A job with what the service keeps beside the API's message.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRecord {
    /// The message as clients see it, with what nobody is shown beside it. File URLs are never stored.
    pub job: StoredJob,
    /// Place in the order of creation over the whole service, from 1; given by the service core.
    pub sequence: i64,
    /// The operation of `Execute`, once it was called.
    pub execute_operation: Option<OperationId>,
    /// Since when the executed job waits for its turn, in microseconds since the epoch; `None` once it has had it.
    pub waiting_since: Option<i64>,
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

/// An operation with what it acts on.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationRecord {
    /// The message as clients see it, file URLs left empty.
    pub operation: Operation,
    /// The project it belongs to.
    pub project_id: ProjectId,
    /// The job it acts on, which may be gone; `None` for one that acts on a whole project.
    pub job_id: Option<JobId>,
}

/// A folder that a job has made for others to read.
#[derive(Debug, Clone, PartialEq)]
pub struct DatasetRecord {
    /// Its id.
    pub id: DatasetId,
    /// The project whose jobs may read it.
    pub project_id: ProjectId,
    /// The job that made it, which may be gone.
    pub job_id: JobId,
    /// What that job called it.
    pub desc: OutputDatasetDesc,
    /// When it became a dataset, in microseconds since the epoch.
    pub created_micros: i64,
}

/// A call that carried an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    /// Digest of the caller, the method and the key.
    pub key: Sha256,
    /// Digest of the request.
    pub request: Sha256,
    /// The operation that was answered.
    pub operation: OperationId,
    /// When, in microseconds since the epoch.
    pub at_micros: i64,
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
    /// Removes the job, what it needs of its project's files, and the links that show it; its operations stay.
    DeleteJob(JobId),
    /// Says which of its project's files a job needs, instead of what was said before.
    SetFiles {
        /// The job.
        job: JobId,
        /// Its project.
        project: ProjectId,
        /// Their contents.
        files: BTreeSet<Sha256>,
    },
    /// Makes a dataset known; its folder is whole before.
    PutDataset(Box<DatasetRecord>),
    /// Forgets a dataset; its folder goes afterwards.
    DropDataset(DatasetId),
    /// Remembers a call by its `Idempotency-Key`.
    PutRepeat(Repeat),
    /// Makes a share link known.
    PutShare(Box<ShareRecord>),
    /// Ends those of the links that nobody has ended.
    RevokeShares {
        /// The links.
        shares: Vec<ShareId>,
        /// When, in microseconds since the epoch.
        at_micros: i64,
        /// Who.
        by: String,
    },
    /// Adds to the uses of a link.
    CountUses {
        /// The link.
        share: ShareId,
        /// When it was used last, in microseconds since the epoch.
        at_micros: i64,
        /// How often its page was opened since this was last said.
        uses: i64,
    },
    /// Forgets the calls made before this time, in microseconds since the epoch.
    DropRepeats {
        /// The time.
        before_micros: i64,
    },
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

    /// Jobs that have ended or were never executed, whose data lives until before `now_s` (seconds since the
    /// epoch) and is still there; at most `limit`.
    async fn expired(&self, now_s: i64, limit: usize) -> Result<Vec<JobId>, StoreError>;

    /// Those of `files` that no job of the project needs.
    async fn unneeded(&self, project: &ProjectId, files: Vec<Sha256>) -> Result<Vec<Sha256>, StoreError>;

    /// The dataset with this id.
    async fn dataset(&self, id: &DatasetId) -> Result<Option<DatasetRecord>, StoreError>;

    /// The datasets of a project, or all, in the order in which they were made.
    async fn datasets(&self, project: Option<&ProjectId>) -> Result<Vec<DatasetRecord>, StoreError>;

    /// The call with this [`Repeat::key`].
    async fn repeat(&self, key: Sha256) -> Result<Option<Repeat>, StoreError>;

    /// The share link with this id.
    async fn share(&self, id: &ShareId) -> Result<Option<ShareRecord>, StoreError>;

    /// The share links of a project, or of one of its jobs, newest first, at most `limit`.
    async fn shares(
        &self,
        project: &ProjectId,
        job: Option<&JobId>,
        limit: usize,
    ) -> Result<Vec<ShareRecord>, StoreError>;

    /// Those of the share links of a project, or of one of its jobs, that are good at `now_micros` (microseconds since the
    /// epoch), at most `limit`, in no order.
    async fn good_shares(
        &self,
        project: &ProjectId,
        job: Option<&JobId>,
        now_micros: i64,
        limit: usize,
    ) -> Result<Vec<ShareId>, StoreError>;

    /// The largest sequence number given so far; 0 in an empty store.
    async fn last_sequence(&self) -> Result<i64, StoreError>;

    /// Writes all changes or none.
    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError>;
}
