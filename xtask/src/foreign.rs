//! The published Python clients on the real server.

use std::path::Path;

use anyhow::Result;

use crate::process;
use crate::report::Tally;
use crate::shell::Shell;
use crate::workspace::Workspace;

/// Runs tests/foreign with an interpreter that has the published packages.
pub(crate) fn run(shell: &Shell, workspace: &Workspace, python: &Path) -> Result<Tally> {
    let mut tests = shell.command(python);
    tests
        .arg("-u")
        .arg(workspace.root().join("tests/foreign"))
        .env("JOBSPHERE_SERVER", workspace.server())
        // What Python compiles belongs under target/ too.
        .env("PYTHONPYCACHEPREFIX", workspace.scratch().join("pycache"));
    let transcript = process::transcript(&mut tests)?;
    Ok(Tally::of_unittest(&transcript))
}

/// Writes the descriptors of the published package to a file, for clients that are made from them.
pub(crate) fn write_descriptors(shell: &Shell, workspace: &Workspace, python: &Path) -> Result<std::path::PathBuf> {
    let file = workspace.scratch().join("published.binpb");
    std::fs::create_dir_all(workspace.scratch())?;
    let mut dump = shell.command(python);
    dump.arg(workspace.root().join("tests/foreign/descriptors.py"))
        .arg(&file);
    process::run(&mut dump)?;
    Ok(file)
}
