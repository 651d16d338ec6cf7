//! What keeps commands apart from the server: bubblewrap, and an engine for containers. Their tests prove nothing
//! without them.

use crate::apt;
use crate::process;
use crate::say;
use crate::shell::Shell;

/// Installs what is missing and can be had.
pub(crate) fn prepare(shell: &Shell) {
    if !shell.has("bwrap") {
        install(
            shell,
            &["bubblewrap"],
            "commands will not be kept apart from the server",
        );
    }
    // Docker's program alone runs nothing.
    let docker_answers = || process::answer(shell.command("docker").arg("info")).is_some();
    if !shell.has("podman") && !docker_answers() {
        // Of the runtimes runc works with every kind of control groups.
        install(shell, &["podman", "runc"], "no command will run in a container");
    }
}

fn install(shell: &Shell, packages: &[&str], without: &str) {
    if let Err(error) = apt::install(shell, packages, "20 s, once") {
        say::note(&format!("{without}: {error:#}"));
    }
}
