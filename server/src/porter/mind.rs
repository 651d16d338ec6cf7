//! Looks after a folder: measures it, makes it read-only, removes what is in it.
//!
//! Everything goes by descriptors: a folder is opened once, and what is in it is named in the folder that is open. No
//! link is followed, and no mount crossed, so nothing outside is ever changed, whatever a command has made of the
//! names, and whatever rights this process has.

use std::{
    ffi::CStr,
    fs::File,
    io,
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd},
    path::Path,
};

use rustix::{
    fs::{
        AtFlags, CWD, Dir, FileType, Mode, OFlags, ResolveFlags, Stat, chmod, fstat, openat, openat2, renameat, statat,
        unlinkat,
    },
    io::Errno,
};
use serde::{Deserialize, Serialize};

const READ_BITS: u32 = 0o444;
const RUN_BITS: u32 = 0o111;
const READ_AND_RUN_BITS: u32 = 0o555;
const OWNER_ALONE: u32 = 0o700;
/// Others may write, or it runs as its owner or group.
const CHANGED_BY_OTHERS: u32 = 0o7022;
const CHANGED_BY_OWNER: u32 = 0o755;
/// Of a block, in `st_blocks`.
const BLOCK_BYTES: u64 = 512;
/// Folders in folders that are looked into; each takes a descriptor while what is below it is looked at.
pub(super) const MAX_DEPTH: usize = 300;
/// Names of a folder that are kept in mind while they are removed.
const BATCH: usize = 4096;

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

impl Content {
    /// The same, with no number over `most`.
    pub(super) fn at_most(self, most: u64) -> Self {
        Self {
            files: self.files.min(most),
            size_bytes: self.size_bytes.min(most),
            disk_bytes: self.disk_bytes.min(most),
        }
    }

    fn count(&mut self, found: &Stat) {
        let blocks = u64::try_from(found.st_blocks).unwrap_or_default();
        self.disk_bytes = self.disk_bytes.saturating_add(blocks.saturating_mul(BLOCK_BYTES));
        if kind(found) == FileType::RegularFile {
            self.files += 1;
            self.size_bytes = self
                .size_bytes
                .saturating_add(u64::try_from(found.st_size).unwrap_or_default());
        }
    }
}

/// A folder that is open; what was opened is what it stays.
#[derive(Debug)]
pub(crate) struct Opened(OwnedFd);

impl Opened {
    /// Opens the folder at `path`; a link to one is none.
    ///
    /// # Errors
    /// When it is something else, or not there.
    pub(crate) fn at(path: &Path) -> io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        readable(openat(CWD, path, flags, Mode::empty())?).map(Self)
    }

    pub(super) fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    /// Whether `path` leads to it, and not by a link.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        let found = statat(CWD, path, AtFlags::SYMLINK_NOFOLLOW);
        let same = |one: Stat, other: Stat| (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino);
        found.is_ok_and(|found| fstat(&self.0).is_ok_and(|opened| same(opened, found)))
    }

    /// Measures it; what cannot be looked at, or lies deeper than [`MAX_DEPTH`], is not counted.
    pub(super) fn measure(&self) -> Content {
        let mut content = Content::default();
        measure(self.0.as_fd(), 0, &mut content);
        content
    }

    /// Measures it, and makes all in it read-only unless it holds more than `most_bytes`; sockets, pipes and devices go.
    /// The folder itself stays writable, because only such a folder can be moved.
    ///
    /// # Errors
    /// When something cannot be looked at or changed, or lies deeper than [`MAX_DEPTH`].
    pub(super) fn seal(&self, most_bytes: u64) -> io::Result<Content> {
        let content = self.measure();
        if content.size_bytes > most_bytes {
            return Ok(content);
        }
        seal(self.0.as_fd(), 0)?;
        Ok(self.measure())
    }

    /// Takes the rights to change what is in it from everyone but its owner, and the bits that make a program run as
    /// its owner; measures it.
    ///
    /// # Errors
    /// When something cannot be looked at or changed, or lies deeper than [`MAX_DEPTH`].
    pub(super) fn close(&self) -> io::Result<Content> {
        let mut content = Content::default();
        close(self.0.as_fd(), 0, &mut content)?;
        Ok(content)
    }

    /// Removes all in it, also what is in read-only folders, however deep.
    ///
    /// Nothing is ever done further down than in a folder of the folder: what lies deeper is moved up first. So no
    /// depth takes descriptors or stack.
    ///
    /// # Errors
    /// Why something stays.
    pub(crate) fn clear(&self) -> io::Result<()> {
        let top = self.0.as_fd();
        let mut moved = 0;
        loop {
            let (mut removed, mut left) = (0_usize, Ok(()));
            for (name, _) in entries(top, BATCH)? {
                match remove(top, &name, &mut moved) {
                    Ok(()) => removed += 1,
                    Err(error) => left = Err(error),
                }
            }
            if removed == 0 {
                return left;
            }
        }
    }
}

