//! A log that is read from any offset while it grows.

use jobsphere_service::{LogBatch, LogFrom, LogsError};

use super::{
    Content, LogSource,
    record::{self, HEADER_BYTES, Header, MAX_CONTENT_BYTES},
};

/// Distance of two remembered places, in bytes of the file.
const STEP_BYTES: u64 = 256 * 1024;
const MAX_LETTER_BYTES: usize = 4;
/// Read at once while a file is gone over.
const WINDOW_BYTES: usize = 256 * 1024;

/// A place where a record begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Place {
    /// Content before it.
    offset: u64,
    /// Bytes of the file before it.
    position: u64,
}

/// A log over its bytes.
#[derive(Debug)]
pub struct LogFile<C> {
    content: C,
    end: Place,
    /// Some places, in their order.
    places: Vec<Place>,
}

impl<C: Content> LogFile<C> {
    /// Goes over the records; what a crash has cut, or what is none, is dropped from there on.
    ///
    /// # Errors
    /// The browser's words.
    pub fn open(content: C) -> Result<Self, String> {
        let mut log = Self {
            content,
            end: Place::default(),
            places: Vec::new(),
        };
        let length = log.content.length()?;
        let mut window = Window::default();
        while let Some(header) = window.header(&mut log.content, log.end.position)? {
            let is_whole = log.end.position.saturating_add(header.length()) <= length;
            if !is_whole || header.offset != log.end.offset {
                break;
            }
            log.pass(&header);
        }
        if log.end.position < length {
            log.content.truncate(log.end.position)?;
        }
        Ok(log)
    }

    /// Bytes of content.
    pub fn end(&self) -> u64 {
        self.end.offset
    }

    /// Appends `content`, written at this time in microseconds since the epoch.
    ///
    /// # Errors
    /// The browser's words: of `content`, only a beginning may be there.
    pub fn append(&mut self, source: &LogSource, time_micros: i64, content: &[u8]) -> Result<(), String> {
        let mut rest = content;
        while !rest.is_empty() {
            let (part, behind) = rest.split_at(part_bytes(rest));
            rest = behind;
            let bytes = record::encode(source, time_micros, self.end.offset, part);
            self.content.write(self.end.position, &bytes)?;
            if let Some(header) = bytes.first_chunk().and_then(Header::read) {
                self.pass(&header);
            }
        }
        Ok(())
    }

    /// Puts all on stable storage.
    ///
    /// # Errors
    /// The browser's words.
    pub fn flush(&mut self) -> Result<(), String> {
        self.content.flush()
    }

    /// What [`jobsphere_service::Logs::read`] promises.
    ///
    /// # Errors
    /// [`LogsError`].
    pub fn read(&mut self, from: LogFrom, max_bytes: usize) -> Result<LogBatch, LogsError> {
        let (LogFrom::Offset(offset), end) = (from, self.end.offset) else {
            return Ok(LogBatch {
                messages: Vec::new(),
                offset: self.end.offset,
            });
        };
        if offset > end {
            return Err(LogsError::BehindEnd { offset, end });
        }
        let mut batch = LogBatch {
            messages: Vec::new(),
            offset,
        };
        let mut bytes = 0;
        let found = self.each(offset, |header, rest| {
            if bytes >= max_bytes {
                return false;
            }
            if header.end() > offset {
                let skipped = usize::try_from(offset.saturating_sub(header.offset)).unwrap_or(usize::MAX);
                let message = header.message(rest, skipped);
                batch.offset = header.end();
                bytes += message.content.len();
                batch.messages.push(message);
            }
            true
        });
        found.map(|()| batch).map_err(LogsError::Unreadable)
    }

    /// Gives every record to `each`: who wrote, and what.
    ///
    /// # Errors
    /// The browser's words.
    pub fn split(&mut self, mut each: impl FnMut(&LogSource, &[u8])) -> Result<(), String> {
        self.each(0, |header, rest| {
            each(&header.source(rest), rest.get(header.name_bytes..).unwrap_or_default());
            true
        })
    }

    /// Goes over the records from one at or shortly before `offset` on, until `each` has had enough.
    fn each(&mut self, offset: u64, mut each: impl FnMut(&Header, &[u8]) -> bool) -> Result<(), String> {
        let known = self.places.partition_point(|place| place.offset <= offset);
        let mut place = known
            .checked_sub(1)
            .and_then(|last| self.places.get(last))
            .copied()
            .unwrap_or_default();
        let mut window = Window::default();
        while place.position < self.end.position {
            let Some(header) = window.header(&mut self.content, place.position)? else {
                return Err("the file is not as it was written".into());
            };
            let rest = window.bytes(
                &mut self.content,
                place.position + HEADER_BYTES as u64,
                header.name_bytes + header.content_bytes,
            )?;
            if !each(&header, rest) {
                return Ok(());
            }
            place.position += header.length();
        }
        Ok(())
    }

    fn pass(&mut self, header: &Header) {
        let last = self.places.last().map_or(0, |place| place.position);
        self.end = Place {
            offset: header.end(),
            position: self.end.position + header.length(),
        };
        if self.end.position - last >= STEP_BYTES {
            self.places.push(self.end);
        }
    }
}

/// A part of the file in memory, so that small records do not cost a read each.
#[derive(Default)]
struct Window {
    begin: u64,
    bytes: Vec<u8>,
}

impl Window {
    fn header(&mut self, content: &mut impl Content, position: u64) -> Result<Option<Header>, String> {
        let bytes = self.bytes(content, position, HEADER_BYTES)?;
        Ok(bytes.first_chunk().and_then(Header::read))
    }

    /// `count` bytes from `position` on; fewer at the end of the file.
    fn bytes(&mut self, content: &mut impl Content, position: u64, count: usize) -> Result<&[u8], String> {
        let end = position + count as u64;
        if position < self.begin || end > self.begin + self.bytes.len() as u64 {
            self.bytes.resize(count.max(WINDOW_BYTES), 0);
            let read = content.read(position, &mut self.bytes)?;
            self.bytes.truncate(read);
            self.begin = position;
        }
        let begin = usize::try_from(position - self.begin).unwrap_or(usize::MAX);
        let rest = self.bytes.get(begin..).unwrap_or_default();
        Ok(rest.get(..count).unwrap_or(rest))
    }
}

/// How much of `content` one record takes: to the end of a line, or else of a letter.
fn part_bytes(content: &[u8]) -> usize {
    let Some(most) = content
        .get(..MAX_CONTENT_BYTES)
        .filter(|_| content.len() > MAX_CONTENT_BYTES)
    else {
        return content.len();
    };
    match most.iter().rposition(|byte| *byte == b'\n') {
        Some(last) => last + 1,
        None => {
            MAX_CONTENT_BYTES - unfinished_letter(most.get(MAX_CONTENT_BYTES - MAX_LETTER_BYTES..).unwrap_or_default())
        }
    }
}

/// Bytes at the end of `text` that begin a letter of UTF-8 whose rest is not there.
fn unfinished_letter(text: &[u8]) -> usize {
    let invalid = text.utf8_chunks().last().map_or(0, |chunk| chunk.invalid().len());
    match str::from_utf8(text.get(text.len() - invalid..).unwrap_or_default()) {
        // What could still become a letter has no length of an error.
        Err(error) if error.error_len().is_none() => invalid,
        _ => 0,
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
