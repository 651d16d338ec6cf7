//! Clients that end with their job: the published one reads the log beside it, in a thread that dies with the program.
//!
//! Such a program asks for the operation until it is done, and what its thread has not read by then is lost. So the
//! operation of a job that has just ended is answered when those who follow its log have had time to read it.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::{
    StreamExt,
    future::{Either, select},
};

use super::{Caller, JobService, active::ActiveJob, read_logs::LogAnswers};
use crate::api::{
    any,
    id::JobId,
    jobs::{ExecuteProjectJobMetadata, ReadProjectJobLogsResponse},
    operation::Operation,
    time,
};

/// Readers that have taken nothing for this time have stopped reading, and nobody waits for them.
const SILENT_MS: i64 = 3_000;
/// Nobody is waited for longer after the end of a job.
const LONGEST_MS: i64 = 60_000;
/// What a reader has been given reaches it within this time, on a machine that has much to do;
const ON_ITS_WAY: Duration = Duration::from_millis(150);
/// and then it is printed: the published client takes 20 µs a line and 0.1 µs a byte on an idle machine, and such a machine
/// may be four times as busy.
const TIME_A_LINE: Duration = Duration::from_micros(80);
const TIME_A_BYTE: Duration = Duration::from_nanos(400);
/// About as much as gRPC takes in before its reader asks for it: 4 to 5 MB were seen.
const TAKEN_IN_BYTES: usize = 6 << 20;
/// What is given at one time counts together up to this size.
const PART_BYTES: usize = 64 << 10;

/// Who follows the log of a job, and would lose its end.
#[derive(Default)]
pub(super) struct Readers {
    /// By the id of the caller: nobody waits for another's.
    of: Mutex<HashMap<String, Reading>>,
    /// Rung when a caller's last one has gone.
    gone: event_listener::Event,
}

/// The readers of one caller.
#[derive(Default)]
struct Reading {
    count: usize,
    /// When one of them last took something, or will have printed all it has been given, in milliseconds.
    busy_until_ms: i64,
}

impl Readers {
    fn of(&self) -> MutexGuard<'_, HashMap<String, Reading>> {
        self.of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of them, until it is dropped.
struct Reader {
    job: Arc<ActiveJob>,
    caller: String,
}

impl Reader {
    fn new(job: Arc<ActiveJob>, caller: String) -> Self {
        job.readers.of().entry(caller.clone()).or_default().count += 1;
        Self { job, caller }
    }

    fn is_busy_until(&self, ms: i64) {
        if let Some(reading) = self.job.readers.of().get_mut(&self.caller) {
            reading.busy_until_ms = reading.busy_until_ms.max(ms);
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let mut of = self.job.readers.of();
        let Some(reading) = of.get_mut(&self.caller) else {
            return;
        };
        reading.count -= 1;
        if reading.count == 0 {
            of.remove(&self.caller);
            self.job.readers.gone.notify(usize::MAX);
        }
    }
}

/// What a reader has been given and has not printed yet, by a cautious guess.
#[derive(Debug, Default)]
struct Unread {
    /// Bytes, and how long they take; as many as can lie before the reader.
    parts: VecDeque<(usize, Duration)>,
    bytes: usize,
    /// When all of it would be printed if all of it lay there, in milliseconds.
    printed_at_ms: i64,
}

impl Unread {
    fn give(&mut self, answer: &ReadProjectJobLogsResponse, now_ms: i64) {
        let contents = answer.logs.iter().map(|message| message.content.as_slice());
        let (bytes, lines) = contents.fold((0, 0), |(bytes, lines), content| {
            (
                bytes + content.len(),
                lines + content.iter().filter(|byte| **byte == b'\n').count(),
            )
        });
        let time = TIME_A_LINE * lines as u32 + TIME_A_BYTE * bytes as u32;
        self.printed_at_ms = self.printed_at_ms.max(now_ms) + time.as_millis() as i64;
        self.bytes += bytes;
        match self.parts.back_mut().filter(|part| part.0 + bytes <= PART_BYTES) {
            Some(part) => *part = (part.0 + bytes, part.1 + time),
            None => self.parts.push_back((bytes, time)),
        }
        while let Some(first) = self
            .parts
            .front()
            .filter(|first| self.bytes - first.0 >= TAKEN_IN_BYTES)
        {
            self.bytes -= first.0;
            self.parts.pop_front();
        }
    }

