//! `cargo xtask bench`: what is in benches/, built as an operator would build the server.

use std::fs;

use anyhow::Result;

use crate::process;
use crate::say;
use crate::shell::Shell;
use crate::workspace::Workspace;

/// Runs every benchmark.
pub(crate) fn run(shell: &Shell, workspace: &Workspace) -> Result<()> {
    let any = fs::read_dir(workspace.root().join("benches")).is_ok_and(|files| {
        files
            .flatten()
            .any(|file| file.path().extension().is_some_and(|end| end == "rs"))
    });
    if !any {
        say::note("benches/ holds no benchmark");
        return Ok(());
    }
    let _doing = say::doing("Building and running the benchmarks", "5 minutes");
    process::run(&mut shell.cargo(["bench", "--workspace", "--profile", "deploy", "--bench", "*"]))
}
