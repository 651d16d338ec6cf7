//! Reads a log from any offset.

// Everything here blocks.
#![allow(clippy::disallowed_methods)]

use std::{
    fs::File,
    io::{self, BufReader, Seek, SeekFrom},
    path::Path,
};

use jobsphere_service::{LogBatch, LogFrom, LogsError};

use super::{
    index::{self, Place},
    record::Record,
};

/// Goes over the whole records of a log; stops before one that is cut.
pub(super) struct Reader {
    /// `None` for a log that has no file yet.
    file: Option<BufReader<File>>,
    place: Place,
}

impl Reader {
    /// Begins at a record at or shortly before `offset`.
    pub(super) fn open(dir: &Path, offset: u64) -> io::Result<Self> {
        let file = match File::open(dir.join(super::FILE)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self {
                    file: None,
                    place: Place::default(),
                });
            }
            Err(error) => return Err(error),
        };
        let place = index::find(dir, offset)?;
        let mut file = BufReader::with_capacity(64 * 1024, file);
        file.seek(SeekFrom::Start(place.position))?;
        Ok(Self {
            file: Some(file),
            place,
        })
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Record>> {
        let Some(file) = &mut self.file else {
            return Ok(None);
        };
        let record = Record::read(file)?;
        if let Some(record) = &record {
            self.place = Place {
                offset: record.end(),
                position: self.place.position + record.length(),
            };
        }
        Ok(record)
    }
}

/// What [`jobsphere_service::Logs::read`] promises, for the log in `dir`.
pub(crate) fn read(dir: &Path, from: LogFrom, max_bytes: usize) -> Result<LogBatch, LogsError> {
    let unreadable = |error: io::Error| LogsError::Unreadable(error.to_string());
    let from = match from {
        LogFrom::Offset(offset) => offset,
        LogFrom::End => {
            let mut reader = Reader::open(dir, u64::MAX).map_err(unreadable)?;
            while reader.next().map_err(unreadable)?.is_some() {}
            reader.place().offset
        }
    };
    let mut reader = Reader::open(dir, from).map_err(unreadable)?;
    let mut batch = LogBatch {
        messages: Vec::new(),
        offset: from,
    };
    let mut bytes = 0;
    while reader.place().offset < from || bytes < max_bytes {
        let Some(mut record) = reader.next().map_err(unreadable)? else {
            break;
        };
        if record.end() <= from {
            continue;
        }
        if max_bytes == 0 {
            return Ok(batch);
        }
        let skipped = usize::try_from(from.saturating_sub(record.offset)).unwrap_or(usize::MAX);
        batch.offset = record.end();
        record.content.drain(..skipped.min(record.content.len()));
        bytes += record.content.len();
        batch.messages.push(record.into_message());
    }
    let end = reader.place().offset;
    if end < from {
        return Err(LogsError::BehindEnd { offset: from, end });
    }
    Ok(batch)
}