    fn time_left(&self, now_ms: i64) -> Duration {
        let at_most: Duration = self.parts.iter().map(|(_, time)| *time).sum();
        let left = self.printed_at_ms.saturating_sub(now_ms);
        at_most.min(Duration::from_millis(left.try_into().unwrap_or(0)))
    }
}

impl JobService {
    /// The same answers, whose reader the end of the job waits for.
    pub(super) fn waited_for(&self, caller: &Caller, id: &JobId, answers: LogAnswers) -> LogAnswers {
        let reader = Reader::new(self.inner.active.get(id), caller.id.clone());
        let state = (answers, Some(reader), Unread::default());
        let host = self.host.clone();
        futures::stream::unfold(state, move |(mut answers, mut reader, mut unread)| {
            let host = host.clone();
            async move {
                let answer = answers.next().await;
                let now_ms = host.now_micros() / 1000;
                let Some(answer) = answer else {
                    let reader = reader.take().filter(|_| unread.bytes > 0)?;
                    let time_left = ON_ITS_WAY + unread.time_left(now_ms);
                    reader.is_busy_until(now_ms + time_left.as_millis() as i64);
                    host.clone().spawn(Box::pin(async move {
                        host.sleep(time_left).await;
                        drop(reader);
                    }));
                    return None;
                };
                if let (Ok(answer), Some(reader)) = (&answer, &reader) {
                    unread.give(answer, now_ms);
                    reader.is_busy_until(now_ms);
                }
                Some((answer, (answers, reader, unread)))
            }
        })
        .boxed()
    }

    /// Whether readers of the caller's follow the log of a job.
    pub(super) fn is_read(&self, caller: &Caller, (id, _): &(JobId, i64)) -> bool {
        self.inner.active.get(id).readers.of().contains_key(&caller.id)
    }

    /// Resolves when all of the caller's readers have read the log of a job that ended at this time, or soon.
    pub(super) async fn log_read(&self, caller: &Caller, (id, ended_ms): (JobId, i64)) {
        let job = self.inner.active.get(&id);
        loop {
            let gone = job.readers.gone.listen();
            let Some(busy_until_ms) = job.readers.of().get(&caller.id).map(|reading| reading.busy_until_ms) else {
                return;
            };
            let until_ms = (ended_ms.max(busy_until_ms) + SILENT_MS).min(ended_ms + LONGEST_MS);
            let Ok(rest @ 1..) = u64::try_from(until_ms - self.host.now_micros() / 1000) else {
                return;
            };
            match select(gone, self.host.sleep(Duration::from_millis(rest))).await {
                Either::Left(((), _)) | Either::Right(((), _)) => {}
            }
        }
    }
}

/// The job that `operation` has executed, and when it ended, in milliseconds.
pub(super) fn ended(operation: &Operation) -> Option<(JobId, i64)> {
    let packed = operation.metadata.as_ref().filter(|_| operation.done)?;
    let job = any::unpack::<ExecuteProjectJobMetadata>(packed).ok()?.metadata?;
    Some((JobId::parse(&job.id).ok()?, time::to_millis(&job.finished_at?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::LogMessage;

    fn lines(count: usize) -> ReadProjectJobLogsResponse {
        let message = LogMessage {
            content: b"a line of some bytes\n".repeat(count),
            ..Default::default()
        };
        ReadProjectJobLogsResponse {
            logs: vec![message],
            offset: 0,
        }
    }

    #[test]
    fn what_was_given_long_ago_is_printed() {
        let mut unread = Unread::default();
        unread.give(&lines(25_000), 0);
        assert_eq!(unread.time_left(0).as_millis(), 2210);
        assert_eq!(unread.time_left(1000).as_millis(), 1210);
        assert!(unread.time_left(5000).is_zero());
        unread.give(&lines(25_000), 6000);
        unread.give(&lines(25_000), 6000);
        assert_eq!(unread.time_left(6000).as_millis(), 4420);
    }

    #[test]
    fn no_more_lies_before_a_reader_than_it_takes_in() {
        let mut unread = Unread::default();
        for _ in 0..20_000 {
            unread.give(&lines(100), 0);
        }
        let left = unread.time_left(0).as_millis();
        assert!((26_000..28_000).contains(&left), "{left} ms for 6 MiB");
        assert!(unread.parts.len() < 120, "{}", unread.parts.len());
    }
}
