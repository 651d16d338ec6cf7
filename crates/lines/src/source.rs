//! Where lines come from.

use serde::{Deserialize, Serialize};

use crate::api::jobs::{LogMessage, StandardStream, log_message};

/// Files of the service itself that are tables, not text for people.
const TABLES: [&str; 2] = [".docker_stats.tsv", ".gpu_stats.tsv"];

/// Where a line comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Source {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
    /// A log file, by its path: `.system.log`, tables of the service, files of the program.
    File(String),
}

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

    /// Whether a message comes from it; without a copy of the message's path.
    pub fn is_of(&self, message: &LogMessage) -> bool {
        match (self, &message.source) {
            (Self::File(path), Some(log_message::Source::FilePath(its))) => path == its,
            (Self::Err, Some(log_message::Source::StandardStream(stream))) => *stream == StandardStream::Err as i32,
            (Self::Out, Some(log_message::Source::StandardStream(stream))) => *stream != StandardStream::Err as i32,
            _ => false,
        }
    }

    /// Whether it is a table of the service, which is no text for people.
    pub fn is_table(&self) -> bool {
        matches!(self, Self::File(path) if TABLES.contains(&path.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_of_its_source_alone() {
        let streams = [StandardStream::Unspecified, StandardStream::Out, StandardStream::Err];
        let streams = streams.map(|stream| log_message::Source::StandardStream(stream as i32));
        let files = ["a.log", ".gpu_stats.tsv"].map(|path| log_message::Source::FilePath(path.into()));
        let known = [
            Source::Out,
            Source::Err,
            Source::File("a.log".into()),
            Source::File(".gpu_stats.tsv".into()),
        ];
        for source in streams.into_iter().chain(files).map(Some).chain([None]) {
            let message = LogMessage {
                source,
                ..LogMessage::default()
            };
            let its = Source::of(&message);
            assert_eq!(known.iter().find(|source| source.is_of(&message)), its.as_ref());
        }
        assert_eq!(known.map(|source| source.is_table()), [false, false, false, true]);
    }
}
