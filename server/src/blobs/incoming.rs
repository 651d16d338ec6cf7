//! One file that is arriving: hashed as it is written, synced, and only then given its name.

// Everything here blocks.
#![allow(clippy::disallowed_methods)]

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use jobsphere_api::sha256::Sha256;
use sha2::Digest;
use tempfile::NamedTempFile;

/// What a file must turn out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// The digest of its content.
    pub sha256: Sha256,
    /// Its size.
    pub size_bytes: i64,
}

/// Why a file was not taken in. `Display` is a sentence for the sender.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Other bytes than were announced.
    #[error(
        "the bytes received have the SHA-256 {found}, not {expected}: the file changed, or was damaged on its way; send it again"
    )]
    OtherContent {
        /// What was announced.
        expected: Sha256,
        /// What arrived.
        found: Sha256,
    },
    /// More or fewer bytes than were announced.
    #[error("{found} bytes or more were received where {expected} were announced; send the file again")]
    OtherSize {
        /// What was announced.
        expected: i64,
        /// What arrived, at least.
        found: u64,
    },
    /// A part that does not begin where what is kept ends.
    #[error("the server keeps the first {kept} bytes of this file; send what comes behind them")]
    OtherOffset {
        /// Bytes that are kept.
        kept: u64,
    },
    /// Over the limit of one file.
    #[error("a file may have at most {0} bytes; keep larger ones where jobs can mount them")]
    TooLarge(i64),
    /// The connection ended before the file.
    #[error("the connection ended before the file did; send it again")]
    BrokenOff,
    /// The disk is full.
    #[error("the server's disk is full; free some space and send the file again")]
    DiskFull,
    /// The disk does not work.
    #[error("the server cannot store the file: {0}")]
    Disk(#[source] io::Error),
}

impl From<io::Error> for ReceiveError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Disk(error),
        }
    }
}

/// A temporary file that vanishes unless it is kept.
pub(super) struct Incoming {
    file: NamedTempFile,
    hasher: sha2::Sha256,
    size_bytes: u64,
}

impl Incoming {
    pub(super) fn create(dir: &Path) -> io::Result<Self> {
        Ok(Self {
            file: NamedTempFile::new_in(dir)?,
            hasher: sha2::Sha256::new(),
            size_bytes: 0,
        })
    }

    pub(super) fn write(&mut self, chunk: &[u8], announced: i64) -> Result<(), ReceiveError> {
        self.write_all(chunk)?;
        let size = i64::try_from(self.size_bytes).unwrap_or(i64::MAX);
        if size > announced {
            return Err(ReceiveError::OtherSize {
                expected: announced,
                found: self.size_bytes,
            });
        }
        Ok(())
    }

    /// The digest and size of what was written so far.
    pub(super) fn seen(&self) -> (Sha256, u64) {
        (Sha256::finish(self.hasher.clone()), self.size_bytes)
    }

    pub(super) fn keep(self, place: &Path, expected: &Expected) -> Result<(), ReceiveError> {
        let (found, size_bytes) = self.seen();
        if i64::try_from(size_bytes) != Ok(expected.size_bytes) {
            return Err(ReceiveError::OtherSize {
                expected: expected.size_bytes,
                found: size_bytes,
            });
        }
        if found != expected.sha256 {
            return Err(ReceiveError::OtherContent {
                expected: expected.sha256,
                found,
            });
        }
        Ok(self.place(place)?)
    }

    /// Gives the file its name, durably.
    pub(super) fn place(self, place: &Path) -> io::Result<()> {
        let folder = place.parent().ok_or(io::ErrorKind::InvalidInput)?;
        create_folder(folder)?;
        self.file.as_file().sync_all()?;
        self.file.persist(place)?;
        sync_folder(folder)
    }
}

/// Makes `folder` and what is missing above it, durably.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let parent = folder.parent().ok_or(io::ErrorKind::InvalidInput)?;
    create_folder(parent)?;
    match fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    sync_folder(parent)
}

/// Makes names given in `folder` survive a loss of power.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

impl Write for Incoming {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        let written = self.file.write(chunk)?;
        self.hasher.update(&chunk[..written]);
        self.size_bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
