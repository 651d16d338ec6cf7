//! Following a log: from an offset to the job's end, through lost connections, without a gap or a repeat.

use std::pin::pin;

use futures::future::{Either, select};
use tonic::{Code, Streaming};

use super::{CallError, Client, Clock, Transport, retry::Backoff};
use crate::{
    api::jobs::{JobStatus, LogMessage, ReadProjectJobLogsResponse},
    job::status,
};

/// The service sends an empty batch when the job is silent; a stream quiet for longer is a dead connection.
const SILENCE_LIMIT_MS: u32 = 45_000;
/// Pause after a stream that ended well although the job goes on.
const REOPEN_MS: u32 = 1000;

/// What happens while a log is followed.
#[derive(Debug)]
pub enum LogEvent {
    /// The service answers; messages may follow.
    Connected,
    /// The next messages, in order.
    Messages(Vec<LogMessage>),
    /// The connection is gone; it is tried again after the pause.
    Lost {
        /// What went wrong.
        error: CallError,
        /// The pause, in milliseconds.
        retry_ms: u32,
    },
    /// Everything there is has been read, and the job has ended.
    Ended,
    /// The log cannot be read, now or later.
    Failed(CallError),
}

/// Follows the job's log from `offset` and reports to `on_event`; ends after `Ended` or `Failed`.
///
/// `offset` moves with what was reported, so that a log that failed can be followed from there. To stop sooner, drop
/// the future.
pub async fn follow<T: Transport, C: Clock>(
    client: &Client<T, C>,
    job_id: &str,
    offset: &mut i64,
    mut on_event: impl FnMut(LogEvent),
) {
    follow_at_pace(client, job_id, offset, async |event| on_event(event)).await;
}

/// The same for who needs time for each event: no more is read until it is done, so that the service waits, too.
pub async fn follow_at_pace<T: Transport, C: Clock>(
    client: &Client<T, C>,
    job_id: &str,
    offset: &mut i64,
    mut on_event: impl AsyncFnMut(LogEvent),
) {
    let mut backoff = Backoff::default();
    let mut job_has_ended = false;
    loop {
        let error = match client.read_logs(job_id, *offset).await {
            Ok(mut stream) => {
                on_event(LogEvent::Connected).await;
                let verdict = read(client.clock(), &mut stream, async |batch| {
                    *offset = batch.offset;
                    backoff.reset();
                    if !batch.logs.is_empty() {
                        on_event(LogEvent::Messages(batch.logs)).await;
                    }
                })
                .await;
                drop(stream);
                match verdict {
                    // A stream opened after the job's end has told everything; an earlier one may have
                    // ended before the last lines were written.
                    Ok(()) if job_has_ended => return on_event(LogEvent::Ended).await,
                    Ok(()) => match client.job(job_id).await {
                        Ok(job) => {
                            job_has_ended = status::is_final(JobStatus::try_from(job.status).unwrap_or_default());
                            if !job_has_ended {
                                client.clock().sleep(REOPEN_MS).await;
                            }
                            continue;
                        }
                        Err(error) => error,
                    },
                    Err(error) => error,
                }
            }
            Err(error) => error,
        };
        if !error.is_transient() {
            return on_event(LogEvent::Failed(error)).await;
        }
        let retry_ms = backoff.next_ms();
        on_event(LogEvent::Lost { error, retry_ms }).await;
        client.clock().pause_before_retry(retry_ms).await;
    }
}

async fn read<C: Clock>(
    clock: &C,
    stream: &mut Streaming<ReadProjectJobLogsResponse>,
    mut on_batch: impl AsyncFnMut(ReadProjectJobLogsResponse),
) -> Result<(), CallError> {
    loop {
        let message = match select(pin!(stream.message()), pin!(clock.sleep(SILENCE_LIMIT_MS))).await {
            Either::Left((message, _)) => message?,
            Either::Right(_) => {
                return Err(CallError::new(
                    Code::Unavailable,
                    format!("nothing was heard for {} seconds", SILENCE_LIMIT_MS / 1000),
                ));
            }
        };
        match message {
            Some(batch) => on_batch(batch).await,
            None => return Ok(()),
        }
    }
}
