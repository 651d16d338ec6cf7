//! `cargo xtask bench`: what is in benches/, built as an operator would build the server.

use anyhow::Result;

use crate::apt;
use crate::process;
use crate::say;
use crate::shell::Shell;
use crate::workspace::Workspace;

/// As in `[profile.deploy]`.
const PROFILE: &str = "deploy";

/// Runs the benchmarks that are named, or every one.
pub(crate) fn run(shell: &Shell, workspace: &Workspace, names: &[String]) -> Result<()> {
    if !shell.has("nginx") {
        apt::install(shell, &["nginx-light"], "20 s, once")?;
    }
    {
        let _doing = say::doing("Building the server and its benchmarks", "6 minutes, once");
        let packages = ["--package", "jobsphere-server", "--package", "jobsphere-benches"];
        process::run(shell.cargo(["build", "--locked", "--profile", PROFILE]).args(packages))?;
    }
    let built = workspace.target().join(PROFILE);
    let _doing = say::doing("Running the benchmarks", "5 minutes");
    let mut benches = shell.command(built.join("jobsphere-benches"));
    process::run(benches.arg(built.join("jobsphere-server")).args(names))
}
