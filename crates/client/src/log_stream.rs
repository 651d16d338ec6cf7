//! A stream of a log, read as it comes. What lies between here and the service may hold its answers back until they are
//! long enough: then other calls succeed while nothing is heard of this one, which is no lost connection.

use std::pin::pin;

use futures::future::{Either, select};
use tonic::{Code, Streaming};

use super::{
    CallError, Clock,
    log_question::Stop,
    logs::{Heard, LogReader},
    slots::Slots,
};
use crate::api::jobs::ReadProjectJobLogsResponse;

/// A service that is there begins its answer sooner than this.
const BEGIN_MS: u32 = 5000;
/// Between two looks whether the service is still there, while its answer is held back.
const LOOK_MS: u32 = 15_000;
/// The service sends an empty batch when the job is silent; a stream quiet for longer is a dead connection.
const SILENCE_LIMIT_MS: u32 = 45_000;

/// Reads until the service ends the stream, or nobody looks any more.
pub(super) async fn stream(
    reader: &impl LogReader,
    slots: &impl Slots,
    offset: i64,
    hear: &mut impl AsyncFnMut(Heard),
) -> Result<Stop, CallError> {
    let mut unseen = pin!(slots.unseen());
    let mut stream = match select(unseen.as_mut(), pin!(open(reader, offset, hear))).await {
        Either::Left(_) => return Ok(Stop::More),
        Either::Right((stream, _)) => stream?,
    };
    hear(Heard::Opened).await;
    loop {
        let next = next_batch(reader.clock(), &mut stream, SILENCE_LIMIT_MS);
        match select(unseen.as_mut(), pin!(next)).await {
            Either::Left(_) => return Ok(Stop::More),
            Either::Right((Ok(Some(batch)), _)) => hear(Heard::Batch(batch)).await,
            Either::Right((Ok(None), _)) => return Ok(Stop::End),
            Either::Right((Err(error), _)) if error.code == Code::DeadlineExceeded => {
                // Where the service answers all the same, the stream is dead or held back; another one tells which.
                reader.has_ended().await?;
                return Ok(Stop::Quiet);
            }
            Either::Right((Err(error), _)) => return Err(error),
        }
    }
}

/// Opens the log, however long its answer is held back while the service answers other calls.
async fn open(
    reader: &impl LogReader,
    offset: i64,
    hear: &mut impl AsyncFnMut(Heard),
) -> Result<Streaming<ReadProjectJobLogsResponse>, CallError> {
    let mut opening = pin!(reader.read_logs(offset));
    let mut wait_ms = BEGIN_MS;
    loop {
        match select(opening.as_mut(), pin!(reader.clock().sleep(wait_ms))).await {
            Either::Left((stream, _)) => return stream,
            Either::Right(_) => {
                reader.has_ended().await?;
                hear(Heard::HeldBack).await;
                wait_ms = LOOK_MS;
            }
        }
    }
}

/// The next messages of an open log, `None` at its end; DEADLINE_EXCEEDED where nothing comes for so long.
pub(super) async fn next_batch(
    clock: &impl Clock,
    stream: &mut Streaming<ReadProjectJobLogsResponse>,
    silence_ms: u32,
) -> Result<Option<ReadProjectJobLogsResponse>, CallError> {
    match select(pin!(stream.message()), pin!(clock.sleep(silence_ms))).await {
        Either::Left((message, _)) => Ok(message?),
        Either::Right(_) => Err(CallError::new(
            Code::DeadlineExceeded,
            format!("nothing was heard for {} seconds", silence_ms / 1000),
        )),
    }
}
