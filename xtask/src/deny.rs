//! Licences, known holes and sources of the crates below ours, by cargo-deny, as `deny.toml` says.

use anyhow::Result;

use crate::process;
use crate::shell::Shell;
use crate::tools;
use crate::workspace::Workspace;

/// Checks every crate of the workspace; fetches the list of known holes from GitHub.
pub(crate) fn run(shell: &Shell, workspace: &Workspace) -> Result<()> {
    tools::prepare_cargo_deny(shell, workspace)?;
    process::run(&mut shell.cargo(["deny", "--workspace", "--locked", "check"]))
}
