//! Scripts for node: copies below target/ with their packages beside them.
//!
//! Node finds packages only in folders above a script; in copies the tree stays clean.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::process;
use crate::say;
use crate::shell::Shell;

/// Installs what the lock file names, when it is not what was installed last.
pub(crate) fn install(shell: &Shell, folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let lock = fs::read(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
    let stamp = folder.join("node_modules/.installed-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let _doing = say::doing("Installing node packages", "20 s, once");
    let mut npm = shell.command("npm");
    npm.current_dir(folder)
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    process::run(&mut npm)?;
    fs::write(&stamp, lock).context("target/ is not writable")
}

/// Makes `to` equal to `from`, except for its `node_modules`.
pub(crate) fn mirror(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(to)? {
        let entry = entry?;
        if entry.file_name() == "node_modules" || from.join(entry.file_name()).exists() {
            continue;
        }
        let stale = entry.path();
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(stale)?;
        } else {
            fs::remove_file(stale)?;
        }
    }
    let entries = fs::read_dir(from).with_context(|| format!("{} is missing", from.display()))?;
    for entry in entries {
        let entry = entry?;
        if entry.file_name() == "node_modules" {
            continue;
        }
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            mirror(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).with_context(|| format!("{} cannot be copied", entry.path().display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_follows_its_original_and_keeps_the_packages() -> Result<()> {
        let root = std::env::temp_dir().join(format!("xtask-mirror-{}", std::process::id()));
        let (from, to) = (root.join("from"), root.join("to"));
        fs::create_dir_all(from.join("deep"))?;
        fs::write(from.join("deep/a.test.mjs"), "1")?;
        fs::write(from.join("b.mjs"), "2")?;
        mirror(&from, &to)?;
        fs::create_dir_all(to.join("node_modules/x"))?;
        fs::write(to.join("node_modules/x/c.test.mjs"), "not ours")?;

        fs::remove_file(from.join("b.mjs"))?;
        fs::write(from.join("deep/a.test.mjs"), "changed")?;
        mirror(&from, &to)?;
        assert!(!to.join("b.mjs").exists());
        assert!(to.join("node_modules/x/c.test.mjs").exists());
        assert_eq!(fs::read_to_string(to.join("deep/a.test.mjs"))?, "changed");
        Ok(fs::remove_dir_all(&root)?)
    }
}
