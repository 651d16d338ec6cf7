//! The README's pictures: node drives Chromium, as in the browser tests, and shares their harness.

use anyhow::Result;

use crate::app;
use crate::browsers;
use crate::node;
use crate::process;
use crate::say;
use crate::server;
use crate::shell::Shell;
use crate::tools;
use crate::workspace::Workspace;

/// Prepares app, server, packages and browser, then takes the pictures into docs/.
pub(crate) fn run(shell: &Shell, workspace: &Workspace) -> Result<()> {
    tools::prepare(shell, workspace)?;
    tools::require_node(shell)?;
    server::build(shell, workspace)?;
    app::build(shell, workspace, app::Form::Small)?;
    let chromium = browsers::prepare(shell)?.chromium;
    let copy = workspace.target().join("e2e");
    node::mirror(&workspace.root().join("tests/e2e"), &copy)?;
    node::install(shell, &copy)?;

    let _doing = say::doing("Taking the pictures of docs/", "30 s");
    let mut node = shell.command("node");
    node.arg(copy.join("picture/main.mjs"))
        .arg(workspace.root().join("docs"))
        .env("JOBSPHERE_SERVER", workspace.server())
        .env("JOBSPHERE_CHROMIUM", chromium);
    process::run(&mut node)
}