type Name = std::ffi::CString;

/// The first names in a folder, and what they name, as far as it can be seen. All at once: they change while they are
/// read.
fn entries(folder: BorrowedFd<'_>, most: usize) -> io::Result<Vec<(Name, Stat)>> {
    let mut found = Vec::new();
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        let name: &CStr = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(_) if found.len() >= most => break,
            Ok(stat) => found.push((name.to_owned(), stat)),
            Err(Errno::NOENT) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found)
}

pub(super) fn kind(found: &Stat) -> FileType {
    FileType::from_raw_mode(found.st_mode)
}

/// What has this name in a folder, to be looked at or changed as a whole; neither behind a link nor on another mount.
pub(super) fn within(folder: BorrowedFd<'_>, name: &CStr, flags: OFlags) -> io::Result<OwnedFd> {
    let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_XDEV;
    match openat2(folder, name, flags, Mode::empty(), resolve) {
        // Before Linux 5.6, and in some containers: there another file system is known by its device.
        Err(Errno::NOSYS | Errno::PERM) => {
            let opened = openat(folder, name, flags, Mode::empty())?;
            match fstat(&opened)?.st_dev == fstat(folder)?.st_dev {
                true => Ok(opened),
                false => Err(Errno::XDEV.into()),
            }
        }
        opened => Ok(opened?),
    }
}

/// Sets the mode of what a descriptor without rights stands for.
pub(super) fn set_mode(what: &OwnedFd, mode: u32) -> io::Result<()> {
    // The one link that is followed leads to the descriptor itself.
    Ok(chmod(
        format!("/proc/self/fd/{}", what.as_raw_fd()),
        Mode::from_raw_mode(mode),
    )?)
}

/// Opens a folder for reading, and lets its owner in where he has locked himself out.
fn readable(folder: OwnedFd) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let may_all = |found: &Stat| found.st_mode & OWNER_ALONE == OWNER_ALONE;
    if !may_all(&fstat(&folder)?) {
        // One that is another's is as it is.
        let _ = set_mode(&folder, OWNER_ALONE);
    }
    Ok(openat(&folder, c".", flags, Mode::empty())?)
}

pub(super) fn open_folder(folder: BorrowedFd<'_>, name: &CStr) -> io::Result<OwnedFd> {
    readable(within(folder, name, OFlags::PATH | OFlags::DIRECTORY)?)
}

fn measure(folder: BorrowedFd<'_>, depth: usize, content: &mut Content) {
    for (name, found) in entries(folder, usize::MAX).unwrap_or_default() {
        content.count(&found);
        if kind(&found) == FileType::Directory && depth < MAX_DEPTH {
            let flags = OFlags::RDONLY | OFlags::DIRECTORY;
            if let Ok(below) = within(folder, &name, flags) {
                measure(below.as_fd(), depth + 1, content);
            }
        }
    }
}

fn check_depth(depth: usize) -> io::Result<()> {
    match depth > MAX_DEPTH {
        true => Err(io::Error::other(format!("its folders are more than {MAX_DEPTH} deep"))),
        false => Ok(()),
    }
}

