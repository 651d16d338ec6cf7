//! A file among the outputs: one of the job's, or one inside the archive of a folder.

use crate::api::jobs::{File, FileCompressionType};
use jobsphere_results::listing::Entry;

/// The file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    /// The job's file; the archive, for a file in one.
    pub(crate) file: File,
    /// Which file of the archive.
    pub(crate) entry: Option<Entry>,
}

impl Item {
    pub(crate) fn of(file: File) -> Self {
        Self { file, entry: None }
    }

    /// Its path among the outputs.
    pub(crate) fn path(&self) -> String {
        match &self.entry {
            Some(entry) => entry.path.clone(),
            None => path(&self.file),
        }
    }

    /// The last part of its path.
    pub(crate) fn name(&self) -> String {
        let path = self.path();
        path.rsplit('/').next().unwrap_or_default().to_owned()
    }

    pub(crate) fn size_bytes(&self) -> u64 {
        match &self.entry {
            Some(entry) => entry.size_bytes,
            None => size_bytes(&self.file),
        }
    }
}

/// The path of a job's file.
pub(crate) fn path(file: &File) -> String {
    file.desc.as_ref().map(|desc| desc.path.clone()).unwrap_or_default()
}

pub(crate) fn size_bytes(file: &File) -> u64 {
    u64::try_from(file.size_bytes).unwrap_or_default()
}

/// Whether it is a folder that travels as an archive.
pub(crate) fn is_archive(file: &File) -> bool {
    file.compression_type() == FileCompressionType::Zip
}
