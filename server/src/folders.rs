//! Folders that the server makes for others: it makes them empty, in a folder of its own, and gives them away once.

// Everything here blocks.
#![allow(clippy::disallowed_methods)]

use std::{
    fs::{self, Permissions},
    io,
    os::{
        fd::{AsRawFd, OwnedFd},
        unix::fs::{MetadataExt, PermissionsExt},
    },
    path::{Path, PathBuf},
};

use rustix::{
    fs::{AtFlags, CWD, Gid, Mode, OFlags, Uid, chownat, mkdirat, openat},
    process::geteuid,
};

use crate::{
    porter::{Opened, Porter, PorterError},
    sandbox::{self, Around, Mount, Sandbox, User},
};

/// For its owner alone.
pub(crate) const OWNER_ALONE: u32 = 0o700;
/// The group may read.
pub(crate) const GROUP_READS: u32 = 0o750;
/// The group may pass.
pub(crate) const GROUP_PASSES: u32 = 0o710;

/// Makes `folder`, whose parent is the server's own, for `user` or for the server itself; one that is there is left as
/// it is, with its owner, and false is answered.
///
/// # Errors
/// When something else is there, or the disk does not do it.
pub(crate) fn make(folder: &Path, user: Option<User>, mode: u32) -> io::Result<bool> {
    let is_given = user.is_some_and(|user| user.uid != geteuid().as_raw());
    if is_given && owner(folder).is_none() {
        // One that is empty and still the server's was made a moment before a crash. Another stays as it is.
        let _ = fs::remove_dir(folder);
    }
    let is_new = match mkdirat(CWD, folder, Mode::RWXU) {
        Ok(()) => true,
        Err(rustix::io::Errno::EXIST) => false,
        Err(error) => return Err(error.into()),
    };
    let opened = open_folder(folder)?;
    if is_new {
        if let Some(User { uid, gid, .. }) = user {
            chownat(
                &opened,
                c"",
                Some(Uid::from_raw(uid)),
                Some(Gid::from_raw(gid)),
                AtFlags::EMPTY_PATH,
            )?;
        }
        set_mode(&opened, mode)?;
    }
    Ok(is_new)
}

/// Opens a folder whose parent is the server's own, whatever its owner has made of its mode.
fn open_folder(folder: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(openat(CWD, folder, flags, Mode::empty())?)
}

fn set_mode(folder: &OwnedFd, mode: u32) -> io::Result<()> {
    // A descriptor of this kind has no mode to set; the one link that is followed leads to what it stands for.
    let path = format!("/proc/self/fd/{}", folder.as_raw_fd());
    fs::set_permissions(path, Permissions::from_mode(mode))
}

/// Gives a folder, whose parent is the server's own, the mode it was made with: its owner may have closed it to himself.
///
/// # Errors
/// When it is not there, or the disk does not do it.
pub(crate) fn reopen(folder: &Path, mode: u32) -> io::Result<()> {
    set_mode(&open_folder(folder)?, mode)
}

/// Makes `folder`, in one of the server's own, which stays the server's and which the group of `user` may pass.
///
/// # Errors
/// As [`make`].
pub(crate) fn make_way(folder: &Path, user: Option<User>) -> io::Result<()> {
    let me = user.map(|user| User {
        uid: geteuid().as_raw(),
        ..user
    });
    make(folder, me, if user.is_some() { GROUP_PASSES } else { OWNER_ALONE }).map(drop)
}

/// The project's user whose the folder is; `None` when it is another's, or not there.
pub(crate) fn owner(folder: &Path) -> Option<User> {
    User::of_owner(fs::symlink_metadata(folder).ok()?.uid())
}

/// Whether `folder` is one, and no link to one.
pub(crate) fn is_folder(folder: &Path) -> bool {
    fs::symlink_metadata(folder).is_ok_and(|found| found.is_dir())
}

/// A porter with the rights of `user` for folders that outlive a job.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn porter(around: &Around, user: Option<User>, folders: &[PathBuf]) -> io::Result<Porter> {
    let seen: Vec<Mount> = folders
        .iter()
        .enumerate()
        .map(|(number, folder)| Mount::writable(folder.clone(), format!("/run/porter/{number}").into()))
        .collect();
    Porter::start(around.sandbox, user, &seen, 0)
}

fn clear(around: &Around, user: Option<User>, folders: &[PathBuf]) -> Result<(), PorterError> {
    let mut porter = porter(around, user, folders)?;
    (0..folders.len()).try_for_each(|number| porter.clear(number))
}

/// Removes what is in `given` below `root`, which the server gave away, and then all of `root`.
///
/// What a porter cannot remove is not the job's, such as what an older version has put there; it goes in the same way,
/// by descriptors, without a link being followed or a mount crossed.
///
/// # Errors
/// When something stays.
pub(crate) fn remove(around: &Around, root: &Path, given: &[PathBuf]) -> io::Result<()> {
    empty(around, root, given);
    match Opened::at(root)
        .and_then(|opened| opened.clear())
        .and_then(|()| fs::remove_dir(root))
    {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes what is in `given` below `root`, which the server gave away, as far as porters can; those that were empty go.
pub(crate) fn empty(around: &Around, root: &Path, given: &[PathBuf]) {
    let mut full: Vec<(u32, PathBuf)> = Vec::new();
    for folder in given {
        // What is empty needs no porter.
        if fs::remove_dir(folder).is_err()
            && let Ok(found) = fs::symlink_metadata(folder)
            && found.is_dir()
            // What a server that has other users for jobs keeps for itself is not theirs.
            && !(sandbox::is_root() && around.sandbox != Sandbox::None && User::of_owner(found.uid()).is_none())
        {
            full.push((found.uid(), folder.clone()));
        }
    }
    full.sort();
    for of_one in full.chunk_by(|(one, _), (other, _)| one == other) {
        let folders: Vec<PathBuf> = of_one.iter().map(|(_, folder)| folder.clone()).collect();
        let user = of_one.first().and_then(|(uid, _)| User::of_owner(*uid));
        if let Err(error) = clear(around, user, &folders) {
            tracing::debug!("{} is not empty: {error}", root.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_folder_is_made_once_and_never_behind_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("folder");
        assert!(make(&folder, None, OWNER_ALONE).unwrap());
        assert!(!make(&folder, None, GROUP_READS).unwrap());
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, OWNER_ALONE);
        symlink(&folder, dir.path().join("link")).unwrap();
        assert!(make(&dir.path().join("link"), None, OWNER_ALONE).is_err());
    }
}
