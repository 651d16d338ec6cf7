//! The lines of one stream of a log, one after the other, with the place of each: for whoever reads a log without
//! keeping it.

use std::collections::VecDeque;

use jobsphere_client::{
    CallError, Clock,
    logs::{Following, Heard, LogReader, Next, Reach},
    slots::Slots,
};
use jobsphere_lines::{Cutter, Line, Long, Source, shown_text};

use crate::api::jobs::ReadProjectJobLogsResponse;

/// A longer line is broken, so that a program that never ends one cannot fill the memory.
const MAX_LINE_BYTES: usize = 68 * 1024;
/// So many failures in a row end the reading.
const MAX_FAILURES: u32 = 5;
/// So much is read at a time. In between no connection is held, since nobody knows when the next line is wanted.
const PART_BYTES: usize = 2 << 20;

/// A line, without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Where its first byte stands in the job's whole log.
    pub offset: i64,
    /// Its text, as it stood last: a carriage return lets a program write over it. Colours are left out; bytes that are
    /// not UTF-8 stand as U+FFFD.
    pub text: String,
}

/// Lines that come one after the other.
pub trait Lines {
    /// The next line; `None` at the end. Waits for a program that still runs.
    fn next(&mut self) -> impl Future<Output = Result<Option<LogLine>, CallError>>;

    /// The next line, unless it would have to be waited for.
    fn next_at_hand(&mut self) -> impl Future<Output = Result<Option<LogLine>, CallError>>;
}

/// The lines of one source that nobody has taken yet.
#[derive(Debug)]
struct Queue {
    cutter: Cutter,
    whole: VecDeque<LogLine>,
}

impl Queue {
    fn new(source: Source) -> Self {
        Self {
            cutter: Cutter::of(source, Long::Broken(MAX_LINE_BYTES)),
            whole: VecDeque::new(),
        }
    }

    /// Takes an answer, whose offset is that of its end.
    fn push_batch(&mut self, batch: &ReadProjectJobLogsResponse) {
        let length: usize = batch.logs.iter().map(|message| message.content.len()).sum();
        let end = u64::try_from(batch.offset).unwrap_or_default();
        self.cutter.go_to(end.saturating_sub(length as u64));
        for message in &batch.logs {
            self.cutter.push(message, into(&mut self.whole));
        }
    }

    /// Nothing more comes: what has no end is a line too.
    fn finish(&mut self) {
        self.cutter.finish(into(&mut self.whole));
    }
}

fn into(whole: &mut VecDeque<LogLine>) -> impl FnMut(&Source, Line<'_>) {
    |_, line| {
        whole.push_back(LogLine {
            offset: i64::try_from(line.offset).unwrap_or(i64::MAX),
            text: shown_text(line.bytes),
        });
    }
}

/// Reads one stream of a job's log from its beginning, through lost connections. Holds a part of it.
#[derive(Debug)]
pub struct LogCursor<R, P> {
    reader: R,
    slots: P,
    following: Following,
    queue: Queue,
    is_over: bool,
}

impl<R: LogReader, P: Slots> LogCursor<R, P> {
    /// A cursor before the first line of `source`.
    pub fn new(reader: R, slots: P, source: Source) -> Self {
        Self {
            reader,
            slots,
            following: Following::from(0),
            queue: Queue::new(source),
            is_over: false,
        }
    }

    /// Reads one more part; tries again where that may help.
    async fn advance(&mut self) -> Result<(), CallError> {
        let mut failures = 0;
        loop {
            let (reader, slots, queue) = (&self.reader, &self.slots, &mut self.queue);
            let hear = async |heard| {
                if let Heard::Batch(batch) = heard {
                    queue.push_batch(&batch);
                }
            };
            match self
                .following
                .read_on(reader, slots, Reach::Bytes(PART_BYTES), hear)
                .await
            {
                Next::More => return Ok(()),
                Next::Ended => {
                    self.is_over = true;
                    self.queue.finish();
                    return Ok(());
                }
                Next::Failed(error) => return Err(error),
                Next::Lost { error, retry_ms } => {
                    failures += 1;
                    if failures == MAX_FAILURES {
                        return Err(error);
                    }
                    reader.clock().pause_before_retry(retry_ms).await;
                }
            }
        }
    }
}

impl<R: LogReader, P: Slots> Lines for LogCursor<R, P> {
    async fn next(&mut self) -> Result<Option<LogLine>, CallError> {
        loop {
            match self.queue.whole.pop_front() {
                None if !self.is_over => self.advance().await?,
                line => return Ok(line),
            }
        }
    }

    async fn next_at_hand(&mut self) -> Result<Option<LogLine>, CallError> {
        if self.following.job_has_ended() {
            return self.next().await;
        }
        Ok(self.queue.whole.pop_front())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::{LogMessage, StandardStream, log_message};

    fn message(stream: StandardStream, content: &[u8]) -> LogMessage {
        LogMessage {
            source: Some(log_message::Source::StandardStream(stream.into())),
            content: content.to_vec(),
            created_at: None,
        }
    }

    fn lines(queue: Queue) -> Vec<(i64, String)> {
        queue.whole.into_iter().map(|line| (line.offset, line.text)).collect()
    }

    #[test]
    fn lines_know_their_place_wherever_messages_end() {
        let text = "раз\r\n\n10%\r20%\rготово\nхвост".as_bytes();
        for at in 0..=text.len() {
            let mut queue = Queue::new(Source::Out);
            // What the other stream writes between counts, and is not shown.
            let messages = [
                message(StandardStream::Out, &text[..at]),
                message(StandardStream::Err, b"warn\n"),
                message(StandardStream::Out, &text[at..]),
            ];
            queue.push_batch(&ReadProjectJobLogsResponse {
                logs: messages.into(),
                offset: 10 + text.len() as i64,
            });
            queue.finish();
            let shift = |place: usize| {
                if at > place {
                    place as i64 + 5
                } else {
                    place as i64 + 10
                }
            };
            let expected = [(0, "раз"), (8, ""), (9, "готово"), (30, "хвост")];
            let expected: Vec<_> = expected.map(|(place, text)| (shift(place), text.to_owned())).into();
            assert_eq!(lines(queue), expected, "cut at {at}");
        }
    }

    #[test]
    fn colours_are_left_out() {
        let text = "\u{1b}[1;31merror\u{1b}[0m: \u{1b}]8;;http://a\u{7}here\u{1b}(B\u{1b}[K";
        assert_eq!(shown_text(text.as_bytes()), "error: here");
        assert_eq!(shown_text(b"what is erased\x1b[2K"), "");
        assert_eq!(shown_text(b"plain"), "plain");
        assert_eq!(shown_text(b"cut \x1b[3"), "cut ");
    }

    #[test]
    fn endless_lines_are_broken() {
        let mut queue = Queue::new(Source::Err);
        for at in 0..100 {
            queue.push_batch(&ReadProjectJobLogsResponse {
                logs: vec![message(StandardStream::Err, &[b'x'; 4096])],
                offset: (at + 1) * 4096,
            });
        }
        assert!(queue.whole.len() >= 5);
        assert_eq!(queue.whole[1].offset, 17 * 4096);
    }
}
