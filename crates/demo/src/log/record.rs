//! One record: who wrote, when, where in the content, and the bytes.

use crate::api::{
    jobs::{LogMessage, StandardStream, log_message::Source},
    time,
};

const MAGIC: u8 = 0xA7;
pub(super) const HEADER_BYTES: usize = 24;

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

    fn of(kind: u8, name: &[u8]) -> Self {
        match kind {
            1 => Self::Out,
            2 => Self::Err,
            _ => Self::File(String::from_utf8_lossy(name).into_owned()),
        }
    }
}

impl From<LogSource> for Source {
    fn from(source: LogSource) -> Self {
        match source {
            LogSource::Out => Self::StandardStream(StandardStream::Out.into()),
            LogSource::Err => Self::StandardStream(StandardStream::Err.into()),
            LogSource::File(path) => Self::FilePath(path),
        }
    }
}

/// What stands before a record's name and content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    kind: u8,
    pub(super) name_bytes: usize,
    pub(super) content_bytes: usize,
    time_micros: i64,
    /// Bytes of content before this record.
    pub(super) offset: u64,
}

impl Header {
    /// `None` for what is no header.
    pub(super) fn read(bytes: &[u8; HEADER_BYTES]) -> Option<Self> {
        let [magic, kind, n0, n1, l0, l1, l2, l3, rest @ ..] = *bytes;
        let (time, offset) = rest.split_first_chunk::<8>()?;
        let content_bytes = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        (magic == MAGIC && content_bytes <= MAX_CONTENT_BYTES).then_some(Self {
            kind,
            name_bytes: usize::from(u16::from_le_bytes([n0, n1])),
            content_bytes,
            time_micros: i64::from_le_bytes(*time),
            offset: u64::from_le_bytes(*offset.first_chunk::<8>()?),
        })
    }

    /// Bytes of the whole record.
    pub(super) fn length(&self) -> u64 {
        (HEADER_BYTES + self.name_bytes + self.content_bytes) as u64
    }

    /// Offset behind the record.
    pub(super) fn end(&self) -> u64 {
        self.offset + self.content_bytes as u64
    }

    /// The message of the record whose name and content are `rest`, without the first `skipped` bytes of its content.
    pub(super) fn message(&self, rest: &[u8], skipped: usize) -> LogMessage {
        let (name, content) = rest.split_at_checked(self.name_bytes).unwrap_or_default();
        LogMessage {
            content: content.get(skipped..).unwrap_or_default().to_vec(),
            created_at: Some(time::from_micros(self.time_micros)),
            source: Some(LogSource::of(self.kind, name).into()),
        }
    }

    /// Who wrote, where `rest` begins with the name.
    pub(super) fn source(&self, rest: &[u8]) -> LogSource {
        LogSource::of(self.kind, rest.get(..self.name_bytes).unwrap_or_default())
    }
}

/// The bytes of a record.
pub(super) fn encode(source: &LogSource, time_micros: i64, offset: u64, content: &[u8]) -> Vec<u8> {
    let name = source.name().as_bytes();
    let name = name.get(..usize::from(u16::MAX)).unwrap_or(name);
    let mut bytes = Vec::with_capacity(HEADER_BYTES + name.len() + content.len());
    bytes.extend([MAGIC, source.kind()]);
    bytes.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
    bytes.extend(u32::try_from(content.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend(time_micros.to_le_bytes());
    bytes.extend(offset.to_le_bytes());
    bytes.extend(name);
    bytes.extend(content);
    bytes
}
