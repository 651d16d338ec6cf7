//! Where lines come from, and what is known of each source.

use super::{open::OpenLine, style::Style, words::Source};
use crate::api::jobs::{LogMessage, StandardStream, log_message};

/// Files of the service itself that are tables, not text for people.
const TABLES: [&str; 2] = [".docker_stats.tsv", ".gpu_stats.tsv"];

impl Source {
    /// The message's source; `None` for one that names none.
    pub fn of(message: &LogMessage) -> Option<Self> {
        Some(match message.source.as_ref()? {
            log_message::Source::StandardStream(stream) => match StandardStream::try_from(*stream) {
                Ok(StandardStream::Err) => Self::Err,
                _ => Self::Out,
            },
            log_message::Source::FilePath(path) => Self::File(path.clone()),
        })
    }

    /// Whether it is a table of the service, which is no text for people.
    pub fn is_table(&self) -> bool {
        matches!(self, Self::File(path) if TABLES.contains(&path.as_str()))
    }
}

/// What is known of a source.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) source: Source,
    pub(super) is_table: bool,
    /// Lines that have ended.
    pub(super) lines: u64,
    pub(super) bytes: u64,
    pub(super) errors: u64,
    /// Lines that were not kept, for lack of room.
    pub(super) lost_lines: u64,
    /// How letters look at the end of the last line.
    pub(super) style: Style,
    pub(super) open: Option<OpenLine>,
}

impl Stream {
    pub(super) fn new(source: Source) -> Self {
        Self {
            is_table: source.is_table(),
            source,
            lines: 0,
            bytes: 0,
            errors: 0,
            lost_lines: 0,
            style: Style::default(),
            open: None,
        }
    }
}

/// Says whether a message comes from a source, without a copy of its path.
pub(super) fn is_from(source: &Source, message: &log_message::Source) -> bool {
    match (source, message) {
        (Source::File(path), log_message::Source::FilePath(its)) => path == its,
        (Source::Err, log_message::Source::StandardStream(stream)) => *stream == StandardStream::Err as i32,
        (Source::Out, log_message::Source::StandardStream(stream)) => *stream != StandardStream::Err as i32,
        _ => false,
    }
}