fn close(folder: BorrowedFd<'_>, depth: usize, content: &mut Content) -> io::Result<()> {
    check_depth(depth)?;
    for (name, found) in entries(folder, usize::MAX)? {
        content.count(&found);
        if kind(&found) == FileType::Symlink {
            continue;
        }
        if found.st_mode & CHANGED_BY_OTHERS != 0 {
            set_mode(&within(folder, &name, OFlags::PATH)?, found.st_mode & CHANGED_BY_OWNER)?;
        }
        if kind(&found) == FileType::Directory {
            close(open_folder(folder, &name)?.as_fd(), depth + 1, content)?;
        }
    }
    Ok(())
}

fn seal(folder: BorrowedFd<'_>, depth: usize) -> io::Result<()> {
    check_depth(depth)?;
    for (name, found) in entries(folder, usize::MAX)? {
        match kind(&found) {
            FileType::Directory => {
                seal(open_folder(folder, &name)?.as_fd(), depth + 1)?;
                set_mode(&within(folder, &name, OFlags::PATH)?, READ_AND_RUN_BITS)?;
            }
            FileType::RegularFile => {
                let runs = found.st_mode & RUN_BITS != 0;
                let bits = if runs { READ_AND_RUN_BITS } else { READ_BITS };
                if found.st_nlink > 1 {
                    part_from_other_names(folder, &name)?;
                }
                set_mode(&within(folder, &name, OFlags::PATH)?, bits)?;
            }
            FileType::Symlink => {}
            // It means nothing without the process that made it.
            _ => unlinkat(folder, &name, AtFlags::empty())?,
        }
    }
    Ok(())
}

