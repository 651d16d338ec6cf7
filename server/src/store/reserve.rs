//! A file that takes space so that it can be given up: with it the end of what filled the disk can be written down.

// On a full disk, and for a moment.
#![allow(clippy::disallowed_methods)]

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use rustix::fs::{FallocateFlags, fallocate, statvfs};

const FILE: &str = "reserve";
const MOST_BYTES: u64 = 16 << 20;
/// Part of the disk that is kept at most.
const SHARE: u64 = 20;
/// It is taken again when so many times its size is free.
const AMPLE: u64 = 4;

/// The reserve of a data folder.
#[derive(Debug)]
pub(super) struct Reserve {
    path: PathBuf,
}

impl Reserve {
    /// Takes it, if there is space.
    pub(super) fn open(data_dir: &Path) -> Self {
        let reserve = Self {
            path: data_dir.join(FILE),
        };
        reserve.renew();
        reserve
    }

    /// Gives the space up; false when it was given up before.
    pub(super) fn release(&self) -> bool {
        let released = fs::remove_file(&self.path).is_ok();
        if released {
            tracing::warn!("the disk is full; the reserve is used to write down what must not be lost");
        }
        released
    }

    /// Takes the space again, once there is plenty.
    pub(super) fn renew(&self) {
        if !self.path.exists()
            && let Err(error) = self.take()
        {
            tracing::warn!("no space is kept in reserve: {error}");
        }
    }

    fn take(&self) -> io::Result<()> {
        let folder = self.path.parent().ok_or(io::ErrorKind::NotFound)?;
        let disk = statvfs(folder)?;
        let bytes = MOST_BYTES.min(disk.f_blocks * disk.f_frsize / SHARE);
        if disk.f_bavail * disk.f_frsize < bytes * AMPLE {
            return Ok(());
        }
        let file = File::create(&self.path)?;
        fallocate(&file, FallocateFlags::empty(), 0, bytes)?;
        Ok(())
    }
}
