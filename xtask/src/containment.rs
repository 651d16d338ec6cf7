//! What keeps commands apart from the server: bubblewrap, and an engine for containers. Their tests prove nothing
//! without them.

use crate::apt;
use crate::say;
use crate::shell::Shell;

/// Installs what is missing and can be had.
pub(crate) fn prepare(shell: &Shell) {
    install(
        shell,
        &["bwrap"],
        &["bubblewrap"],
        "commands will not be kept apart from the server",
    );
    // Of the runtimes runc works with every kind of control groups.
    install(
        shell,
        &["podman", "docker"],
        &["podman", "runc"],
        "no command will run in a container",
    );
}

/// Installs `packages` unless one of `programs` is there.
fn install(shell: &Shell, programs: &[&str], packages: &[&str], without: &str) {
    if !programs.iter().any(|program| shell.has(program))
        && let Err(error) = apt::install(shell, packages, "20 s, once")
    {
        say::note(&format!("{without}: {error:#}"));
    }
}
