//! Opening what lies in a folder of the server's own, where a job's user may write to the file but not replace it.

use std::{fs::File, io, path::Path};

use rustix::{
    fs::{Mode, OFlags, ResolveFlags, openat, openat2},
    io::Errno,
};

/// Opens the regular file `name` in `folder` to read it. Neither a link nor a pipe leads elsewhere or is waited for.
///
/// # Errors
/// When it is not there, or is something else.
pub(crate) fn open_file(folder: &Path, name: &str) -> io::Result<File> {
    let folder = rustix::fs::open(
        folder,
        OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
    )?;
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let within = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    let opened = match openat2(&folder, name, flags, Mode::empty(), within) {
        // Before Linux 5.6, and in some containers; a single name cannot lead elsewhere but by a link.
        Err(Errno::NOSYS | Errno::PERM) if !name.contains('/') => openat(&folder, name, flags, Mode::empty()),
        opened => opened,
    };
    let file = File::from(opened?);
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file")),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink};

    use super::*;

    #[test]
    fn nothing_but_a_file_of_that_folder_is_opened() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("file"), "x").unwrap();
        symlink("file", dir.path().join("link")).unwrap();
        fs::create_dir(dir.path().join("folder")).unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            dir.path().join("pipe"),
            rustix::fs::FileType::Fifo,
            Mode::RUSR,
            0,
        )
        .unwrap();
        assert!(open_file(dir.path(), "file").is_ok());
        for name in ["link", "folder", "pipe", "nothing", "../file"] {
            assert!(open_file(dir.path(), name).is_err(), "{name}");
        }
    }
}
