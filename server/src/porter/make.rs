//! Makes folders, files and links below an open folder. No link is followed on the way there, and no mount crossed:
//! what a command, or the other side, has made of a name cannot lead elsewhere.

use std::{
    ffi::{CString, OsStr},
    fs::File,
    io,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::{Component, Path},
};

use rustix::{
    fs::{AtFlags, FileType, Mode, OFlags, fstat, mkdirat, openat, symlinkat, unlinkat},
    io::Errno,
};

use super::{
    mind::{Opened, set_mode, within},
    pack::OWNER_READS,
};

const ALL: Mode = Mode::from_raw_mode(0o777);
const READ_AND_WRITE: Mode = Mode::from_raw_mode(0o666);

/// A way below an open folder, up to the last folder of it.
struct Way<'a> {
    top: BorrowedFd<'a>,
    /// The way without its first folder; none for that itself.
    reached: Option<OwnedFd>,
}

impl Way<'_> {
    fn at(&self) -> BorrowedFd<'_> {
        self.reached.as_ref().map_or(self.top, AsFd::as_fd)
    }

    fn enter(&mut self, name: &CString) -> io::Result<()> {
        self.reached = Some(within(self.at(), name, OFlags::PATH | OFlags::DIRECTORY)?);
        Ok(())
    }
}

impl Opened {
    /// Makes a folder and those above it; one that is there is fine.
    ///
    /// # Errors
    /// When something else is on the way, or the disk does not do it.
    pub(super) fn make_folders(&self, path: &Path) -> io::Result<()> {
        self.way(&names(path)?).map(drop)
    }

    /// Makes an empty file, and the folders above it. What has its name and is no folder is replaced: it could be a
    /// link, or a file with other names elsewhere.
    ///
    /// # Errors
    /// As [`Opened::make_folders`].
    pub(super) fn make_file(&self, path: &Path) -> io::Result<File> {
        let names = names(path)?;
        let (name, above) = names.split_last().ok_or(Errno::ISDIR)?;
        let way = self.way(above)?;
        match create(way.at(), name, READ_AND_WRITE) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                unlinkat(way.at(), name, AtFlags::empty())?;
                create(way.at(), name, READ_AND_WRITE)
            }
            created => created,
        }
    }

    /// Makes an empty file, and the folders above it; `None` when something is there, or in the way.
    ///
    /// # Errors
    /// When the disk does not do it.
    pub(super) fn make_missing_file(&self, path: &Path) -> io::Result<Option<File>> {
        let names = names(path)?;
        let (name, above) = names.split_last().ok_or(Errno::ISDIR)?;
        let made = self.way(above).and_then(|way| create(way.at(), name, READ_AND_WRITE));
        match made {
            Err(error) if is_in_the_way(&error) => Ok(None),
            made => made.map(Some),
        }
    }

    /// Opens the file at `path` to read it.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn open_file(&self, path: &Path) -> io::Result<File> {
        let (way, name) = self.above(path)?;
        let file = File::from(within(way.at(), &name, OFlags::RDONLY | OFlags::NONBLOCK)?);
        match file.metadata()?.is_file() {
            true => Ok(file),
            false => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    /// Opens the file at `path` to read it, also one that its owner has closed to himself.
    ///
    /// # Errors
    /// As [`Opened::open_file`].
    pub(super) fn open_own_file(&self, path: &Path) -> io::Result<File> {
        match self.open_file(path) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                let (way, name) = self.above(path)?;
                let closed = within(way.at(), &name, OFlags::PATH)?;
                if FileType::from_raw_mode(fstat(&closed)?.st_mode) == FileType::RegularFile {
                    set_mode(&closed, OWNER_READS)?;
                }
                self.open_file(path)
            }
            opened => opened,
        }
    }

    /// Makes a file where nothing is, in a folder that is there.
    ///
    /// # Errors
    /// When something is there, something else is on the way, or the disk does not do it.
    pub(super) fn make_new_file(&self, path: &Path, mode: Mode) -> io::Result<File> {
        let (way, name) = self.above(path)?;
        create(way.at(), &name, mode)
    }

    /// Makes a folder where nothing is, in one that is there.
    ///
    /// # Errors
    /// As [`Opened::make_new_file`].
    pub(super) fn make_new_folder(&self, path: &Path, mode: Mode) -> io::Result<()> {
        let (way, name) = self.above(path)?;
        Ok(mkdirat(way.at(), &name, mode)?)
    }

    /// Makes a link where nothing is, in a folder that is there.
    ///
    /// # Errors
    /// As [`Opened::make_new_file`].
    pub(super) fn make_new_link(&self, path: &Path, target: &OsStr) -> io::Result<()> {
        let (way, name) = self.above(path)?;
        Ok(symlinkat(target, way.at(), &name)?)
    }

    /// Sets the mode of a folder.
    ///
    /// # Errors
    /// When it is none, or another's.
    pub(super) fn set_folder_mode(&self, path: &Path, mode: u32) -> io::Result<()> {
        let (way, name) = self.above(path)?;
        set_mode(&within(way.at(), &name, OFlags::PATH | OFlags::DIRECTORY)?, mode)
    }

    /// The folders above `path`, which are there, and its name.
    fn above(&self, path: &Path) -> io::Result<(Way<'_>, CString)> {
        let mut names = names(path)?;
        let name = names.pop().ok_or(Errno::ISDIR)?;
        let mut way = self.top();
        names.iter().try_for_each(|name| way.enter(name))?;
        Ok((way, name))
    }

    /// The folders with these names one in the other, made where they are not there.
    fn way(&self, names: &[CString]) -> io::Result<Way<'_>> {
        let mut way = self.top();
        for name in names {
            match way.enter(name) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    match mkdirat(way.at(), name, ALL) {
                        Ok(()) | Err(Errno::EXIST) => {}
                        Err(error) => return Err(error.into()),
                    }
                    way.enter(name)?;
                }
                entered => entered?,
            }
        }
        Ok(way)
    }

    fn top(&self) -> Way<'_> {
        Way {
            top: self.as_fd(),
            reached: None,
        }
    }
}

