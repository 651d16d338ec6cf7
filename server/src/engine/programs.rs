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
const PROGRAM: u32 = 0o755;
const TEXT: u32 = 0o644;

/// Bash begins with this file, whose name it finds in its environment. A login shell (`bash -lc`) takes its `PATH` from the
/// machine's settings, and with it would lose the job's own Python.
const LOGIN: &str = r#"if shopt -q login_shell; then
    case ":$PATH:" in
        *":${JOBSPHERE_PATH%%:*}:"*) ;;
        *) export PATH="$JOBSPHERE_PATH:$PATH" ;;
    esac
fi
"#;
const LOGIN_FILE: &str = "login.bash";

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
    fs::set_permissions(&folder, Permissions::from_mode(PROGRAM))?;
    for (name, text, mode) in [("python", PYTHON, PROGRAM), (LOGIN_FILE, LOGIN, TEXT)] {
        // Whole or not at all: commands that run may be using it.
        let new = folder.join(format!("{name}.new"));
        fs::write(&new, text)?;
        fs::set_permissions(&new, Permissions::from_mode(mode))?;
        fs::rename(new, folder.join(name))?;
    }
    Ok(())
}

/// Where a command sees them.
pub(super) fn shown(data_dir: &Path, view: View) -> Mount {
    view.beside(folder(data_dir), "bin", true)
}

/// Where a command that sees them at `folder` finds what bash begins with.
pub(super) fn login(folder: &Path) -> PathBuf {
    folder.join(LOGIN_FILE)
}
