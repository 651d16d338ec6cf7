//! What runs commands in a page: the programs of `demo/engine`, and the machine made for them.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;

/// Opens the engine; beside it lies what it loads.
const HOST: &str = "engine/host.js";

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
