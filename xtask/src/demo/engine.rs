//! What runs commands in a page: the programs of `demo/engine`, and the machine made for them.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::apt;
use crate::process;
use crate::say;
use crate::shell::Shell;
use crate::tools;
use crate::workspace::Workspace;

/// Makes the machine out of Debian's packages.
const MAKE: &str = "demo/machine/build.mjs";
/// Opens the engine; beside it lies what it loads.
const HOST: &str = "engine/host.js";

/// Brings the machine up to date. Where it cannot be made, and none was made before, the demo is one without a machine.
pub(super) fn make(shell: &Shell, workspace: &Workspace) {
    let script = workspace.root().join(MAKE);
    let ready = tools::require_node(shell).and_then(|()| match shell.has("zstd") {
        true => Ok(()),
        false => apt::install(shell, &["zstd"], "10 s, once"),
    });
    let made = ready.and_then(|()| {
        let _doing = say::doing("Making the machine of the demo", "4 minutes, once; then 15 s");
        process::run_quietly(shell.command("node").current_dir(workspace.root()).arg(&script))
    });
    if let Err(error) = made {
        let without = match workspace.machine().is_dir() {
            true => "the one made before is taken",
            false => "the demo runs no commands",
        };
        say::note(&format!("The machine cannot be made, and {without}: {error:#}"));
    }
}

/// Copies the engine and its machine into `into`; answers the file that opens it, or nothing where no machine was made:
/// then the demo refuses to run commands, and says so.
pub(super) fn copy(workspace: &Workspace, into: &Path) -> Result<Option<String>> {
    let (engine, machine) = (workspace.root().join("demo/engine"), workspace.machine());
    if !engine.join("host.js").is_file() || !machine.is_dir() {
        return Ok(None);
    }
    tree(&engine, &into.join("engine"))?;
    tree(&machine, &into.join("machine"))?;
    Ok(Some(HOST.to_owned()))
}

fn tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).context("target/ is not writable")?;
    for entry in fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let path = entry?.path();
        let Some(name) = path.file_name() else { continue };
        // Tests and notes stay in the tree.
        if name.to_string_lossy().contains(".test.") {
            continue;
        }
        match path.is_dir() {
            true => tree(&path, &to.join(name))?,
            false => drop(fs::copy(&path, to.join(name)).context("target/ is not writable")?),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_copied_without_its_tests() -> Result<()> {
        let root = std::env::temp_dir().join(format!("xtask-engine-{}", std::process::id()));
        fs::create_dir_all(root.join("from/deep"))?;
        for name in ["from/host.js", "from/host.test.js", "from/deep/a.bin"] {
            fs::write(root.join(name), name)?;
        }
        tree(&root.join("from"), &root.join("to"))?;
        assert!(root.join("to/host.js").is_file() && root.join("to/deep/a.bin").is_file());
        assert!(!root.join("to/host.test.js").exists());
        Ok(fs::remove_dir_all(&root)?)
    }
}
