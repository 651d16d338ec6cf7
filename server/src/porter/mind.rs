//! Looks after a folder: measures it, makes it read-only, removes what is in it.

use std::{
    fs::{self, File, Permissions},
    io,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
};

use serde::{Deserialize, Serialize};
use walkdir::{DirEntry, WalkDir};

const READ_BITS: u32 = 0o444;
const RUN_BITS: u32 = 0o111;
const READ_AND_RUN_BITS: u32 = 0o555;
const OWNER_ALONE: u32 = 0o700;
/// Of a block, in `st_blocks`.
const BLOCK_BYTES: u64 = 512;
/// A folder is looked over so often, for what is still being written into it.
const ROUNDS: usize = 10;

/// What a folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Content {
    /// Files, links not counted.
    pub(crate) files: u64,
    /// Their sizes together, holes counted.
    pub(crate) size_bytes: u64,
    /// What everything takes of the disk.
    pub(crate) disk_bytes: u64,
}

/// Measures `folder`; what cannot be looked at is not counted.
pub(super) fn measure(folder: &Path) -> Content {
    let mut content = Content::default();
    for metadata in WalkDir::new(folder).into_iter().flatten().flat_map(|entry| entry.metadata()) {
        content.disk_bytes = content.disk_bytes.saturating_add(metadata.blocks().saturating_mul(BLOCK_BYTES));
        if metadata.is_file() {
            content.files += 1;
            content.size_bytes = content.size_bytes.saturating_add(metadata.len());
        }
    }
    content
}

/// Makes all in `folder` read-only and measures it; sockets, pipes and devices go. The folder itself stays writable,
/// because only such a folder can be moved.
///
/// # Errors
/// When something cannot be looked at or changed.
pub(super) fn seal(folder: &Path) -> io::Result<Content> {
    open_folders(folder);
    for entry in WalkDir::new(folder).min_depth(1) {
        let entry = entry?;
        let kind = entry.file_type();
        if kind.is_file() {
            part_from_other_names(&entry)?;
            let runs = entry.path().symlink_metadata()?.mode() & RUN_BITS != 0;
            let bits = if runs { READ_AND_RUN_BITS } else { READ_BITS };
            fs::set_permissions(entry.path(), Permissions::from_mode(bits))?;
        } else if !kind.is_dir() && !kind.is_symlink() {
            // It means nothing without the process that made it.
            fs::remove_file(entry.path())?;
        }
    }
    let content = measure(folder);
    for entry in WalkDir::new(folder).min_depth(1).contents_first(true) {
        let entry = entry?;
        if entry.file_type().is_dir() {
            fs::set_permissions(entry.path(), Permissions::from_mode(READ_AND_RUN_BITS))?;
        }
    }
    Ok(content)
}

/// A file that has another name, perhaps outside the folder, would change with it.
fn part_from_other_names(entry: &DirEntry) -> io::Result<()> {
    if entry.metadata()?.nlink() < 2 {
        return Ok(());
    }
    let folder = entry.path().parent().ok_or(io::ErrorKind::InvalidInput)?;
    let mut copy = tempfile::NamedTempFile::new_in(folder)?;
    io::copy(&mut File::open(entry.path())?, copy.as_file_mut())?;
    copy.as_file().set_permissions(entry.metadata()?.permissions())?;
    copy.persist(entry.path())?;
    Ok(())
}

/// Removes all in `folder`, also what is in read-only folders, however deep.
///
/// Nothing is ever done further down than in a folder of the folder: what lies deeper is moved up first. So no path
/// grows too long, and no depth takes descriptors or stack.
///
/// # Errors
/// Why something stays.
pub(super) fn clear(folder: &Path) -> io::Result<()> {
    let mut moved = 0;
    let mut left = Ok(());
    for _ in 0..ROUNDS {
        left = clear_once(folder, &mut moved);
        if left.is_ok() && fs::read_dir(folder)?.next().is_none() {
            break;
        }
    }
    left
}

fn clear_once(folder: &Path, moved: &mut u64) -> io::Result<()> {
    open(folder);
    let mut left = Ok(());
    // What is moved up while the folder is read may be told or not; it is seen again until there is nothing.
    loop {
        let mut is_moving = false;
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            match remove(&path, folder, moved) {
                Ok(has_moved) => is_moving |= has_moved,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => left = Err(error),
            }
        }
        if !is_moving {
            return left;
        }
    }
}

