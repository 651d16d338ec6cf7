//! The browser tests: node's test runner drives Chromium and Firefox against the real server.
//!
//! Node finds packages only in folders above a test, so the tests run from a copy below target/,
//! next to their `node_modules`; the tree stays clean.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::browsers;
use crate::process;
use crate::report::Tally;
use crate::say;
use crate::shell::Shell;
use crate::tools;
use crate::workspace::Workspace;

/// Longer than any test should take; ends one that hangs.
const TIMEOUT_MS: u32 = 10 * 60 * 1000;

/// Prepares packages and browsers, then runs every `*.test.mjs`.
pub(crate) fn run(shell: &Shell, workspace: &Workspace, descriptors: &Path) -> Result<Tally> {
    tools::require_node(shell)?;
    let browsers = browsers::prepare(shell)?;
    let copy = workspace.target().join("e2e");
    mirror(&workspace.root().join("tests/e2e"), &copy)?;
    packages(shell, &copy)?;

    let tests = tests(&copy)?;
    if tests.is_empty() {
        bail!("tests/e2e holds no *.test.mjs");
    }
    let shots = workspace.target().join("screenshots");
    fs::create_dir_all(&shots)?;
    let tap = workspace.scratch().join("browser-tests.tap");
    fs::create_dir_all(workspace.scratch())?;

    let mut node = shell.command("node");
    node.current_dir(&copy)
        .arg("--test")
        .arg(format!("--test-timeout={TIMEOUT_MS}"))
        .args(["--test-reporter=spec", "--test-reporter-destination=stdout"])
        .arg("--test-reporter=tap")
        .arg(format!("--test-reporter-destination={}", tap.display()))
        .args(&tests)
        .env("JOBSPHERE_SERVER", workspace.server())
        .env("JOBSPHERE_APP", workspace.app())
        .env("JOBSPHERE_SHOTS", &shots)
        .env("JOBSPHERE_DESCRIPTORS", descriptors)
        .env("JOBSPHERE_CHROMIUM", browsers.chromium)
        .env("JOBSPHERE_FIREFOX", browsers.firefox);
    let transcript = process::transcript(&mut node)?;
    let tap = fs::read_to_string(&tap).context("node left no test results")?;
    Ok(Tally::of_tap(&tap, &transcript))
}

/// Installs what the lock file names, when it is not what was installed last.
fn packages(shell: &Shell, copy: &Path) -> Result<()> {
    let lock = fs::read(copy.join("package-lock.json")).context("tests/e2e/package-lock.json cannot be read")?;
    let stamp = copy.join("node_modules/.installed-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let _doing = say::doing("Installing the node packages of the tests", "20 s, once");
    let mut npm = shell.command("npm");
    npm.current_dir(copy)
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    process::run(&mut npm)?;
    fs::write(&stamp, lock).context("target/e2e is not writable")
}

/// Makes `to` equal to `from`, except for its `node_modules`.
fn mirror(from: &Path, to: &Path) -> Result<()> {
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

/// Named one by one, because node's own search differs between its versions.
fn tests(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && name != "node_modules" {
            found.extend(tests(&path)?);
        } else if name.ends_with(".test.mjs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests_of_this {
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
        assert_eq!(tests(&to)?, [to.join("deep/a.test.mjs")]);

        fs::remove_file(from.join("b.mjs"))?;
        fs::write(from.join("deep/a.test.mjs"), "changed")?;
        mirror(&from, &to)?;
        assert!(!to.join("b.mjs").exists());
        assert!(to.join("node_modules/x/c.test.mjs").exists());
        assert_eq!(fs::read_to_string(to.join("deep/a.test.mjs"))?, "changed");
        Ok(fs::remove_dir_all(&root)?)
    }
}
