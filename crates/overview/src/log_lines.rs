//! The lines of one stream of a log, one after the other, with the place of each: for whoever reads a log without
//! keeping it.

use std::collections::VecDeque;

use crate::api::jobs::{LogMessage, ReadProjectJobLogsResponse};
use jobsphere_client::{
    CallError, Clock,
    log_question::{Stop, ask},
    logs::{ASK_MS, Heard, LogReader},
    places::Places,
    retry::Backoff,
};
use jobsphere_log::words::Source;

/// A longer line is broken, so that a program that never ends one cannot fill the memory.
const MAX_LINE_BYTES: usize = 64 * 1024;
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

/// Cuts messages into the lines of one source.
#[derive(Debug)]
struct Cutter {
    source: Source,
    /// The bytes of the line that has no end yet, and where it began.
    open: Vec<u8>,
    began: i64,
    whole: VecDeque<LogLine>,
}

impl Cutter {
    fn new(source: Source) -> Self {
        Self {
            source,
            open: Vec::new(),
            began: 0,
            whole: VecDeque::new(),
        }
    }

    /// Takes a message whose first byte stands at `offset`.
    fn push(&mut self, message: &LogMessage, mut offset: i64) {
        if Source::of(message).as_ref() != Some(&self.source) {
            return;
        }
        for piece in message.content.split_inclusive(|byte| *byte == b'\n') {
            if self.open.is_empty() {
                self.began = offset;
            }
            self.open.extend_from_slice(piece);
            offset += piece.len() as i64;
            if piece.ends_with(b"\n") || self.open.len() > MAX_LINE_BYTES {
                self.end_line();
            }
        }
    }

    /// Takes an answer, whose offset is that of its end.
    fn push_batch(&mut self, batch: &ReadProjectJobLogsResponse) {
        let length: i64 = batch.logs.iter().map(|message| message.content.len() as i64).sum();
        let mut offset = batch.offset - length;
        for message in &batch.logs {
            self.push(message, offset);
            offset += message.content.len() as i64;
        }
    }

    fn end_line(&mut self) {
        let line = self.open.strip_suffix(b"\n").unwrap_or(&self.open);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let start = line.iter().rposition(|byte| *byte == b'\r').map_or(0, |at| at + 1);
        self.whole.push_back(LogLine {
            offset: self.began,
            text: without_escapes(&String::from_utf8_lossy(&line[start..])),
        });
        self.open.clear();
    }

    /// Nothing more comes: what has no end is a line too.
    fn finish(&mut self) {
        if !self.open.is_empty() {
            self.end_line();
        }
    }
}

/// A text without what moves a terminal's cursor and changes its colours.
fn without_escapes(text: &str) -> String {
    const ESCAPE: char = '\u{1b}';
    if !text.contains(ESCAPE) {
        return text.to_owned();
    }
    let mut pieces = text.split(ESCAPE);
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let rest = match piece.as_bytes().first() {
            Some(b'[') => piece[1..].split_once(|letter: char| ('@'..='~').contains(&letter)),
            Some(b']') => piece.split_once('\u{7}'),
            // A sequence of one letter, which may be the end of a string.
            _ => piece.char_indices().nth(1).map(|(at, _)| piece.split_at(at)),
        };
        plain.push_str(rest.map_or("", |(_, rest)| rest));
    }
    plain
}

/// Reads one stream of a job's log from its beginning, through lost connections. Holds a part of it.
#[derive(Debug)]
pub struct LogCursor<R, P> {
    reader: R,
    places: P,
    offset: i64,
    cutter: Cutter,
    /// Whether the job had ended before what was read last was asked for, which then tells everything.
    job_has_ended: bool,
    is_over: bool,
}

impl<R: LogReader, P: Places> LogCursor<R, P> {
    /// A cursor before the first line of `source`.
    pub fn new(reader: R, places: P, source: Source) -> Self {
        Self {
            reader,
            places,
            offset: 0,
            cutter: Cutter::new(source),
            job_has_ended: false,
            is_over: false,
        }
    }

