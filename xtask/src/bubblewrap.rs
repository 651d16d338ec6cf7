//! bubblewrap, with which the server keeps commands apart; its tests prove nothing without it.

use crate::apt;
use crate::say;
use crate::shell::Shell;

/// Installs it where it is missing and can be.
pub(crate) fn prepare(shell: &Shell) {
    if !shell.has("bwrap")
        && let Err(error) = apt::install(shell, &["bubblewrap"], "10 s, once")
    {
        say::note(&format!("commands will not be kept apart from the server: {error:#}"));
    }
}
