//! What a command prints, as messages of its log: each ends where a line does, if it can, and never within a letter.
//!
//! Programs write in blocks, and a block ends anywhere. What follows its last line is held for a moment, until the rest of
//! that line comes.

use std::{
    io,
    time::{Duration, Instant},
};

use super::pipes::Stream;
use crate::logs::{LogSource, LogWriter, unfinished_letter};

/// How long the beginning of a line waits for its end: a question or a bar that grows is seen too.
const WAIT: Duration = Duration::from_millis(100);
/// A beginning that is longer waits no more.
const MAX_HELD_BYTES: usize = 64 * 1024;

/// What was printed and is no message yet.
#[derive(Debug, Default)]
pub(super) struct Lines {
    held: [Held; 2],
}

#[derive(Debug, Default)]
struct Held {
    bytes: Vec<u8>,
    /// When it is a message, whatever comes; none when there is nothing but the beginning of a letter.
    due: Option<Instant>,
}

impl Lines {
    /// When something is due to be written though its line has not ended.
    pub(super) fn due(&self) -> Option<Instant> {
        self.held.iter().filter_map(|held| held.due).min()
    }

    /// Writes the lines that have ended. The streams stay in the order in which they were written to.
    ///
    /// # Errors
    /// When the disk refuses it.
    pub(super) fn add(&mut self, log: &mut LogWriter, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        self.write_held(log, stream.other())?;
        let held = &mut self.held[stream as usize];
        let ended = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let (lines, rest) = bytes.split_at(ended);
        if !lines.is_empty() {
            match held.bytes.is_empty() {
                true => log.append(&source(stream), lines)?,
                false => {
                    held.bytes.extend_from_slice(lines);
                    log.append(&source(stream), &held.bytes)?;
                    held.bytes.clear();
                }
            }
            held.due = None;
        }
        if rest.is_empty() {
            return Ok(());
        }
        held.bytes.extend_from_slice(rest);
        held.due.get_or_insert_with(|| Instant::now() + WAIT);
        match held.bytes.len() > MAX_HELD_BYTES {
            true => self.write_held(log, stream),
            false => Ok(()),
        }
    }

    /// Writes what has waited long enough.
    ///
    /// # Errors
    /// As [`Lines::add`].
    pub(super) fn write_due(&mut self, log: &mut LogWriter) -> io::Result<()> {
        let now = Instant::now();
        for stream in Stream::BOTH {
            if self.held[stream as usize].due.is_some_and(|due| due <= now) {
                self.write_held(log, stream)?;
            }
        }
        Ok(())
    }

    /// Writes all there is: nothing follows.
    ///
    /// # Errors
    /// As [`Lines::add`].
    pub(super) fn end(&mut self, log: &mut LogWriter) -> io::Result<()> {
        for stream in Stream::BOTH {
            let bytes = std::mem::take(&mut self.held[stream as usize]).bytes;
            if !bytes.is_empty() {
                log.append(&source(stream), &bytes)?;
            }
        }
        Ok(())
    }

    /// Writes what is held of a stream, but for a letter that has not ended.
    fn write_held(&mut self, log: &mut LogWriter, stream: Stream) -> io::Result<()> {
        let held = &mut self.held[stream as usize];
        held.due = None;
        let whole = held.bytes.len() - unfinished_letter(&held.bytes);
        if whole > 0 {
            log.append(&source(stream), &held.bytes[..whole])?;
            held.bytes.drain(..whole);
        }
        Ok(())
    }
}

fn source(stream: Stream) -> LogSource {
    match stream {
        Stream::Out => LogSource::Out,
        Stream::Err => LogSource::Err,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::tests::messages;

    #[test]
    fn messages_end_at_line_ends_and_never_in_a_letter() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = LogWriter::open(dir.path()).unwrap();
        let mut lines = Lines::default();
        let text = "строка 1\nстрока 2\nбез конца 😀".as_bytes();
        for part in text.chunks(5) {
            lines.add(&mut log, Stream::Out, part).unwrap();
        }
        assert_eq!(messages(dir.path()), ["строка 1\n", "строка 2\n"]);
        lines.add(&mut log, Stream::Out, &"ю".as_bytes()[..1]).unwrap();
        // The other stream speaks: what was there before stands before.
        lines.add(&mut log, Stream::Err, b"error\n").unwrap();
        lines.add(&mut log, Stream::Out, &"ю".as_bytes()[1..]).unwrap();
        assert_eq!(messages(dir.path())[2..], ["без конца 😀", "error\n"]);
        lines.end(&mut log).unwrap();
        assert_eq!(messages(dir.path())[4..], ["ю"]);
    }
}
