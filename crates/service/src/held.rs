//! What a command made and nobody named, as an engine that holds the folders of ended runs tells it.

use std::time::Duration;

use crate::api::jobs::File;

/// The unnamed files of a job, as long as its folder is held.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unnamed {
    /// Those that are told one by one; no two have one path.
    pub files: Vec<UnnamedFile>,
    /// The others.
    pub more: Amount,
    /// Caches and environments, which are not told.
    pub passed: Amount,
    /// When the folder goes at the latest, in microseconds since the epoch.
    pub until_micros: i64,
}

/// A file that no output names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnnamedFile {
    /// Its path in the working directory, as it may be shown.
    pub path: String,
    /// Its length.
    pub size_bytes: i64,
}

/// So many files, holding so many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    /// Files.
    pub count: i64,
    /// Their sizes together.
    pub bytes: i64,
}

/// What became of a file that was to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// Its path, as it was asked for.
    pub path: String,
    /// The file, stored in `Blobs`; or a sentence for the user that says why it is not.
    pub file: Result<File, String>,
}

/// Why none of the files can be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotHeld {
    /// The folder is gone.
    Gone,
    /// As many are being stored as may be at once; it may work after this time.
    Busy(Duration),
}
