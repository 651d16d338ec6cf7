//! This program itself, whatever has become of the file it was started from.

use std::{
    fs::File,
    io,
    os::fd::{AsFd, OwnedFd},
    sync::OnceLock,
};

use rustix::fs::{Mode, OFlags, open};

static PROGRAM: OnceLock<File> = OnceLock::new();

/// A descriptor to start this program by: a new version may have been put in its place, and those who are started may
/// not enter the folder it lies in.
///
/// # Errors
/// When the kernel does not give it.
pub(crate) fn own_program() -> io::Result<OwnedFd> {
    if let Some(program) = PROGRAM.get() {
        return program.as_fd().try_clone_to_owned();
    }
    let opened = open("/proc/self/exe", OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
    PROGRAM.get_or_init(|| opened.into()).as_fd().try_clone_to_owned()
}
