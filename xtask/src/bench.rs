//! `cargo xtask bench`: what is in benches/.

use anyhow::Result;

use crate::browser_bench;
use crate::nginx;
use crate::process;
use crate::say;
use crate::shell::Shell;
use crate::workspace::Workspace;

/// As in `[profile.deploy]`.
const PROFILE: &str = "deploy";

/// The word before the names of benchmarks that run in a browser.
const BROWSER: &str = "browser";

/// Runs the benchmarks that are named, or every one.
pub(crate) fn run(shell: &Shell, workspace: &Workspace, names: &[String]) -> Result<()> {
    match names.split_first() {
        None => {
            server(shell, workspace, &[])?;
            browser_bench::run(shell, workspace, &[])
        }
        Some((first, names)) if first == BROWSER => browser_bench::run(shell, workspace, names),
        Some(_) => server(shell, workspace, names),
    }
}

/// Those of the server, built as an operator would build it.
fn server(shell: &Shell, workspace: &Workspace, names: &[String]) -> Result<()> {
    nginx::prepare(shell)?;
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