/// A file that has another name, perhaps outside the folder, would change with it: it becomes a copy.
fn part_from_other_names(folder: BorrowedFd<'_>, name: &CStr) -> io::Result<()> {
    let mut content = File::from(within(folder, name, OFlags::RDONLY | OFlags::NONBLOCK)?);
    for number in 0..u32::MAX {
        let other = Name::new(format!(".copied-{number}"))?;
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match openat(folder, &other, flags, Mode::RUSR | Mode::WUSR) {
            Ok(copy) => {
                io::copy(&mut content, &mut File::from(copy))?;
                return Ok(renameat(folder, &other, folder, name)?);
            }
            Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Removes what has this name in `top`; folders in it move up into `top`.
fn remove(top: BorrowedFd<'_>, name: &CStr, moved: &mut u64) -> io::Result<()> {
    match unlinkat(top, name, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => return Ok(()),
        // A folder.
        Err(Errno::ISDIR | Errno::PERM) => {}
        Err(error) => return Err(error.into()),
    }
    let folder = open_folder(top, name)?;
    loop {
        let batch = entries(folder.as_fd(), BATCH)?;
        if batch.is_empty() {
            return Ok(unlinkat(top, name, AtFlags::REMOVEDIR)?);
        }
        for (inner, found) in batch {
            if kind(&found) == FileType::Directory {
                // A folder whose parent changes must be writable.
                open_folder(folder.as_fd(), &inner)?;
                move_up(folder.as_fd(), &inner, top, moved)?;
                continue;
            }
            match unlinkat(&folder, &inner, AtFlags::empty()) {
                Ok(()) | Err(Errno::NOENT) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn move_up(from: BorrowedFd<'_>, name: &CStr, top: BorrowedFd<'_>, moved: &mut u64) -> io::Result<()> {
    loop {
        *moved += 1;
        let target = Name::new(format!(".removed-{moved}"))?;
        match statat(top, &target, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => return Ok(renameat(from, name, top, &target)?),
            _ => continue,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs::{self, Permissions},
        os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    };

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
        fs::set_permissions(folder.join("closed/in"), Permissions::from_mode(0o0)).unwrap();
        fs::set_permissions(folder.join("closed"), Permissions::from_mode(0o500)).unwrap();
        // Deeper than any path can name.
        let name = "d".repeat(200);
        let mut deep = openat(CWD, &folder, OFlags::DIRECTORY, Mode::empty()).unwrap();
        for _ in 0..600 {
            rustix::fs::mkdirat(&deep, &name, Mode::RWXU).unwrap();
            deep = openat(&deep, &name, OFlags::DIRECTORY, Mode::empty()).unwrap();
        }
        Opened::at(&folder).unwrap().clear().unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        assert!(canary.join("inner").is_dir());
    }

    #[test]
    fn what_is_closed_is_changed_by_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("bin/open")).unwrap();
        fs::write(dir.path().join("bin/program"), "abc").unwrap();
        for (path, bits) in [("bin", 0o1777), ("bin/open", 0o777), ("bin/program", 0o6777)] {
            fs::set_permissions(dir.path().join(path), Permissions::from_mode(bits)).unwrap();
        }
        let content = Opened::at(dir.path()).unwrap().close().unwrap();
        assert_eq!((content.files, content.size_bytes), (1, 3));
        let mode = |path: &str| fs::metadata(dir.path().join(path)).unwrap().mode() & 0o7777;
        assert_eq!(["bin", "bin/open", "bin/program"].map(mode), [0o755; 3]);
    }

    #[test]
    fn a_link_in_the_place_of_the_folder_leads_nowhere() {
        let dir = tempfile::tempdir().unwrap();
        let (folder, canary) = (dir.path().join("folder"), dir.path().join("canary"));
        fs::create_dir(&folder).unwrap();
        fs::create_dir(&canary).unwrap();
        fs::write(canary.join("kept"), "x").unwrap();
        fs::set_permissions(canary.join("kept"), Permissions::from_mode(0o640)).unwrap();
        let opened = Opened::at(&folder).unwrap();
        fs::remove_dir(&folder).unwrap();
        symlink(&canary, &folder).unwrap();
        // What was opened before is not what the name leads to now.
        let _ = opened.clear();
        let _ = opened.seal(u64::MAX);
        assert!(Opened::at(&folder).is_err());
        assert_eq!(fs::metadata(canary.join("kept")).unwrap().mode() & 0o777, 0o640);
    }

    #[test]
    fn a_sealed_folder_is_read_only_and_parted_from_other_names() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("made");
        fs::create_dir_all(folder.join("sub/empty")).unwrap();
        fs::write(folder.join("sub/a"), "abc").unwrap();
        fs::write(folder.join("run.sh"), "#!/bin/sh").unwrap();
        fs::set_permissions(folder.join("run.sh"), Permissions::from_mode(0o700)).unwrap();
        let elsewhere = dir.path().join("elsewhere");
        fs::write(&elsewhere, "first").unwrap();
        fs::hard_link(&elsewhere, folder.join("linked")).unwrap();
        symlink("sub/a", folder.join("link")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(folder.join("socket")).unwrap();

        let opened = Opened::at(&folder).unwrap();
        assert_eq!(opened.seal(16).unwrap().size_bytes, 17);
        assert!(folder.join("socket").exists(), "it is too large to be kept");
        // Who is not root does not see into it.
        fs::set_permissions(folder.join("sub"), Permissions::from_mode(0o0)).unwrap();
        let content = opened.seal(17).unwrap();
        assert_eq!((content.files, content.size_bytes), (3, 17));
        fs::write(&elsewhere, "other").unwrap();
        assert_eq!(fs::read_to_string(folder.join("linked")).unwrap(), "first");
        assert_eq!(fs::read_to_string(folder.join("link")).unwrap(), "abc");
        assert!(!folder.join("socket").exists() && folder.join("sub/empty").is_dir());
        let mode = |path: &str| fs::metadata(folder.join(path)).unwrap().mode() & 0o777;
        assert_eq!(
            ["sub", "sub/a", "run.sh", "linked"].map(mode),
            [0o555, 0o444, 0o555, 0o444]
        );
        opened.seal(u64::MAX).unwrap();
        opened.clear().unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    }
}