fn create(folder: BorrowedFd<'_>, name: &CString, mode: Mode) -> io::Result<File> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(openat(folder, name, flags, mode)?.into())
}

/// Something is there already: a file, or one where a folder should be.
pub(super) fn is_in_the_way(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory
    )
}

/// The names on a way down; steps back are taken as the path is read.
fn names(path: &Path) -> io::Result<Vec<CString>> {
    let mut names = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => names.push(CString::new(name.as_bytes()).map_err(io::Error::other)?),
            Component::CurDir => {}
            Component::ParentDir if names.pop().is_some() => {}
            _ => return Err(io::Error::other("its path leads elsewhere")),
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        io::Write,
        os::unix::fs::{MetadataExt, symlink},
    };

    use super::*;

    #[test]
    fn nothing_is_made_behind_a_link_or_another_name() {
        let dir = tempfile::tempdir().unwrap();
        let [folder, outside] = ["folder", "outside"].map(|name| dir.path().join(name));
        fs::create_dir(&folder).unwrap();
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("kept"), "kept").unwrap();
        symlink(&outside, folder.join("away")).unwrap();
        symlink(outside.join("kept"), folder.join("file")).unwrap();
        fs::hard_link(outside.join("kept"), folder.join("same")).unwrap();
        let opened = Opened::at(&folder).unwrap();
        let at = Path::new;
        assert!(opened.make_folders(at("away/new")).is_err());
        assert!(opened.make_file(at("away/new")).is_err());
        assert!(opened.make_new_folder(at("away/new"), ALL).is_err());
        assert!(opened.make_new_file(at("away/new"), ALL).is_err());
        assert!(opened.make_new_link(at("away/new"), OsStr::new("x")).is_err());
        assert!(opened.set_folder_mode(at("away"), 0o700).is_err());
        assert!(opened.make_file(at("../new")).is_err());
        for replaced in ["file", "same", "deep/er/new"] {
            opened.make_file(at(replaced)).unwrap().write_all(b"new").unwrap();
            assert_eq!(fs::read_to_string(folder.join(replaced)).unwrap(), "new");
        }
        assert_eq!(fs::read_to_string(outside.join("kept")).unwrap(), "kept");
        assert_eq!(fs::metadata(outside.join("kept")).unwrap().nlink(), 1);
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
    }
}
