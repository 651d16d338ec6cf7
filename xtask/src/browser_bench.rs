//! The benchmarks of the app: node drives Chromium, as in the browser tests, and shares their harness.

use std::fs;

use anyhow::{Context as _, Result};

use crate::app;
use crate::browsers;
use crate::node;
use crate::process;
use crate::python;
use crate::say;
use crate::server;
use crate::shell::Shell;
use crate::tools;
use crate::workspace::Workspace;

/// What they are made of; each keeps its place, so that they find each other.
const FOLDERS: [&str; 4] = ["benches/browser", "tests/e2e/harness", "tests/foreign", "messages"];

/// Prepares app, server, packages and browser, then runs the benchmarks that are named, or every one.
pub(crate) fn run(shell: &Shell, workspace: &Workspace, names: &[String]) -> Result<()> {
    tools::prepare(shell, workspace)?;
    tools::require_node(shell)?;
    server::build(shell, workspace)?;
    app::build(shell, workspace, app::Form::Small)?;
    let python = python::prepare(shell, workspace)?;
    let chromium = browsers::prepare(shell)?.chromium;
    let copy = workspace.target().join("browser-benches");
    for folder in FOLDERS {
        node::mirror(&workspace.root().join(folder), &copy.join(folder))?;
    }
    // Above all of the folders, where each finds its packages.
    for file in ["package.json", "package-lock.json"] {
        let from = workspace.root().join("benches/browser").join(file);
        fs::copy(&from, copy.join(file)).with_context(|| format!("{} cannot be copied", from.display()))?;
    }
    node::install(shell, &copy)?;

    let _doing = say::doing("Running the benchmarks in Chromium", "5 minutes");
    let mut node = shell.command("node");
    node.arg(copy.join("benches/browser/main.mjs"))
        .args(names)
        .env("JOBSPHERE_SERVER", workspace.server())
        .env("JOBSPHERE_APP", workspace.app())
        .env("JOBSPHERE_CHROMIUM", chromium)
        .env("JOBSPHERE_PYTHON", python);
    process::run(&mut node)
}
