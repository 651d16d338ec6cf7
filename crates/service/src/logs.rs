//! The log of a job: append-only, with byte offsets.

use async_trait::async_trait;
use futures::stream::BoxStream;

use crate::api::{id::JobId, jobs::LogMessage};

/// Where to begin reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFrom {
    /// At this offset: bytes of content since the log's beginning, of all streams together.
    Offset(u64),
    /// After all that is there now.
    End,
}

/// Consecutive messages.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogBatch {
    /// The messages, none empty; nothing when nothing is there yet. A message that begins before the asked
    /// offset is cut, so that no byte is repeated.
    pub messages: Vec<LogMessage>,
    /// Where to read on.
    pub offset: u64,
}

/// Why a log could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LogsError {
    /// The offset lies behind the log's end.
    #[error("offset {offset} lies behind the end of the log ({end})")]
    BehindEnd {
        /// What was asked for.
        offset: u64,
        /// Where the log ends now.
        end: u64,
    },
    /// The bytes cannot be read.
    #[error("the log cannot be read: {0}")]
    Unreadable(String),
}

/// Reads what the engine writes.
#[async_trait]
pub trait Logs: Send + Sync {
    /// At most about `max_bytes` of content from `from`. A job without a log has an empty one.
    async fn read(&self, job: &JobId, from: LogFrom, max_bytes: usize) -> Result<LogBatch, LogsError>;

    /// Removes the log; one that is not there is fine.
    async fn remove(&self, job: &JobId) -> Result<(), LogsError>;

    /// The jobs that have a log, in no order.
    fn stored(&self) -> BoxStream<'static, JobId>;

    /// An item whenever the log may have grown since the last item was taken; the first at once.
    /// Signals that nobody took are merged into one.
    fn changes(&self, job: &JobId) -> BoxStream<'static, ()>;
}
