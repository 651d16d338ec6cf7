//! Which descriptors a program that is started finds open: its three streams, and what it is given on purpose.

use std::{
    fs::File,
    io::{self, Seek, Write},
    os::fd::{AsFd, AsRawFd, OwnedFd, RawFd},
    os::unix::process::CommandExt,
    process::Command,
};

use rustix::{
    fs::{MemfdFlags, memfd_create},
    io::{FdFlags, fcntl_setfd},
};

const FIRST: u32 = 3;
/// Where the kernel cannot close a range at once (before 5.11), so many are closed one by one.
const ONE_BY_ONE: RawFd = 65_536;

/// Lets `command` inherit nothing but its streams and `kept`, whatever the server itself has inherited.
pub(crate) fn keep_only(command: &mut Command, kept: Vec<OwnedFd>) {
    // SAFETY: between fork and exec only system calls are made, which is safe there.
    unsafe {
        command.pre_exec(move || {
            close_at_exec()?;
            kept.iter()
                .try_for_each(|descriptor| Ok(fcntl_setfd(descriptor.as_fd(), FdFlags::empty())?))
        });
    }
}

/// Marks every descriptor but the three streams as closed when another program begins. What this program opens by
/// itself is marked so anyway.
///
/// # Errors
/// None is known.
pub(crate) fn close_at_exec() -> io::Result<()> {
    // SAFETY: the call takes numbers alone; it frees nothing and changes a flag of descriptors.
    let done = unsafe {
        libc::syscall(
            libc::SYS_close_range,
            FIRST,
            libc::c_uint::MAX,
            libc::CLOSE_RANGE_CLOEXEC,
        )
    };
    if done == 0 {
        return Ok(());
    }
    for number in 3..ONE_BY_ONE {
        // SAFETY: as above; a number that is not open is refused.
        unsafe { libc::fcntl(number, libc::F_SETFD, libc::FD_CLOEXEC) };
    }
    Ok(())
}

/// Closes every descriptor but the three streams. This process has just begun: it has opened none itself.
pub(super) fn close_inherited() {
    // SAFETY: the call takes numbers alone, and nothing in this process holds one of them.
    let done = unsafe { libc::syscall(libc::SYS_close_range, FIRST, libc::c_uint::MAX, 0) };
    if done != 0 {
        for number in 3..ONE_BY_ONE {
            // SAFETY: as above; a number that is not open is refused.
            unsafe { libc::close(number) };
        }
    }
}

/// The path under which a program that inherits `descriptor` finds it.
pub(crate) fn path_of(descriptor: &OwnedFd) -> String {
    format!("/proc/self/fd/{}", descriptor.as_raw_fd())
}

/// A file without a name that holds `bytes`, to be read from its beginning.
///
/// # Errors
/// When there is no memory for it.
pub(super) fn in_memory(name: &str, bytes: &[u8]) -> io::Result<OwnedFd> {
    let mut file = File::from(memfd_create(name, MemfdFlags::CLOEXEC)?);
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file.into())
}
