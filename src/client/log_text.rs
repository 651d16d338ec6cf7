//! Lines of a log, out of messages that end anywhere: in a line, in a letter.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::api::jobs::{LogMessage, StandardStream, log_message};

/// A longer line is broken, so that a program that never ends one cannot stop the page.
const MAX_LINE_BYTES: usize = 16 * 1024;

/// Files of the service itself that are tables, not text for people.
const TABLES: [&str; 2] = [".docker_stats.tsv", ".gpu_stats.tsv"];

/// Where a line comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
    /// A log file, by its path.
    File(String),
}

impl Source {
    /// The message's source; `None` for what is not a text for people.
    pub fn of(message: &LogMessage) -> Option<Self> {
        match message.source.as_ref()? {
            log_message::Source::StandardStream(stream) => match StandardStream::try_from(*stream).ok()? {
                StandardStream::Err => Some(Self::Err),
                _ => Some(Self::Out),
            },
            log_message::Source::FilePath(path) if TABLES.contains(&path.as_str()) => None,
            log_message::Source::FilePath(path) => Some(Self::File(path.clone())),
        }
    }
}

/// One line, without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it comes from.
    pub source: Source,
    /// Its text; bytes that are not UTF-8 stand as U+FFFD.
    pub text: String,
}

/// Lines changed since the last look.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Numbers of earlier lines whose text changed.
    pub changed: BTreeSet<u64>,
    /// Number of the first line that is new.
    pub first_new: u64,
}

#[derive(Debug, Default)]
struct OpenLine {
    number: Option<u64>,
    /// The first bytes of a letter whose rest has not come.
    letter: Vec<u8>,
    /// A carriage return was read: what comes next replaces the line, unless it is a line end.
    returned: bool,
}

/// The newest lines of a log. Lines are numbered from 0 in the order they began.
#[derive(Debug)]
pub struct LogText {
    lines: VecDeque<Line>,
    first: u64,
    max_lines: usize,
    open: BTreeMap<Source, OpenLine>,
    changed: BTreeSet<u64>,
    seen: u64,
}

impl LogText {
    /// An empty log that keeps the newest `max_lines` lines.
    pub fn new(max_lines: usize) -> Self {
        Self {
            lines: VecDeque::new(),
            first: 0,
            max_lines,
            open: BTreeMap::new(),
            changed: BTreeSet::new(),
            seen: 0,
        }
    }

    /// Adds a message.
    pub fn push(&mut self, message: &LogMessage) {
        let Some(source) = Source::of(message) else {
            return;
        };
        let mut open = self.open.remove(&source).unwrap_or_default();
        open.letter.extend_from_slice(&message.content);
        let bytes = std::mem::take(&mut open.letter);
        let whole = bytes.len() - unfinished_letter(&bytes);
        open.letter = bytes[whole..].to_vec();
        self.write(&source, &mut open, &String::from_utf8_lossy(&bytes[..whole]));
        self.open.insert(source, open);
    }

    /// Nothing more will come: letters whose end is missing are shown as such.
    pub fn finish(&mut self) {
        for (source, mut open) in std::mem::take(&mut self.open) {
            if !open.letter.is_empty() {
                let rest = String::from_utf8_lossy(&open.letter).into_owned();
                self.write(&source, &mut open, &rest);
            }
        }
    }

    fn write(&mut self, source: &Source, open: &mut OpenLine, text: &str) {
        for piece in text.split_inclusive(['\n', '\r']) {
            let (words, end) = match piece.as_bytes().last() {
                Some(b'\n') => (&piece[..piece.len() - 1], Some('\n')),
                Some(b'\r') => (&piece[..piece.len() - 1], Some('\r')),
                _ => (piece, None),
            };
            if !words.is_empty() || (end == Some('\n') && open.number.is_none()) {
                self.extend(source, open, words);
            }
            match end {
                Some('\n') => {
                    open.number = None;
                    open.returned = false;
                }
                Some(_) => open.returned = true,
                None => {}
            }
        }
    }

    fn extend(&mut self, source: &Source, open: &mut OpenLine, words: &str) {
        let first = self.first;
        let current = open
            .number
            .and_then(|number| number.checked_sub(first))
            .and_then(|at| self.lines.get_mut(usize::try_from(at).ok()?))
            .filter(|line| open.returned || line.text.len() + words.len() <= MAX_LINE_BYTES);
        if let (Some(line), Some(number)) = (current, open.number) {
            if std::mem::take(&mut open.returned) {
                line.text.clear();
            }
            line.text.push_str(words);
            if number < self.seen {
                self.changed.insert(number);
            }
            return;
        }
        open.returned = false;
        let mut rest = words;
        loop {
            let (text, more) = rest.split_at(rest.floor_char_boundary(MAX_LINE_BYTES));
            open.number = Some(self.first + self.lines.len() as u64);
            self.lines.push_back(Line {
                source: source.clone(),
                text: text.to_owned(),
            });
            if self.lines.len() > self.max_lines {
                self.lines.pop_front();
                self.first += 1;
            }
            if more.is_empty() {
                return;
            }
            rest = more;
        }
    }

