//! The numbers of a log out of its messages, for whoever keeps no lines.

use jobsphere_lines::{Cutter, Line, Long, Source};

use super::SeriesSet;
use crate::api::{jobs::LogMessage, time};

/// A longer line is no report of numbers; its bytes are passed over.
const MAX_LINE_BYTES: usize = 16 * 1024;

/// Cuts messages into lines, and reads their numbers. Its memory is bounded by the number of names and sources.
#[derive(Debug)]
pub struct SeriesReader {
    log: SeriesSet,
    cutter: Cutter,
    began_ms: Option<i64>,
}

impl Default for SeriesReader {
    fn default() -> Self {
        Self {
            log: SeriesSet::default(),
            cutter: Cutter::new(Long::Skipped(MAX_LINE_BYTES)),
            began_ms: None,
        }
    }
}

impl SeriesReader {
    /// Takes the next message of the log.
    pub fn push(&mut self, message: &LogMessage) {
        let time_ms = message.created_at.as_ref().map_or(0, time::to_millis);
        self.began_ms.get_or_insert(time_ms);
        self.cutter.push(message, into(&mut self.log));
    }

    /// Nothing more will come: lines that did not end are lines.
    pub fn finish(&mut self) {
        self.cutter.finish(into(&mut self.log));
    }

    /// The numbers so far.
    pub fn log(&self) -> &SeriesSet {
        &self.log
    }

    /// Bytes of content that came.
    pub fn bytes(&self) -> u64 {
        self.cutter.offset()
    }

    /// When the log began: time of its first message, milliseconds since 1970.
    pub fn began_ms(&self) -> Option<i64> {
        self.began_ms
    }
}

fn into(log: &mut SeriesSet) -> impl FnMut(&Source, Line<'_>) {
    |source, line| log.push_line(source, line.time_ms, line.offset, line.bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::jobs::{StandardStream, log_message},
        model::Series,
    };

    fn message(stream: StandardStream, content: &[u8], time_ms: i64) -> LogMessage {
        LogMessage {
            source: Some(log_message::Source::StandardStream(stream.into())),
            content: content.to_vec(),
            created_at: Some(time::from_millis(time_ms)),
        }
    }

    fn points(series: &[Series], name: &str) -> Vec<(i64, f64, u64)> {
        let found = series.iter().find(|series| series.name == name);
        let points = found.iter().flat_map(|series| &series.points);
        points.map(|point| (point.time_ms, point.value, point.offset)).collect()
    }

    #[test]
    fn numbers_are_the_same_wherever_messages_end() {
        let text = b"start\nloss=0.5 epoch=1\nloss=0.25 epoch=2\nloss=0.125";
        for at in 0..=text.len() {
            let mut reader = SeriesReader::default();
            reader.push(&message(StandardStream::Out, &text[..at], 1000));
            // What the other stream says between is no part of the line.
            reader.push(&message(StandardStream::Err, b"warn=7\n", 1000));
            reader.push(&message(StandardStream::Out, &text[at..], 1000));
            reader.finish();
            let series = reader.log().take_all(100);
            let values: Vec<f64> = points(&series, "loss").iter().map(|(_, value, _)| *value).collect();
            assert_eq!(values, [0.5, 0.25, 0.125], "cut at {at}");
            assert_eq!(points(&series, "warn").len(), 1);
            assert_eq!((reader.bytes(), reader.began_ms()), (text.len() as u64 + 7, Some(1000)));
        }
    }

    #[test]
    fn a_line_has_the_time_and_the_place_of_its_first_byte() {
        let mut reader = SeriesReader::default();
        reader.push(&message(StandardStream::Out, b"a\nlo", 1000));
        reader.push(&message(StandardStream::Out, b"ss=3\n", 2000));
        assert_eq!(points(&reader.log().take_all(10), "loss"), [(1000, 3.0, 2)]);
    }

    #[test]
    fn endless_lines_are_passed_over() {
        let mut reader = SeriesReader::default();
        for _ in 0..1000 {
            reader.push(&message(StandardStream::Out, &[b'x'; 4096], 0));
        }
        reader.push(&message(StandardStream::Out, b" loss=1\nloss=2\n", 0));
        assert_eq!(points(&reader.log().take_all(10), "loss").len(), 1);
    }
}
