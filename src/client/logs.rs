//! Following a log: from an offset to the job's end, through lost connections, without a gap or a repeat.

use std::pin::pin;

use futures::future::{Either, select};
use tonic::{Code, Streaming};

use super::{CallError, Client, Clock, Transport, retry::Backoff, shares::SharedClient};
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

/// A log that can be read from any offset, and whose job ends some day.
pub trait LogReader {
    /// How time passes.
    fn clock(&self) -> &impl Clock;

    /// Opens the log at `offset`.
    fn read_logs(&self, offset: i64) -> impl Future<Output = Result<Streaming<ReadProjectJobLogsResponse>, CallError>>;

    /// Whether the job has ended, so that its log does not grow.
    fn has_ended(&self) -> impl Future<Output = Result<bool, CallError>>;
}

/// The log of a job, for who may see the job.
#[derive(Debug, Clone)]
pub struct JobLog<T, C> {
    /// Who asks.
    pub client: Client<T, C>,
    /// Which job.
    pub job_id: String,
}

impl<T: Transport, C: Clock> LogReader for JobLog<T, C> {
    fn clock(&self) -> &impl Clock {
        self.client.clock()
    }

    async fn read_logs(&self, offset: i64) -> Result<Streaming<ReadProjectJobLogsResponse>, CallError> {
        self.client.read_logs(&self.job_id, offset).await
    }

    async fn has_ended(&self) -> Result<bool, CallError> {
        let job = self.client.job(&self.job_id).await?;
        Ok(status::is_final(JobStatus::try_from(job.status).unwrap_or_default()))
    }
}

impl<T: Transport, C: Clock> LogReader for SharedClient<T, C> {
    fn clock(&self) -> &impl Clock {
        SharedClient::clock(self)
    }

    async fn read_logs(&self, offset: i64) -> Result<Streaming<ReadProjectJobLogsResponse>, CallError> {
        SharedClient::read_logs(self, offset).await
    }

    async fn has_ended(&self) -> Result<bool, CallError> {
        Ok(status::is_final(self.open(true).await?.status()))
    }
}

/// Follows the job's log from `offset` and reports to `on_event`; ends after `Ended` or `Failed`.
///
/// `offset` moves with what was reported, so that a log that failed can be followed from there. To stop sooner, drop
/// the future.
pub async fn follow(reader: &impl LogReader, offset: &mut i64, mut on_event: impl FnMut(LogEvent)) {
    follow_at_pace(reader, offset, async |event| on_event(event)).await;
}

/// The same for who needs time for each event: no more is read until it is done, so that the service waits, too.
pub async fn follow_at_pace(reader: &impl LogReader, offset: &mut i64, mut on_event: impl AsyncFnMut(LogEvent)) {
    let mut backoff = Backoff::default();
    let mut job_has_ended = false;
    loop {
        let error = match reader.read_logs(*offset).await {
            Ok(mut stream) => {
                on_event(LogEvent::Connected).await;
                let verdict = read(reader.clock(), &mut stream, async |batch| {
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
                    Ok(()) => match reader.has_ended().await {
                        Ok(has_ended) => {
                            job_has_ended = has_ended;
                            if !job_has_ended {
                                reader.clock().sleep(REOPEN_MS).await;
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
        reader.clock().pause_before_retry(retry_ms).await;
    }
}

async fn read<C: Clock>(
    clock: &C,
    stream: &mut Streaming<ReadProjectJobLogsResponse>,
    mut on_batch: impl AsyncFnMut(ReadProjectJobLogsResponse),
) -> Result<(), CallError> {
    while let Some(batch) = next_batch(clock, stream, SILENCE_LIMIT_MS).await? {
        on_batch(batch).await;
    }
    Ok(())
}

/// The next messages of an open log, `None` at its end; UNAVAILABLE where nothing comes for so long.
pub(super) async fn next_batch(
    clock: &impl Clock,
    stream: &mut Streaming<ReadProjectJobLogsResponse>,
    silence_ms: u32,
) -> Result<Option<ReadProjectJobLogsResponse>, CallError> {
    match select(pin!(stream.message()), pin!(clock.sleep(silence_ms))).await {
        Either::Left((message, _)) => Ok(message?),
        Either::Right(_) => Err(CallError::new(
            Code::Unavailable,
            format!("nothing was heard for {} seconds", silence_ms / 1000),
        )),
    }
}
