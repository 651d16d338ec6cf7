//! Building the app with trunk, only when a source of it has changed.

use std::fs;

use anyhow::{Context as _, Result};

use crate::freshness;
use crate::process;
use crate::say;
use crate::shell::Shell;
use crate::workspace::Workspace;

/// Brings target/app up to date.
pub(crate) fn build(shell: &Shell, workspace: &Workspace) -> Result<()> {
    let rustc = process::answer(shell.command("rustc").arg("--version")).unwrap_or_default();
    let sources = freshness::of_app(workspace.root(), &rustc).context("the app's sources cannot be read")?;
    let stamp = workspace.scratch().join("app.stamp");
    let built = fs::read_to_string(&stamp).is_ok_and(|built| built == sources);
    if built && workspace.app().join("index.html").is_file() {
        return Ok(());
    }

    let about = "5 minutes the first time, 1 minute after a change";
    let _doing = say::doing("Building the app", about);
    let mut trunk = shell.command("trunk");
    trunk.args(["build", "--release", "--dist"]).arg(workspace.app());
    process::run(&mut trunk)?;
    fs::create_dir_all(workspace.scratch())?;
    // Taken before the build: what was edited meanwhile is built next time.
    fs::write(&stamp, sources).context("target/ is not writable")
}
