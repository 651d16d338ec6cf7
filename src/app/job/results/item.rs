//! A file among the outputs: one of the job's, or one inside the archive of a folder.

use crate::{api::jobs::File, api::jobs::FileCompressionType, job::results::listing::Entry};

/// The file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    /// The job's file; the archive, for a file in one.
    pub(super) file: File,
    /// Which file of the archive.
    pub(super) entry: Option<Entry>,
}

impl Item {
    pub(super) fn of(file: File) -> Self {
        Self { file, entry: None }
    }

    /// Its path among the outputs.
    pub(super) fn path(&self) -> String {
        match &self.entry {
            Some(entry) => entry.path.clone(),
            None => path(&self.file),
        }
    }

    /// The last part of its path.
    pub(super) fn name(&self) -> String {
        let path = self.path();
        path.rsplit('/').next().unwrap_or_default().to_owned()
    }

    pub(super) fn size_bytes(&self) -> u64 {
        match &self.entry {
            Some(entry) => entry.size_bytes,
            None => size_bytes(&self.file),
        }
    }
}

/// The path of a job's file.
pub(super) fn path(file: &File) -> String {
    file.desc.as_ref().map(|desc| desc.path.clone()).unwrap_or_default()
}

pub(super) fn size_bytes(file: &File) -> u64 {
    u64::try_from(file.size_bytes).unwrap_or_default()
}

/// Whether it is a folder that travels as an archive.
pub(super) fn is_archive(file: &File) -> bool {
    file.compression_type() == FileCompressionType::Zip
}
