//! The lines of `.system.log` that tell of a job's phases, out of a log that is read from its first byte.

use crate::api::{
    jobs::{LogMessage, log_message},
    time,
};
use jobsphere_rules::timeline::{Mark, MarkAt};

const SYSTEM_LOG: &str = ".system.log";
/// A longer line is not one of them.
const MAX_LINE_BYTES: usize = 256;

/// Finds the marks while the log passes by.
#[derive(Debug, Default)]
pub struct MarkReader {
    /// Bytes of content that have passed.
    offset: u64,
    /// The line that has not ended, where and when it began.
    line: Vec<u8>,
    began: Option<(u64, i64)>,
    marks: Vec<MarkAt>,
}

impl MarkReader {
    /// Takes the next message of the log; whether it held a mark.
    pub fn push(&mut self, message: &LogMessage) -> bool {
        let before = self.marks.len();
        let begin = self.offset;
        self.offset += message.content.len() as u64;
        let is_system = matches!(&message.source, Some(log_message::Source::FilePath(path)) if path == SYSTEM_LOG);
        if is_system {
            let time_ms = message.created_at.as_ref().map(time::to_millis).unwrap_or_default();
            let mut at = begin;
            for part in message.content.split_inclusive(|byte| *byte == b'\n') {
                self.take(part, at, time_ms);
                at += part.len() as u64;
            }
        }
        self.marks.len() > before
    }

    /// All that were found, in the order of the log.
    pub fn marks(&self) -> &[MarkAt] {
        &self.marks
    }

    fn take(&mut self, part: &[u8], at: u64, time_ms: i64) {
        let (offset, time_ms) = *self.began.get_or_insert((at, time_ms));
        let has_ended = part.ends_with(b"\n");
        let words = part.strip_suffix(b"\n").unwrap_or(part);
        let room = MAX_LINE_BYTES.saturating_sub(self.line.len());
        self.line.extend_from_slice(&words[..words.len().min(room)]);
        if has_ended {
            if let Some(mark) = std::str::from_utf8(&self.line).ok().and_then(Mark::of_line) {
                self.marks.push(MarkAt { mark, time_ms, offset });
            }
            self.line.clear();
            self.began = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::StandardStream;
    use jobsphere_rules::timeline;

    fn message(source: log_message::Source, content: &str, seconds: i64) -> LogMessage {
        LogMessage {
            content: content.as_bytes().to_vec(),
            created_at: Some(prost_types::Timestamp { seconds, nanos: 0 }),
            source: Some(source),
        }
    }

    #[test]
    fn marks_are_found_across_messages_and_only_in_the_system_log() {
        let system = || log_message::Source::FilePath(SYSTEM_LOG.into());
        let out = log_message::Source::StandardStream(StandardStream::Out.into());
        let mut reader = MarkReader::default();
        assert!(!reader.push(&message(system(), "The turn of the", 1)));
        assert!(!reader.push(&message(out, "The command has begun\n", 2)));
        let rest = format!(" job has come\nother\n{}\n", timeline::signal_sent(2));
        assert!(reader.push(&message(system(), &rest, 3)));
        let expected = [
            MarkAt {
                mark: Mark::Turn,
                time_ms: 1000,
                offset: 0,
            },
            MarkAt {
                mark: Mark::SignalSent(2),
                time_ms: 3000,
                offset: 15 + 22 + 14 + 6,
            },
        ];
        assert_eq!(reader.marks(), expected);
    }
}
