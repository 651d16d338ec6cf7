//! The lines of `.system.log` that tell of a job's phases, out of a log that is read from its first byte.

use jobsphere_lines::{Cutter, Long, Source};
use jobsphere_rules::{
    service_line::SYSTEM_LOG,
    timeline::{Mark, MarkAt},
};

use crate::api::jobs::LogMessage;

/// So many first bytes of a line tell whether it is one of them.
const MAX_LINE_BYTES: usize = 256;

/// Finds the marks while the log passes by.
#[derive(Debug)]
pub struct MarkReader {
    cutter: Cutter,
    marks: Vec<MarkAt>,
}

impl Default for MarkReader {
    fn default() -> Self {
        Self {
            cutter: Cutter::of(Source::File(SYSTEM_LOG.into()), Long::Cut(MAX_LINE_BYTES)),
            marks: Vec::new(),
        }
    }
}

impl MarkReader {
    /// Takes the next message of the log; whether it held a mark.
    pub fn push(&mut self, message: &LogMessage) -> bool {
        let before = self.marks.len();
        self.cutter.push(message, |_, line| {
            let mark = std::str::from_utf8(line.bytes).ok().and_then(Mark::of_line);
            self.marks.extend(mark.map(|mark| MarkAt {
                mark,
                time_ms: line.time_ms,
                offset: line.offset,
            }));
        });
        self.marks.len() > before
    }

    /// All that were found, in the order of the log.
    pub fn marks(&self) -> &[MarkAt] {
        &self.marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::{StandardStream, log_message};
    use jobsphere_rules::service_line::ServiceLine;

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
        let rest = format!(
            " job has come\nother\n{}\n",
            ServiceLine::SignalSent { signal: "2".into() }
        );
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