/// Removes a file or folder; folders in it move up into `top`, which is told.
fn remove(path: &Path, top: &Path, moved: &mut u64) -> io::Result<bool> {
    if !path.symlink_metadata()?.is_dir() {
        return fs::remove_file(path).map(|()| false);
    }
    open(path);
    let mut has_moved = false;
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            // A folder whose parent changes must be writable.
            open(&entry.path());
            rename_up(&entry.path(), top, moved)?;
            has_moved = true;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    fs::remove_dir(path).map(|()| has_moved)
}

fn rename_up(path: &Path, top: &Path, moved: &mut u64) -> io::Result<()> {
    loop {
        *moved += 1;
        let target = top.join(format!(".removed-{moved}"));
        if target.symlink_metadata().is_err() {
            return fs::rename(path, target);
        }
    }
}

/// Lets the owner into a folder, to change what is in it; what cannot be changed stays.
fn open(folder: &Path) {
    let _ = fs::set_permissions(folder, Permissions::from_mode(OWNER_ALONE));
}

/// The same for all folders below it.
fn open_folders(folder: &Path) {
    let mut closed = vec![folder.to_owned()];
    while let Some(folder) = closed.pop() {
        open(&folder);
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        closed.extend(folders.map(|entry| entry.path()));
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_is_deep_closed_or_a_link_goes_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let (folder, canary) = (dir.path().join("folder"), dir.path().join("canary"));
        fs::create_dir_all(&folder).unwrap();
        fs::create_dir_all(canary.join("inner")).unwrap();
        symlink(&canary, folder.join("link")).unwrap();
        fs::create_dir_all(folder.join("closed/in")).unwrap();
        symlink(&canary, folder.join("closed/in/link")).unwrap();
        fs::write(folder.join("closed/in/file"), "x").unwrap();
        fs::set_permissions(folder.join("closed/in"), Permissions::from_mode(0)).unwrap();
        fs::set_permissions(folder.join("closed"), Permissions::from_mode(0o500)).unwrap();
        // Deeper than any path can name.
        let name = "d".repeat(200);
        let mut deep = rustix::fs::open(&folder, rustix::fs::OFlags::DIRECTORY, rustix::fs::Mode::empty()).unwrap();
        for _ in 0..60 {
            rustix::fs::mkdirat(&deep, &name, rustix::fs::Mode::RWXU).unwrap();
            deep = rustix::fs::openat(&deep, &name, rustix::fs::OFlags::DIRECTORY, rustix::fs::Mode::empty()).unwrap();
        }
        clear(&folder).unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        assert!(canary.join("inner").is_dir());
    }

    #[test]
    fn a_sealed_folder_is_read_only_and_parted_from_other_names() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("made");
        fs::create_dir_all(folder.join("sub/empty")).unwrap();
        fs::write(folder.join("sub/a"), "abc").unwrap();
        fs::write(folder.join("run.sh"), "#!/bin/sh").unwrap();
        fs::set_permissions(folder.join("run.sh"), Permissions::from_mode(0o700)).unwrap();
        fs::set_permissions(folder.join("sub"), Permissions::from_mode(0)).unwrap();
        let elsewhere = dir.path().join("elsewhere");
        fs::write(&elsewhere, "first").unwrap();
        fs::hard_link(&elsewhere, folder.join("linked")).unwrap();
        symlink("sub/a", folder.join("link")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(folder.join("socket")).unwrap();

        let content = seal(&folder).unwrap();
        assert_eq!((content.files, content.size_bytes), (3, 17));
        fs::write(&elsewhere, "other").unwrap();
        assert_eq!(fs::read_to_string(folder.join("linked")).unwrap(), "first");
        assert_eq!(fs::read_to_string(folder.join("link")).unwrap(), "abc");
        assert!(!folder.join("socket").exists() && folder.join("sub/empty").is_dir());
        let mode = |path: &str| fs::metadata(folder.join(path)).unwrap().mode() & 0o777;
        assert_eq!(["sub", "sub/a", "run.sh", "linked"].map(mode), [0o555, 0o444, 0o555, 0o444]);
        seal(&folder).unwrap();
        clear(&folder).unwrap();
    }
}
