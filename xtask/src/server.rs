//! Building the server, and becoming it.

use std::io::IsTerminal as _;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::process;
use crate::say;
use crate::shell::Shell;
use crate::workspace::Workspace;

/// Brings the server's binary up to date; cargo knows whether there is anything to do.
pub(crate) fn build(shell: &Shell, workspace: &Workspace) -> Result<()> {
    let mut build = shell.cargo(["build", "--locked", "--package", "jobsphere-server"]);
    let first = !workspace.server().is_file();
    let _doing = first.then(|| say::doing("Building the server", "5 minutes on 2 cores, once"));
    // Cargo's progress is for someone who waits and watches.
    if !(first && std::io::stderr().is_terminal()) {
        build.arg("--quiet");
    }
    process::run(&mut build)
}

/// The server, called from the folder the user is in; it finds the built app by itself.
pub(crate) fn command(workspace: &Workspace, arguments: &[String]) -> Command {
    let mut server = Command::new(workspace.server());
    server.args(arguments);
    server
}

/// Replaces this process by the server, so that Ctrl-C and signals are its own.
pub(crate) fn become_server(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let error = command(workspace, arguments).exec();
    Err(error).with_context(|| format!("{} does not start", workspace.server().display()))
}