    /// How many lines have begun.
    pub fn count(&self) -> u64 {
        self.first + self.lines.len() as u64
    }

    /// Number of the oldest line that is kept: so many earlier ones are gone.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The line `number`, if it is kept.
    pub fn line(&self, number: u64) -> Option<&Line> {
        let at = number.checked_sub(self.first)?;
        self.lines.get(usize::try_from(at).ok()?)
    }

    /// What changed since this was asked last.
    pub fn take_changes(&mut self) -> Changes {
        let count = self.count();
        let first_new = std::mem::replace(&mut self.seen, count).max(self.first);
        let mut changed = std::mem::take(&mut self.changed);
        changed.retain(|number| *number >= self.first);
        Changes { changed, first_new }
    }

    /// The newest `count` lines of `source`, oldest first.
    pub fn last_lines(&self, source: &Source, count: usize) -> Vec<String> {
        let newest = self.lines.iter().rev().filter(|line| line.source == *source);
        let mut texts: Vec<String> = newest.take(count).map(|line| line.text.clone()).collect();
        texts.reverse();
        texts
    }
}

/// How many bytes at the end of `bytes` begin a UTF-8 letter that is not whole yet.
fn unfinished_letter(bytes: &[u8]) -> usize {
    let tail = &bytes[bytes.len().saturating_sub(4)..];
    let Some(start) = tail.iter().rposition(|byte| byte & 0b1100_0000 != 0b1000_0000) else {
        return 0;
    };
    let letter = &tail[start..];
    match std::str::from_utf8(letter) {
        Err(error) if error.error_len().is_none() => letter.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(source: &Source, content: &[u8]) -> LogMessage {
        let source = match source {
            Source::Out => log_message::Source::StandardStream(StandardStream::Out as i32),
            Source::Err => log_message::Source::StandardStream(StandardStream::Err as i32),
            Source::File(path) => log_message::Source::FilePath(path.clone()),
        };
        LogMessage {
            source: Some(source),
            content: content.to_vec(),
            created_at: None,
        }
    }

    fn texts(log: &LogText) -> Vec<String> {
        (log.first()..log.count())
            .filter_map(|number| Some(log.line(number)?.text.clone()))
            .collect()
    }

    #[test]
    fn lines_do_not_depend_on_where_messages_end() {
        let text = "раз\r\n\r\nдва 🦀 10%\r20%\rготово\nхвост";
        for at in 0..=text.len() {
            let mut log = LogText::new(100);
            log.push(&message(&Source::Out, &text.as_bytes()[..at]));
            log.push(&message(&Source::Out, &text.as_bytes()[at..]));
            log.finish();
            assert_eq!(texts(&log), ["раз", "", "готово", "хвост"], "cut at {at}");
        }
    }

    #[test]
    fn streams_keep_their_own_open_line_and_letters() {
        let mut log = LogText::new(100);
        log.push(&message(&Source::Out, b"out \xd0"));
        log.push(&message(&Source::Err, b"warn\n"));
        assert_eq!(log.take_changes().first_new, 0);
        log.push(&message(&Source::Out, b"\xb0\nnext \xff\n"));
        log.push(&message(&Source::File(".gpu_stats.tsv".into()), b"1\t2\n"));
        assert_eq!(texts(&log), ["out а", "warn", "next \u{fffd}"]);
        let changes = log.take_changes();
        assert_eq!((changes.changed, changes.first_new), (BTreeSet::from([0]), 2));
        assert_eq!(log.last_lines(&Source::Out, 1), ["next \u{fffd}"]);
    }

    #[test]
    fn old_lines_go_and_endless_ones_are_broken() {
        let mut log = LogText::new(3);
        log.push(&message(&Source::Out, b"1\n2\n3\n4"));
        assert_eq!((log.first(), log.count()), (1, 4));
        log.push(&message(&Source::Out, &vec![b'x'; MAX_LINE_BYTES * 2]));
        assert_eq!(log.count(), 6);
        assert!(texts(&log).iter().all(|line| line.len() <= MAX_LINE_BYTES));
    }
}
