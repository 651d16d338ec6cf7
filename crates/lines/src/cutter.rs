//! Messages of a log become whole lines, for whoever does not keep them.

use super::{
    Source,
    cut::{Ends, Parts, pieces},
};
use crate::api::{jobs::LogMessage, time};

/// What becomes of a line that is longer than so many bytes, its end not counted: a program may never end one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Long {
    /// Its first bytes are told, when it ends.
    Cut(usize),
    /// It is broken into parts of this length, told as lines.
    Broken(usize),
    /// It is passed over.
    Skipped(usize),
}

impl Long {
    fn most_bytes(self) -> usize {
        match self {
            Self::Cut(most) | Self::Broken(most) | Self::Skipped(most) => most,
        }
    }
}

/// A line, or a part of a long one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Place of its first byte in the log.
    pub offset: u64,
    /// When its first byte was written; milliseconds since 1970.
    pub time_ms: i64,
    /// Its bytes without the line feed.
    pub bytes: &'a [u8],
    /// Whether it ends here: not where a long line is broken, and not where the log ends before it.
    pub has_end: bool,
}

/// Cuts messages into lines. Where messages end does not matter; of a line that is not open, nothing is copied.
///
/// A line is told when it ends. Memory is bounded by the number of sources and the length of a line.
#[derive(Debug)]
pub struct Cutter {
    long: Long,
    ends: Ends,
    /// This source is heard alone.
    only: Option<Source>,
    /// Bytes of content that have passed, of all sources.
    offset: u64,
    sources: Vec<(Source, Open)>,
}

impl Cutter {
    /// Hears all sources.
    pub fn new(long: Long) -> Self {
        Self {
            long,
            ends: Ends::Feed,
            only: None,
            offset: 0,
            sources: Vec::new(),
        }
    }

    /// Hears one source; the content of others counts for the place of its lines.
    pub fn of(source: Source, long: Long) -> Self {
        Self {
            only: Some(source),
            ..Self::new(long)
        }
    }

    /// The same for the versions of lines that a carriage return parts: each is told as a line when it ends.
    pub fn of_versions(long: Long) -> Self {
        Self {
            ends: Ends::FeedOrReturn,
            ..Self::new(long)
        }
    }

    /// Where the next message begins: how many bytes of content came, unless [`Cutter::go_to`] said otherwise.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The next message begins here.
    pub fn go_to(&mut self, offset: u64) {
        self.offset = offset;
    }

