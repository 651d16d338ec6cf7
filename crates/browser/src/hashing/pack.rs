//! The page's side of a folder's archive.

use web_sys::{Blob, File};

use super::{Answer, HashError, Hasher, Request, parse};
use crate::{
    api::sha256::Sha256,
    channel::{Beside, ChannelError},
};

/// A file or empty folder on its way into an archive, by its path there.
#[derive(Debug, Clone)]
pub struct PackEntry {
    /// Path inside the archive.
    pub path: String,
    /// Its content; `None` for an empty folder.
    pub file: Option<File>,
}

/// A folder's archive.
#[derive(Debug, Clone)]
pub struct Packed {
    /// Of the archive.
    pub sha256: Sha256,
    /// The archive; the contents of large files in it are read from the files when it is.
    pub archive: Blob,
}

impl Hasher {
    /// The archive of `entries`, which come in the order of their paths; `on_progress` hears how many bytes have been
    /// read and hashed, each of them counted twice.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn pack(&self, entries: &[PackEntry], on_progress: impl Fn(f64)) -> Result<Packed, HashError> {
        let entries = entries.iter().cloned();
        let entries = entries.map(|entry| (entry.path, entry.file.map(Beside))).collect();
        match self.ask(&Request::Pack(entries), on_progress).await?? {
            Answer::Packed(sha256, Beside(archive)) => Ok(Packed {
                sha256: parse(&sha256)?,
                archive,
            }),
            _ => Err(ChannelError::mistaken().into()),
        }
    }
}
