//! What lies in a dataset's folder: measured, sealed, put in its place, and removed.

use std::{
    fs::{self, File, Permissions},
    io,
    os::unix::fs::{MetadataExt, PermissionsExt, lchown},
    path::Path,
};

use walkdir::{DirEntry, WalkDir};

use crate::blobs::{create_folder, sync_folder};

const READ_BITS: u32 = 0o444;
const RUN_BITS: u32 = 0o111;
const READ_AND_RUN_BITS: u32 = 0o555;
const OWNER_ALONE: u32 = 0o700;
const OWNER_WRITES: u32 = 0o755;

/// What a folder holds, links and folders not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Content {
    pub(crate) files: u64,
    pub(crate) size_bytes: u64,
}

/// Measures `folder`. Blocks.
///
/// # Errors
/// When something in it cannot be looked at.
pub(crate) fn content(folder: &Path) -> io::Result<Content> {
    let mut content = Content::default();
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        if entry.file_type().is_file() {
            content.files += 1;
            content.size_bytes += entry.metadata()?.len();
        }
    }
    Ok(content)
}

/// Gives `folder`, which was taken, the name `place`, on stable storage and writable by nobody. Called again after a crash in its middle, it does the rest.
pub(super) fn place(folder: &Path, place: &Path) -> io::Result<()> {
    if !place.is_dir() {
        for entry in WalkDir::new(folder).min_depth(1).contents_first(true) {
            let entry = entry?;
            if entry.file_type().is_dir() {
                fs::set_permissions(entry.path(), Permissions::from_mode(READ_AND_RUN_BITS))?;
            }
        }
        rustix::fs::syncfs(File::open(folder)?)?;
        let parent = place.parent().ok_or(io::ErrorKind::InvalidInput)?;
        if !parent.is_dir() {
            create_folder(parent)?;
            fs::set_permissions(parent, Permissions::from_mode(OWNER_ALONE))?;
        }
        fs::rename(folder, place)?;
        sync_folder(parent)?;
    }
    // Not before: only a folder that may be written to can be moved.
    fs::set_permissions(place, Permissions::from_mode(READ_AND_RUN_BITS))
}

/// Takes `folder` away from the command's user and makes its files read-only; sockets, pipes and devices go.
///
/// From the top down: once a folder is the server's, nobody can put a link in the place of what is in it.
pub(crate) fn take(folder: &Path) -> io::Result<()> {
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        let kind = fs::symlink_metadata(entry.path())?.file_type();
        if kind.is_file() {
            part_from_other_names(&entry)?;
        }
        own(entry.path())?;
        if kind.is_dir() {
            fs::set_permissions(entry.path(), Permissions::from_mode(OWNER_WRITES))?;
        } else if kind.is_file() {
            let runs = fs::symlink_metadata(entry.path())?.mode() & RUN_BITS != 0;
            let bits = if runs { READ_AND_RUN_BITS } else { READ_BITS };
            fs::set_permissions(entry.path(), Permissions::from_mode(bits))?;
        } else if !kind.is_symlink() {
            // It means nothing without the process that made it.
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// A file that has another name, perhaps outside the folder, would change with it.
fn part_from_other_names(entry: &DirEntry) -> io::Result<()> {
    if entry.metadata()?.nlink() < 2 {
        return Ok(());
    }
    let folder = entry.path().parent().ok_or(io::ErrorKind::InvalidInput)?;
    let copy = tempfile::NamedTempFile::new_in(folder)?;
    fs::copy(entry.path(), copy.path())?;
    copy.persist(entry.path())?;
    Ok(())
}

/// An owner could make it writable again.
fn own(path: &Path) -> io::Result<()> {
    let me = rustix::process::geteuid();
    if fs::symlink_metadata(path)?.uid() == me.as_raw() {
        return Ok(());
    }
    lchown(path, Some(me.as_raw()), None)
}

/// Removes `folder` with its read-only folders.
pub(super) fn remove(folder: &Path) -> io::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        if entry.file_type().is_dir() {
            fs::set_permissions(entry.path(), Permissions::from_mode(OWNER_ALONE))?;
        }
    }
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn a_kept_folder_is_whole_read_only_and_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let (folder, kept) = (dir.path().join("made"), dir.path().join("p/kept"));
        fs::create_dir_all(folder.join("sub/empty")).unwrap();
        fs::write(folder.join("sub/a"), "abc").unwrap();
        fs::write(folder.join("run.sh"), "#!/bin/sh").unwrap();
        fs::set_permissions(folder.join("run.sh"), Permissions::from_mode(0o700)).unwrap();
        let elsewhere = dir.path().join("elsewhere");
        fs::write(&elsewhere, "first").unwrap();
        fs::hard_link(&elsewhere, folder.join("linked")).unwrap();
        symlink("sub/a", folder.join("link")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(folder.join("socket")).unwrap();

        take(&folder).unwrap();
        assert_eq!(
            content(&folder).unwrap(),
            Content {
                files: 3,
                size_bytes: 17
            }
        );
        place(&folder, &kept).unwrap();
        place(&folder, &kept).unwrap();
        assert!(!folder.exists());
        fs::write(&elsewhere, "other").unwrap();
        assert_eq!(fs::read_to_string(kept.join("linked")).unwrap(), "first");
        assert_eq!(fs::read_to_string(kept.join("link")).unwrap(), "abc");
        assert!(!kept.join("socket").exists() && kept.join("sub/empty").is_dir());
        let modes = ["", "sub", "sub/a", "run.sh", "linked"].map(|path| mode(&kept.join(path)));
        assert_eq!(modes, [0o555, 0o555, 0o444, 0o555, 0o444]);

        remove(&kept).unwrap();
        remove(&kept).unwrap();
        assert!(!kept.exists());
    }
}