    /// Takes the next message of the log; `on_line` hears the lines that end with it.
    pub fn push(&mut self, message: &LogMessage, mut on_line: impl FnMut(&Source, Line<'_>)) {
        let mut offset = self.offset;
        self.offset += message.content.len() as u64;
        let Some(place) = self.place(message) else { return };
        let time_ms = message.created_at.as_ref().map_or(0, time::to_millis);
        let (source, open) = &mut self.sources[place];
        let on_line = &mut |line: Line<'_>| on_line(source, line);
        let (how, ends) = ((self.long, self.ends), self.ends);
        let parts = Parts::ending(&message.content, open.is_begun, ends);
        open.extend(parts.rest, offset, time_ms, how, on_line);
        offset += parts.rest.len() as u64;
        for bytes in pieces(parts.whole, ends) {
            if bytes.len() - 1 > self.long.most_bytes() {
                open.extend(bytes, offset, time_ms, how, on_line);
            } else {
                on_line(Line {
                    offset,
                    time_ms,
                    bytes: &bytes[..bytes.len() - 1],
                    has_end: true,
                });
            }
            offset += bytes.len() as u64;
        }
        open.extend(parts.begun, offset, time_ms, how, on_line);
    }

    /// Nothing more comes: lines that did not end are lines, in the order of their first bytes.
    pub fn finish(&mut self, mut on_line: impl FnMut(&Source, Line<'_>)) {
        let mut open: Vec<_> = self.sources.iter_mut().filter(|(_, open)| open.is_begun).collect();
        open.sort_unstable_by_key(|(_, open)| open.offset);
        for (source, open) in open {
            open.end(false, self.long, &mut |line| on_line(source, line));
        }
    }

    /// The message's source among those that are heard.
    fn place(&mut self, message: &LogMessage) -> Option<usize> {
        if self.only.as_ref().is_some_and(|only| !only.is_of(message)) {
            return None;
        }
        let known = self.sources.iter().position(|(source, _)| source.is_of(message));
        if known.is_none() {
            self.sources.push((Source::of(message)?, Open::default()));
        }
        known.or_else(|| self.sources.len().checked_sub(1))
    }
}

/// A line that has not ended.
#[derive(Debug, Default)]
struct Open {
    is_begun: bool,
    /// More bytes came than are kept.
    is_longer: bool,
    /// Its bytes, as far as they are kept.
    bytes: Vec<u8>,
    /// Where and when its first byte, or that of its part, was written.
    offset: u64,
    time_ms: i64,
}

impl Open {
    /// Takes what comes next, up to the line's end at most.
    fn extend(
        &mut self,
        piece: &[u8],
        mut offset: u64,
        time_ms: i64,
        (long, ends): (Long, Ends),
        on_line: &mut impl FnMut(Line<'_>),
    ) {
        let has_end = piece.last().is_some_and(|last| ends.has(*last));
        let mut bytes = &piece[..piece.len() - usize::from(has_end)];
        if !piece.is_empty() && !self.is_begun {
            self.begin(offset, time_ms);
        }
        while !bytes.is_empty() {
            let room = long.most_bytes() - self.bytes.len();
            let (kept, more) = bytes.split_at(room.min(bytes.len()));
            self.bytes.extend_from_slice(kept);
            if more.is_empty() {
                break;
            }
            if !matches!(long, Long::Broken(_)) {
                self.is_longer = true;
                break;
            }
            self.end(false, long, on_line);
            offset += kept.len() as u64;
            self.begin(offset, time_ms);
            bytes = more;
        }
        if has_end {
            self.end(true, long, on_line);
        }
    }

    fn begin(&mut self, offset: u64, time_ms: i64) {
        (self.is_begun, self.offset, self.time_ms) = (true, offset, time_ms);
    }

    fn end(&mut self, has_end: bool, long: Long, on_line: &mut impl FnMut(Line<'_>)) {
        if !self.is_longer || matches!(long, Long::Cut(_)) {
            on_line(Line {
                offset: self.offset,
                time_ms: self.time_ms,
                bytes: &self.bytes,
                has_end,
            });
        }
        self.bytes.clear();
        (self.is_begun, self.is_longer) = (false, false);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::api::jobs::{StandardStream, log_message};

    fn message(stream: StandardStream, content: &[u8], time_ms: i64) -> LogMessage {
        LogMessage {
            source: Some(log_message::Source::StandardStream(stream.into())),
            content: content.to_vec(),
            created_at: Some(time::from_millis(time_ms)),
        }
    }

    type Told = (Source, u64, i64, Vec<u8>, bool);

    fn lines(cutter: &mut Cutter, messages: &[LogMessage]) -> Vec<Told> {
        let mut told = Vec::new();
        let mut hear = |source: &Source, line: Line<'_>| {
            told.push((
                source.clone(),
                line.offset,
                line.time_ms,
                line.bytes.to_vec(),
                line.has_end,
            ));
        };
        for message in messages {
            cutter.push(message, &mut hear);
        }
        cutter.finish(hear);
        told
    }

    /// The same bytes, one to a message.
    fn byte_by_byte(messages: &[LogMessage]) -> Vec<LogMessage> {
        let of_message = |message: &LogMessage| {
            let LogMessage { source, created_at, .. } = message.clone();
            let content = message.content.clone().into_iter();
            content.map(move |byte| LogMessage {
                source: source.clone(),
                content: vec![byte],
                created_at,
            })
        };
        messages.iter().flat_map(of_message).collect()
    }

    #[test]
    fn a_line_has_the_place_and_the_time_of_its_first_byte() {
        let messages = [
            message(StandardStream::Out, b"one\ntw", 1),
            message(StandardStream::Err, b"err\nop", 2),
            message(StandardStream::Out, b"o\n\nth", 3),
        ];
        let line = |source, offset, time_ms, text: &[u8], has_end| (source, offset, time_ms, text.to_vec(), has_end);
        let expected = [
            line(Source::Out, 0, 1, b"one", true),
            line(Source::Err, 6, 2, b"err", true),
            line(Source::Out, 4, 1, b"two", true),
            line(Source::Out, 14, 3, b"", true),
            line(Source::Err, 10, 2, b"op", false),
            line(Source::Out, 15, 3, b"th", false),
        ];
        let mut cutter = Cutter::new(Long::Cut(100));
        assert_eq!(lines(&mut cutter, &messages), expected);
        assert_eq!(cutter.offset(), 17);
        let mut cutter = Cutter::of(Source::Err, Long::Cut(100));
        assert_eq!(
            lines(&mut cutter, &messages),
            [expected[1].clone(), expected[4].clone()]
        );
    }

    #[test]
    fn of_long_lines_becomes_what_was_said() {
        let messages = [message(StandardStream::Out, b"abc\nabcd\nabcdefgh\nabcdefg", 0)];
        for (long, expected) in [
            (Long::Cut(4), &["0 abc", "4 abcd", "9 abcd", "18 abcd"][..]),
            (Long::Skipped(4), &["0 abc", "4 abcd"]),
            (
                Long::Broken(4),
                &["0 abc", "4 abcd", "9 abcd", "13 efgh", "18 abcd", "22 efg"],
            ),
        ] {
            for messages in [messages.to_vec(), byte_by_byte(&messages)] {
                let told = lines(&mut Cutter::new(long), &messages);
                let told: Vec<_> = told
                    .iter()
                    .map(|(_, offset, _, bytes, _)| format!("{offset} {}", String::from_utf8_lossy(bytes)))
                    .collect();
                assert_eq!(told, expected, "{long:?}");
            }
        }
    }

    #[test]
    fn a_line_without_an_end_stays_bounded() {
        for long in [Long::Cut(1000), Long::Broken(1000), Long::Skipped(1000)] {
            let mut cutter = Cutter::new(long);
            for _ in 0..1000 {
                cutter.push(&message(StandardStream::Out, &[b'x'; 300], 0), |_, _| {});
            }
            assert!(cutter.sources.iter().all(|(_, open)| open.bytes.len() <= 1000));
        }
    }

    fn log() -> impl Strategy<Value = Vec<(bool, Vec<u8>)>> {
        let byte = prop_oneof![Just(b'\n'), Just(b'\r'), Just(b'x'), any::<u8>()];
        prop::collection::vec((any::<bool>(), prop::collection::vec(byte, 0..20)), 0..20)
    }

    proptest! {
        #[test]
        fn cut_at_every_byte_lines_are_the_same(log in log(), most in 1..12_usize) {
            let messages: Vec<_> = (0..).zip(&log).map(|(time_ms, (is_err, content))| {
                let stream = if *is_err { StandardStream::Err } else { StandardStream::Out };
                message(stream, content, time_ms)
            }).collect();
            for long in [Long::Cut(most), Long::Broken(most), Long::Skipped(most)] {
                let whole = lines(&mut Cutter::new(long), &messages);
                prop_assert_eq!(lines(&mut Cutter::new(long), &byte_by_byte(&messages)), whole);
            }
        }

        #[test]
        fn lines_are_those_of_the_bytes(content in prop::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..60)) {
            let told = lines(&mut Cutter::new(Long::Cut(100)), &[message(StandardStream::Out, &content, 0)]);
            let told: Vec<_> = told.iter().map(|(.., bytes, _)| bytes.as_slice()).collect();
            let expected: Vec<_> = content.split_inclusive(|byte| *byte == b'\n')
                .map(|line| line.strip_suffix(b"\n").unwrap_or(line))
                .collect();
            prop_assert_eq!(told, expected);
        }
    }
}
