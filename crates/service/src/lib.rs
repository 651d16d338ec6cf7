//! The job service: one implementation of the API behind the traits [`Store`], [`Blobs`], [`Logs`],
//! [`Engine`] and [`Host`].
//!
//! It knows no disk, no network, no clock and no runtime of its own, so that it runs natively, in a
//! page, and under a test clock.

mod active;
mod add;
mod blobs;
mod bounds;
mod caller;
mod cancel;
mod clone;
mod create;
mod datasets;
mod delete;
mod download;
mod engine;
mod error;
mod execute;
mod files;
mod filter;
mod grpc;
mod held;
mod host;
mod jobs;
mod joined;
mod lifetime;
mod logs;
pub mod memory;
mod operations;
mod page;
mod projects;
mod queue;
mod read_logs;
mod read_to_end;
mod redact;
mod repeat;
mod run;
mod share;
mod std_logs;
mod store;
mod stored_job;
mod sweep;
mod unnamed;

use std::sync::Arc;

pub use blobs::{Blobs, BlobsError};
pub use caller::{Access, Caller, Role};
pub use engine::{CancelMode, Engine, Fault, Outcome, Report, SecretValue, Task};
pub use error::ServiceError;
pub use held::{Amount, NotHeld, Taken, Unnamed, UnnamedFile};
pub use host::Host;
pub use logs::{LogBatch, LogFrom, Logs, LogsError};
pub use queue::{Capacity, InstanceType};
pub use share::{Face, Holder, ShareRecord, SharedContent};
pub use store::{Cancellation, Change, DatasetRecord, JobQuery, JobRecord, OperationRecord, Repeat, Store, StoreError};
pub use stored_job::StoredJob;

use jobsphere_api as api;
use jobsphere_rules as job;

use active::ActiveJobs;
use api::id::ProjectId;
use queue::Queue;

/// The project that is there from the start.
pub const DEFAULT_PROJECT: &str = "default";

/// What the service stands on.
pub struct Parts {
    /// Rows.
    pub store: Arc<dyn Store>,
    /// Files.
    pub blobs: Arc<dyn Blobs>,
    /// Logs.
    pub logs: Arc<dyn Logs>,
    /// Commands.
    pub engine: Arc<dyn Engine>,
    /// Time, randomness, tasks.
    pub host: Arc<dyn Host>,
    /// What can run at the same time.
    pub capacity: Capacity,
}

/// The API's services; cheap to clone.
#[derive(Clone)]
pub struct JobService {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    active: ActiveJobs,
    queue: Arc<Queue>,
    ledger: futures::lock::Mutex<FileGuard>,
    uses: share::Uses,
}

/// Held while a row begins to need files, or ceases to, so that no file goes that another row has just found there;
/// and while a job is added, so that sequence numbers are committed in order. It is taken before the lock of a job.
struct FileGuard {
    /// The last sequence number given.
    last_sequence: i64,
}

impl std::ops::Deref for JobService {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.inner.parts
    }
}

impl JobService {
    /// Opens the service over what the store holds, and takes up every job that has not ended.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn open(parts: Parts) -> Result<Self, StoreError> {
        let last_sequence = parts.store.last_sequence().await?;
        let service = Self {
            inner: Arc::new(Inner {
                queue: Arc::new(Queue::new(parts.capacity.cpus)),
                parts,
                active: ActiveJobs::default(),
                ledger: futures::lock::Mutex::new(FileGuard { last_sequence }),
                uses: share::Uses::default(),
            }),
        };
        service.ensure_default_project().await?;
        service.resume().await?;
        service.sweep_in_background();
        service.drop_expired_in_background();
        Ok(service)
    }

    async fn ensure_default_project(&self) -> Result<(), StoreError> {
        let Ok(id) = ProjectId::parse(DEFAULT_PROJECT) else {
            return Ok(());
        };
        match self.missing_project(&id).await? {
            Some(project) => self.store.commit(vec![Change::PutProject(Box::new(project))]).await,
            None => Ok(()),
        }
    }

    /// Random bytes, for ids.
    fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.host.random(&mut bytes);
        bytes
    }

    fn now(&self) -> prost_types::Timestamp {
        crate::api::time::from_micros(self.host.now_micros())
    }
}
