//! Appends to a log.

// Everything here blocks.
#![allow(clippy::disallowed_methods)]

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use jobsphere_rules::service_line::ServiceLine;

use super::{
    index::{self, Place, STEP_BYTES},
    reader::Reader,
    record::{LogSource, MAX_CONTENT_BYTES, Record},
};

const MAX_LETTER_BYTES: usize = 4;

/// The service's own file in the log stream.
pub const SYSTEM_LOG: &str = ".system.log";

/// The one writer of a log at a time.
#[derive(Debug)]
pub struct LogWriter {
    dir: PathBuf,
    file: File,
    end: Place,
    indexed: u64,
}

impl LogWriter {
    /// Opens the log in `dir` behind its last whole record; a record that a crash cut is dropped.
    ///
    /// # Errors
    /// When the folder or file cannot be made, read or written.
    pub fn open(dir: &Path) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        let file = File::options().append(true).create(true).open(dir.join(super::FILE))?;
        let mut reader = Reader::open(dir, u64::MAX)?;
        let indexed = reader.place().position;
        while reader.next()?.is_some() {}
        let end = reader.place();
        file.set_len(end.position)?;
        Ok(Self {
            dir: dir.to_owned(),
            file,
            end,
            indexed,
        })
    }

    /// Appends `content`, written now.
    ///
    /// # Errors
    /// When the disk refuses it.
    pub fn append(&mut self, source: &LogSource, content: &[u8]) -> io::Result<()> {
        let mut rest = content;
        while !rest.is_empty() {
            let (part, behind) = rest.split_at(part_bytes(rest));
            rest = behind;
            let record = Record {
                source: source.clone(),
                time_micros: now_micros(),
                offset: self.end.offset,
                content: part.to_vec(),
            };
            self.file.write_all(&record.encode())?;
            self.end.offset = record.end();
            self.end.position += record.length();
            if self.end.position - self.indexed >= STEP_BYTES {
                index::append(&self.dir, self.end)?;
                self.indexed = self.end.position;
            }
        }
        Ok(())
    }

    /// Appends a line of the service's to its own log file. It is one that a page knows again.
    ///
    /// # Errors
    /// As [`LogWriter::append`].
    pub fn system(&mut self, line: &ServiceLine<'_>) -> io::Result<()> {
        // A name in it may hold the end of a line.
        self.quote(&line.to_string().replace(['\n', '\r'], " "))
    }

    /// Appends what a tool of the service has printed to the same file.
    ///
    /// # Errors
    /// As [`LogWriter::append`].
    pub fn quote(&mut self, line: &str) -> io::Result<()> {
        self.append(&LogSource::File(SYSTEM_LOG.into()), format!("{line}\n").as_bytes())
    }

    /// Puts everything on stable storage.
    ///
    /// # Errors
    /// When the disk refuses it.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }
}

/// How much of `content` one record takes: to the end of a line, or else of a letter.
fn part_bytes(content: &[u8]) -> usize {
    if content.len() <= MAX_CONTENT_BYTES {
        return content.len();
    }
    let most = &content[..MAX_CONTENT_BYTES];
    match most.iter().rposition(|byte| *byte == b'\n') {
        Some(last) => last + 1,
        None => MAX_CONTENT_BYTES - super::unfinished_letter(&most[MAX_CONTENT_BYTES - MAX_LETTER_BYTES..]),
    }
}

/// Microseconds since the epoch.
pub(crate) fn now_micros() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_micros().try_into().unwrap_or(i64::MAX))
}
