//! The browser tests: node's test runner drives Chromium and Firefox against the real server.
//!
//! Node finds packages only in folders above a test, so the tests run from a copy below target/,
//! next to their `node_modules`; the tree stays clean.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::browsers;
use crate::node;
use crate::process;
use crate::proxies;
use crate::report::Tally;
use crate::shell::Shell;
use crate::tools;
use crate::workspace::Workspace;

/// Longer than any test should take; ends one that hangs.
const TIMEOUT_MS: u32 = 10 * 60 * 1000;

/// Prepares packages and browsers, then runs every `*.test.mjs`.
pub(crate) fn run(shell: &Shell, workspace: &Workspace, descriptors: &Path) -> Result<Tally> {
    tools::require_node(shell)?;
    let browsers = browsers::prepare(shell)?;
    let nginx = proxies::prepare(shell)?;
    let copy = workspace.target().join("e2e");
    node::mirror(&workspace.root().join("tests/e2e"), &copy)?;
    node::install(shell, &copy)?;

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
        .env("JOBSPHERE_DEMO", workspace.demo())
        .env("JOBSPHERE_SHOTS", &shots)
        .env("JOBSPHERE_DESCRIPTORS", descriptors)
        .env("JOBSPHERE_CHROMIUM", browsers.chromium)
        .env("JOBSPHERE_FIREFOX", browsers.firefox)
        .env("JOBSPHERE_NGINX", nginx);
    let transcript = process::transcript(&mut node)?;
    let tap = fs::read_to_string(&tap).context("node left no test results")?;
    Ok(Tally::of_tap(&tap, &transcript))
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
    fn tests_are_ours_alone() -> Result<()> {
        let root = std::env::temp_dir().join(format!("xtask-tests-{}", std::process::id()));
        fs::create_dir_all(root.join("deep"))?;
        fs::create_dir_all(root.join("node_modules/x"))?;
        fs::write(root.join("deep/a.test.mjs"), "1")?;
        fs::write(root.join("b.mjs"), "2")?;
        fs::write(root.join("node_modules/x/c.test.mjs"), "not ours")?;
        assert_eq!(tests(&root)?, [root.join("deep/a.test.mjs")]);
        Ok(fs::remove_dir_all(&root)?)
    }
}
