//! The job service: one implementation of the API behind the traits [`Store`], [`Blobs`], [`Logs`],
//! [`Engine`] and [`Host`].
//!
//! It knows no disk, no network, no clock and no runtime of its own, so that it runs natively, in a
//! page, and under a test clock.

mod blobs;
mod engine;
mod host;
mod logs;
mod store;

pub use blobs::{Blobs, BlobsError};
pub use engine::{CancelMode, Engine, Outcome, Report, Task};
pub use host::Host;
pub use logs::{LogBatch, LogFrom, Logs, LogsError};
pub use store::{Cancellation, Change, JobQuery, JobRecord, OperationRecord, Store, StoreError};
