//! One record of a log file: who wrote, when, where in the content, and the bytes.

use std::io::{self, Read};

use jobsphere_api::{
    jobs::{LogMessage, StandardStream, log_message::Source},
    time,
};

const MAGIC: u8 = 0xA7;
const HEADER_BYTES: usize = 24;

/// Most content of one record; what is longer becomes several.
pub(super) const MAX_CONTENT_BYTES: usize = 64 * 1024;

/// Who wrote.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogSource {
    /// The command's standard output.
    Out,
    /// The command's standard error.
    Err,
    /// A log file, by its path, such as `.system.log`.
    File(String),
}

impl LogSource {
    fn kind(&self) -> u8 {
        match self {
            Self::Out => 1,
            Self::Err => 2,
            Self::File(_) => 3,
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::File(path) => path,
            Self::Out | Self::Err => "",
        }
    }
}

/// A record as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) source: LogSource,
    pub(super) time_micros: i64,
    /// Bytes of content before this record.
    pub(super) offset: u64,
    pub(super) content: Vec<u8>,
}

impl Record {
    pub(super) fn encode(&self) -> Vec<u8> {
        let name = self.source.name().as_bytes();
        let mut bytes = Vec::with_capacity(HEADER_BYTES + name.len() + self.content.len());
        bytes.extend([MAGIC, self.source.kind()]);
        bytes.extend(u16::try_from(name.len()).unwrap_or(0).to_le_bytes());
        bytes.extend(u32::try_from(self.content.len()).unwrap_or(0).to_le_bytes());
        bytes.extend(self.time_micros.to_le_bytes());
        bytes.extend(self.offset.to_le_bytes());
        bytes.extend(name);
        bytes.extend(&self.content);
        bytes
    }

    /// The next record, or `None` at the end of what was written whole.
    pub(super) fn read(from: &mut impl Read) -> io::Result<Option<Self>> {
        let mut header = [0; HEADER_BYTES];
        if !fill(from, &mut header)? {
            return Ok(None);
        }
        let [magic, kind, n0, n1, l0, l1, l2, l3, rest @ ..] = header;
        let name_bytes = usize::from(u16::from_le_bytes([n0, n1]));
        let content_bytes = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        if magic != MAGIC || content_bytes > MAX_CONTENT_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "not a log record"));
        }
        let mut name = vec![0; name_bytes];
        let mut content = vec![0; content_bytes];
        if !fill(from, &mut name)? || !fill(from, &mut content)? {
            return Ok(None);
        }
        let mut numbers = rest.chunks_exact(8).map(|bytes| {
            let mut number = [0; 8];
            number.copy_from_slice(bytes);
            u64::from_le_bytes(number)
        });
        Ok(Some(Self {
            source: match kind {
                1 => LogSource::Out,
                2 => LogSource::Err,
                _ => LogSource::File(String::from_utf8_lossy(&name).into_owned()),
            },
            time_micros: numbers.next().unwrap_or(0).cast_signed(),
            offset: numbers.next().unwrap_or(0),
            content,
        }))
    }

    /// Bytes the record takes in the file.
    pub(super) fn length(&self) -> u64 {
        (HEADER_BYTES + self.source.name().len() + self.content.len()) as u64
    }

    /// Offset behind the record.
    pub(super) fn end(&self) -> u64 {
        self.offset + self.content.len() as u64
    }

    pub(super) fn into_message(self) -> LogMessage {
        LogMessage {
            content: self.content,
            created_at: Some(time::from_micros(self.time_micros)),
            source: Some(match self.source {
                LogSource::Out => Source::StandardStream(StandardStream::Out.into()),
                LogSource::Err => Source::StandardStream(StandardStream::Err.into()),
                LogSource::File(path) => Source::FilePath(path),
            }),
        }
    }
}

/// Whether all of `buffer` could be filled.
fn fill(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
