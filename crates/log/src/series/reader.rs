//! The numbers of a log out of its messages, for whoever keeps no lines.

use jobsphere_lines::{Canvas, Cutter, Line, Long, Source, Style, Trace, Watch, moves};

use super::SeriesSet;
use crate::{
    api::{jobs::LogMessage, time},
    told_progress::ToldProgress,
};

/// A longer line is no report of numbers; its bytes are passed over.
const MAX_LINE_BYTES: usize = 16 * 1024;

/// So many columns of a line that wrote over itself are read.
const MAX_COLUMNS: usize = 1000;
/// So many versions of a line that wrote over itself are read.
const MOST_VERSIONS: usize = 256;

/// Cuts messages into lines and their versions, and reads their numbers. Its memory is bounded by the number of names and sources.
#[derive(Debug)]
pub struct SeriesReader {
    log: SeriesSet,
    progress: ToldProgress,
    cutter: Cutter,
    began_ms: Option<i64>,
}

impl Default for SeriesReader {
    fn default() -> Self {
        Self {
            log: SeriesSet::default(),
            progress: ToldProgress::default(),
            cutter: Cutter::of_versions(Long::Skipped(MAX_LINE_BYTES)),
            began_ms: None,
        }
    }
}

impl SeriesReader {
    /// Takes the next message of the log.
    pub fn push(&mut self, message: &LogMessage) {
        let time_ms = message.created_at.as_ref().map_or(0, time::to_millis);
        self.began_ms.get_or_insert(time_ms);
        self.cutter.push(message, into(&mut self.log, &mut self.progress));
    }

    /// Nothing more will come: lines that did not end are lines.
    pub fn finish(&mut self) {
        self.cutter.finish(into(&mut self.log, &mut self.progress));
    }

    /// The numbers so far.
    pub fn log(&self) -> &SeriesSet {
        &self.log
    }

    /// How far the program is, in per cent, as far as its lines say.
    pub fn progress(&self) -> Option<u8> {
        self.progress.percent()
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

fn into(log: &mut SeriesSet, progress: &mut ToldProgress) -> impl FnMut(&Source, Line<'_>) {
    |source, line| {
        let is_service = matches!(source, Source::File(path) if path.starts_with('.'));
        if is_service {
            return log.push_line(source, line.time_ms, line.offset, line.bytes);
        }
        let mut hear = |text: &str| {
            log.push_text(source, line.time_ms, line.offset, text);
            progress.read(text);
        };
        if memchr::memchr2(jobsphere_lines::ESC, 0x08, line.bytes).is_none() {
            return hear(&String::from_utf8_lossy(line.bytes));
        }
        // Each version of a line that wrote over itself without a carriage return, and what is left.
        let mut trace = Trace::new(Style::default(), MAX_COLUMNS);
        if moves(line.bytes) {
            let mut versions = Versions {
                hear: &mut hear,
                left: MOST_VERSIONS,
            };
            trace.read(line.bytes, &mut versions);
        } else {
            trace.read(line.bytes, &mut ());
        }
        hear(&trace.drawn().text);
    }
}

/// Hears the texts of a line's versions.
struct Versions<'a, F> {
    hear: &'a mut F,
    left: usize,
}

impl<F: FnMut(&str)> Watch for Versions<'_, F> {
    fn version(&mut self, canvas: &Canvas) {
        if self.left > 0 {
            self.left -= 1;
            (self.hear)(&canvas.drawn().text);
        }
    }
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
    fn a_bar_is_read_over_its_whole_history() {
        let mut reader = SeriesReader::default();
        for step in 0..200_u32 {
            let bar = format!(
                "\rEpoch 1: {:3}%|##  | {step}/200 [00:01<00:10, 9.71it/s, bar_loss={:.4}]",
                step / 2,
                3.0 / f64::from(step + 1)
            );
            reader.push(&message(StandardStream::Err, bar.as_bytes(), i64::from(step) * 10));
        }
        reader.push(&message(StandardStream::Err, b"\n", 5000));
        let series = reader.log().take_all(500);
        let loss = points(&series, "bar_loss");
        assert_eq!((loss.len(), loss[0].1), (200, 3.0));
        assert!(
            loss.windows(2).all(|pair| pair[0].0 < pair[1].0),
            "each has the time of its own state"
        );
        assert_eq!(reader.progress(), Some(99));
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
