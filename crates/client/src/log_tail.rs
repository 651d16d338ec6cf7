//! The last part of a long log, read before all that comes before it.

use std::pin::pin;

use futures::future::{Either, select};
use tonic::Streaming;

use super::{CallError, Clock, log_stream::next_batch, logs::LogReader};
use crate::api::{
    LOG_FROM_NOW,
    jobs::{LogMessage, ReadProjectJobLogsResponse},
};

/// A shorter log is read as a whole in no time.
const LONG_BYTES: i64 = 1 << 20;
/// So much of its end is read.
const TAIL_BYTES: i64 = 64 << 10;
/// Who says nothing for so long will not say where the log ends.
const PATIENCE_MS: u32 = 3000;

/// The end of a log.
#[derive(Debug, PartialEq)]
pub struct Tail {
    /// Offset of its first byte.
    pub begin: u64,
    /// Offset behind its last byte.
    pub end: u64,
    /// Its content, from the beginning of a line on.
    pub messages: Vec<LogMessage>,
}

/// Reads the end of a log as it is now; `None` for a short one, and where the service does not count offsets in bytes.
///
/// # Errors
/// As in [`LogReader::read_logs`]. Nothing is tried again: whoever follows the log does that.
pub async fn read_tail(reader: &impl LogReader) -> Result<Option<Tail>, CallError> {
    let Some(mut from_now) = opened(reader, LOG_FROM_NOW).await? else {
        return Ok(None);
    };
    let end = next_batch(reader.clock(), &mut from_now, PATIENCE_MS)
        .await?
        .map_or(0, |first| first.offset);
    drop(from_now);
    if end < LONG_BYTES {
        return Ok(None);
    }
    let begin = end - TAIL_BYTES;
    let Some(mut stream) = opened(reader, begin).await? else {
        return Ok(None);
    };
    let mut tail = Tail {
        begin: begin.unsigned_abs(),
        end: begin.unsigned_abs(),
        messages: Vec::new(),
    };
    while tail.end < end.unsigned_abs() {
        let Some(batch) = next_batch(reader.clock(), &mut stream, PATIENCE_MS).await? else {
            return Ok(None);
        };
        tail.end += batch
            .logs
            .iter()
            .map(|message| message.content.len() as u64)
            .sum::<u64>();
        if batch.offset.unsigned_abs() != tail.end {
            return Ok(None);
        }
        tail.messages.extend(batch.logs);
    }
    tail.begin_with_line();
    Ok(Some(tail))
}

/// The log at `offset`, if it opens in time.
async fn opened(
    reader: &impl LogReader,
    offset: i64,
) -> Result<Option<Streaming<ReadProjectJobLogsResponse>>, CallError> {
    match select(pin!(reader.read_logs(offset)), pin!(reader.clock().sleep(PATIENCE_MS))).await {
        Either::Left((stream, _)) => stream.map(Some),
        Either::Right(_) => Ok(None),
    }
}

impl Tail {
    /// Leaves out what is left of the line that was cut.
    fn begin_with_line(&mut self) {
        if let Some(first) = self.messages.first_mut() {
            let cut = memchr::memchr(b'\n', &first.content).map_or(first.content.len(), |end| end + 1);
            first.content.drain(..cut);
            self.begin += cut as u64;
        }
    }
}
