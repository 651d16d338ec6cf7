//! Programs that every command finds, when nothing else on its `PATH` has their names.

// Everything here blocks.
#![allow(clippy::disallowed_methods)]

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use super::places::View;
use crate::sandbox::Mount;

/// `python`, which Debian and others leave out where they have `python3`.
const PYTHON: &str = "#!/bin/sh\nexec python3 \"$@\"\n";
const MODE: u32 = 0o755;

/// Their folder.
fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("bin")
}

/// Makes them in the data folder.
///
/// # Errors
/// When the disk does not do it.
pub(super) fn make(data_dir: &Path) -> io::Result<()> {
    let folder = folder(data_dir);
    fs::create_dir_all(&folder)?;
    fs::set_permissions(&folder, Permissions::from_mode(MODE))?;
    // Whole or not at all: commands that run may be using it.
    let new = folder.join("python.new");
    fs::write(&new, PYTHON)?;
    fs::set_permissions(&new, Permissions::from_mode(MODE))?;
    fs::rename(new, folder.join("python"))
}

/// Where a command sees them.
pub(super) fn shown(data_dir: &Path, view: View) -> Mount {
    view.beside(folder(data_dir), "bin", true)
}
