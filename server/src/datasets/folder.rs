//! A dataset's folder: put in its place, and removed. What is in it is the porter's business.

// Everything here blocks.
#![allow(clippy::disallowed_methods)]

use std::{
    fs::{self, File, Permissions},
    io,
    os::unix::fs::{PermissionsExt, lchown},
    path::Path,
};

use crate::{
    blobs::{create_folder, sync_folder},
    folders,
    sandbox::{Around, User},
};

const READ_AND_RUN_BITS: u32 = 0o555;

/// Gives `folder`, all in which is read-only, the name `place`, on stable storage and writable by nobody. Called again
/// after a crash in its middle, it does the rest.
pub(super) fn place(folder: &Path, place: &Path) -> io::Result<()> {
    if !folders::is_folder(place) {
        rustix::fs::syncfs(File::open(folder)?)?;
        let parent = place.parent().ok_or(io::ErrorKind::InvalidInput)?;
        if !parent.is_dir() {
            create_folder(parent)?;
            fs::set_permissions(parent, Permissions::from_mode(folders::OWNER_ALONE))?;
        }
        fs::rename(folder, place)?;
        sync_folder(parent)?;
    }
    // Not before: only a folder that may be written to can be moved.
    seal_top(place)
}

/// Makes the folder of a dataset the server's own and read-only. Its parent is the server's: nothing else can be in its
/// place.
///
/// # Errors
/// When the disk does not do it.
pub(crate) fn seal_top(folder: &Path) -> io::Result<()> {
    lchown(folder, Some(rustix::process::geteuid().as_raw()), None)?;
    fs::set_permissions(folder, Permissions::from_mode(READ_AND_RUN_BITS))
}

/// Removes `folder`, in which is what `user` has made.
pub(super) fn remove(around: &Around, folder: &Path, user: Option<User>) -> io::Result<()> {
    if !folders::is_folder(folder) {
        return Ok(());
    }
    if let Some(user) = user {
        lchown(folder, Some(user.uid), None)?;
    }
    folders::remove(around, folder, &[folder.to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::Sandbox;

    #[test]
    fn a_kept_folder_is_whole_and_read_only() {
        let dir = tempfile::tempdir().unwrap();
        let (folder, kept) = (dir.path().join("made"), dir.path().join("p/kept"));
        fs::create_dir_all(folder.join("sub/empty")).unwrap();
        fs::write(folder.join("sub/a"), "abc").unwrap();
        place(&folder, &kept).unwrap();
        place(&folder, &kept).unwrap();
        assert!(!folder.exists());
        assert_eq!(fs::read_to_string(kept.join("sub/a")).unwrap(), "abc");
        assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o555);
        let around = Around::new(Sandbox::None, dir.path().to_owned());
        remove(&around, &kept, None).unwrap();
        remove(&around, &kept, None).unwrap();
        assert!(!kept.exists());
    }
}