    /// Reads one more part; tries again where that may help.
    async fn advance(&mut self) -> Result<(), CallError> {
        let mut backoff = Backoff::default();
        let mut failures = 0;
        loop {
            let error = match self.read_part().await {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            failures += 1;
            if failures == MAX_FAILURES || !error.is_transient() {
                return Err(error);
            }
            self.reader.clock().pause_before_retry(backoff.next_ms()).await;
        }
    }

    async fn read_part(&mut self) -> Result<(), CallError> {
        if !self.job_has_ended {
            self.job_has_ended = self.reader.has_ended().await?;
        }
        let Self {
            reader,
            places,
            cutter,
            offset,
            ..
        } = self;
        let (begin, turn) = (*offset, places.for_question().await);
        let stop = ask(reader, begin, PART_BYTES, &mut async |heard| {
            if let Heard::Batch(batch) = heard {
                cutter.push_batch(&batch);
                *offset = batch.offset;
            }
        })
        .await?;
        drop(turn);
        match stop {
            Stop::End if self.job_has_ended => {
                self.is_over = true;
                self.cutter.finish();
            }
            Stop::End | Stop::Quiet => self.reader.clock().pause_before_look(ASK_MS).await,
            Stop::More => {}
        }
        Ok(())
    }
}

impl<R: LogReader, P: Places> Lines for LogCursor<R, P> {
    async fn next(&mut self) -> Result<Option<LogLine>, CallError> {
        loop {
            match self.cutter.whole.pop_front() {
                None if !self.is_over => self.advance().await?,
                line => return Ok(line),
            }
        }
    }

    async fn next_at_hand(&mut self) -> Result<Option<LogLine>, CallError> {
        if self.job_has_ended {
            return self.next().await;
        }
        Ok(self.cutter.whole.pop_front())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::{StandardStream, log_message};

    fn message(stream: StandardStream, content: &[u8]) -> LogMessage {
        LogMessage {
            source: Some(log_message::Source::StandardStream(stream.into())),
            content: content.to_vec(),
            created_at: None,
        }
    }

    fn lines(cutter: Cutter) -> Vec<(i64, String)> {
        cutter.whole.into_iter().map(|line| (line.offset, line.text)).collect()
    }

    #[test]
    fn lines_know_their_place_wherever_messages_end() {
        let text = "раз\r\n\n10%\r20%\rготово\nхвост".as_bytes();
        for at in 0..=text.len() {
            let mut cutter = Cutter::new(Source::Out);
            cutter.push(&message(StandardStream::Out, &text[..at]), 5);
            // What the other stream writes between counts, and is not shown.
            cutter.push(&message(StandardStream::Err, b"warn\n"), 5 + at as i64);
            cutter.push(&message(StandardStream::Out, &text[at..]), 10 + at as i64);
            cutter.finish();
            let shift = |place: usize| {
                if at > place {
                    place as i64 + 5
                } else {
                    place as i64 + 10
                }
            };
            let expected = [(0, "раз"), (8, ""), (9, "готово"), (30, "хвост")];
            let expected: Vec<_> = expected.map(|(place, text)| (shift(place), text.to_owned())).into();
            assert_eq!(lines(cutter), expected, "cut at {at}");
        }
    }

    #[test]
    fn colours_are_left_out() {
        let text = "\u{1b}[1;31merror\u{1b}[0m: \u{1b}]8;;http://a\u{7}here\u{1b}(B\u{1b}[2K";
        assert_eq!(without_escapes(text), "error: hereB");
        assert_eq!(without_escapes("plain"), "plain");
        assert_eq!(without_escapes("cut \u{1b}[3"), "cut ");
    }

    #[test]
    fn endless_lines_are_broken() {
        let mut cutter = Cutter::new(Source::Err);
        for at in 0..100 {
            cutter.push(&message(StandardStream::Err, &[b'x'; 4096]), at * 4096);
        }
        assert!(cutter.whole.len() >= 5);
        assert_eq!(cutter.whole[1].offset, 17 * 4096);
    }
}
